// Public pages must open on a cheap phone on 3G.

import assert from "node:assert/strict";
import { test } from "node:test";

import { coldWeight } from "../harness/browser.mjs";
import { stage } from "../harness/stage.mjs";

const PAGE_MAX_BYTES = 14 * 1024;
const PAGE_MAX_REQUESTS = 3;
const stand = stage();

/** Paths of the public pages; the last one is any published check. */
async function publicPages() {
  const list = await (await fetch(`${stand.origin}/cek-fakta`)).text();
  const check = list.match(/href="(\/cek-fakta\/[^"?#]+)"/)?.[1];
  assert.ok(check, "the list of checks links to one");
  return ["/", "/cek-fakta", "/cara-kami-bekerja", "/metodologi", "/masuk", check];
}

test("public pages keep to their weight, compressed, on a first visit", async () => {
  const over = [];
  for (const path of await publicPages()) {
    const requests = await coldWeight(stand.browser, stand.origin, path);
    const reading = requests.filter(({ kind }) => kind !== "Font");
    const bytes = reading.reduce((sum, request) => sum + request.bytes, 0);
    const seen = requests.map(({ url, bytes }) => `${new URL(url).pathname} ${bytes} B`).join(", ");
    console.log(`${path}: ${bytes} B without fonts in ${requests.length} requests (${seen})`);
    if (bytes > PAGE_MAX_BYTES) over.push(`${path} weighs ${bytes} B, more than ${PAGE_MAX_BYTES}`);
    if (requests.length > PAGE_MAX_REQUESTS) {
      over.push(`${path} takes ${requests.length} requests, more than ${PAGE_MAX_REQUESTS}: ${seen}`);
    }
  }
  assert.deepEqual(over, []);
});

test("a second page costs its text alone", async () => {
  const context = await stand.browser.newContext({ baseURL: stand.origin });
  const page = await context.newPage();
  await page.goto("/", { waitUntil: "networkidle" });
  const asked = [];
  page.on("response", async (response) => {
    if (!(await response.request().response())?.fromServiceWorker()) asked.push(response);
  });
  await page.goto("/cek-fakta", { waitUntil: "networkidle" });
  const fetched = [];
  for (const response of asked) {
    const sizes = await response.request().sizes().catch(() => null);
    if (sizes && sizes.responseBodySize > 0) fetched.push(new URL(response.url()).pathname);
  }
  await context.close();
  assert.deepEqual(fetched, ["/cek-fakta"], "style and font come from the browser's cache");
});
