// Posts as a monitoring service would send them.

import assert from "node:assert/strict";

const ENDINGS = [
  "",
  " Sebarkan!",
  " Tolong diteruskan ke grup keluarga",
  " 😱😱",
  " Info dari tetangga yang panitia.",
  "!!!",
];
const CHANNELS = ["x", "facebook", "tiktok", "telegram"];

/** `count` copies of `text`, none quite like the other, as NDJSON lines. */
export function copiesOf(text, count, mark) {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      channel: { kind: CHANNELS[index % CHANNELS.length], account: `akun-${mark}-${index}` },
      external_id: `${mark}-${index}`,
      text: text + ENDINGS[index % ENDINGS.length],
      published_at: new Date(now - (count - index) * 1000).toISOString(),
      reach: 400 + index,
    }),
  ).join("\n");
}

/** Sends `lines` with `key` and answers what the server said. */
export async function send(origin, key, lines) {
  const answer = await fetch(`${origin}/api/v1/posts`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" },
    body: lines,
  });
  const body = await answer.text();
  assert.equal(answer.status, 200, body);
  return JSON.parse(body);
}
