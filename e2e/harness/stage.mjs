// What a journey stands on: one server, one browser, gone when it ends.

import { after, before } from "node:test";

import { openWindow, startBrowser } from "./browser.mjs";
import { startDemo } from "./server.mjs";

/**
 * Call at the top of a journey file. The fields of the answer are set once the
 * tests begin: `origin`, `browser`, and `open(options)` for a window.
 */
export function stage() {
  const stand = {};
  const windows = [];
  before(async () => {
    stand.server = await startDemo();
    stand.origin = stand.server.origin;
    stand.browser = await startBrowser();
    stand.open = async (options) => {
      const window = await openWindow(stand.browser, stand.origin, options);
      windows.push(window);
      return window;
    };
  });
  after(async () => {
    for (const window of windows) await window.context.close().catch(() => {});
    await stand.browser?.close();
    await stand.server?.stop();
  });
  return stand;
}
