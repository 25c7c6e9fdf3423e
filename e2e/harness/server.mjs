// Starts the real binary on a free port with a folder of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const OUTPUT_KEPT_LINES = 60;

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** The binary that `make run` serves, or the one named in the environment. */
export const BINARY = process.env.JOURNEY_BINARY ?? join(ROOT, "target/debug/kentongan");

/**
 * Serves the demonstration network. Answers `{ origin, output, stop }`;
 * `origin` has no trailing slash, `output()` is what the server has said.
 */
export async function startDemo(extra = {}) {
  const data = await mkdtemp(join(tmpdir(), "kentongan-journey-"));
  const child = spawn(BINARY, ["serve", "--demo"], {
    cwd: data,
    env: { ...ordinary(process.env), KENTONGAN_LISTEN: "127.0.0.1:0", KENTONGAN_DATA: data, KENTONGAN_MODEL: "off", ...extra },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = [];
  const listen = (stream) => {
    stream.setEncoding("utf8");
    stream.on("data", (text) => {
      said.push(...text.split("\n").filter(Boolean));
      said.splice(0, said.length - OUTPUT_KEPT_LINES);
    });
  };
  listen(child.stdout);
  listen(child.stderr);
  const ended = once(child, "exit");
  // Nothing of ours outlives a journey that is cut short.
  process.once("exit", () => child.kill("SIGKILL"));
  const output = () => said.join("\n");

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await ended;
      clearTimeout(late);
    }
    await rm(data, { recursive: true, force: true });
  };

  try {
    const origin = await waitFor("an address in the server's output", START_LIMIT_MS, () => {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${output()}`);
      return output().match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
    });
    await waitFor("a healthy server", START_LIMIT_MS, async () => {
      const answer = await fetch(`${origin}/healthz`).catch(() => null);
      return answer?.ok;
    });
    return { origin, output, stop, data };
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${output()}`);
  }
}

/** The environment without settings of another installation. */
function ordinary(environment) {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith("KENTONGAN_"));
  return Object.fromEntries(kept);
}

/** Asks `question` until it answers something true, at most `limit` ms. */
export async function waitFor(what, limit, question) {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain for ${what}`);
    await new Promise((resume) => setTimeout(resume, 100));
  }
}
