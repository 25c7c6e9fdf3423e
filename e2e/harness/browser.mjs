// A browser that visits pages the way the house wants them looked at: nothing
// fetched from elsewhere, no script error, no accessibility fault, no scrolling
// sideways.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PAGE_LIMIT_MS = 20_000;

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 860 };

/** Starts Debian's Chromium without its habit of calling home. */
export function startBrowser() {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.JOURNEY_BROWSER || "/usr/bin/chromium",
    args: [
      ...(asRoot ? ["--no-sandbox"] : []),
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-default-apps",
      "--disable-domain-reliability",
      "--disable-sync",
      "--no-first-run",
      "--no-pings",
    ],
  });
}

/**
 * One person's browser window. `options`: `viewport`, `dark`, `javascript`
 * (true unless told), `language` ("id" or "en"), `elsewhere` (may ask other
 * servers; only for playing a foreign site).
 */
export async function openWindow(browser, origin, options = {}) {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: options.viewport ?? DESKTOP,
    colorScheme: options.dark ? "dark" : "light",
    javaScriptEnabled: options.javascript ?? true,
    locale: options.language === "en" ? "en-GB" : "id-ID",
    timezoneId: "Asia/Jakarta",
    reducedMotion: "reduce",
    bypassCSP: false,
  });
  context.setDefaultTimeout(PAGE_LIMIT_MS);
  const faults = [];
  if (!options.elsewhere) {
    await context.route(
      (url) => url.origin !== origin,
      (route) => {
        faults.push(`asked ${route.request().url()}, outside the server`);
        return route.abort();
      },
    );
  }
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  return new Window(page, context, faults, options.javascript ?? true);
}

class Window {
  constructor(page, context, faults, scripted) {
    this.page = page;
    this.scripted = scripted;
    this.context = context;
    this.faults = faults;
  }

  /** Goes to `path`, expects `code`, and looks the page over. */
  async visit(path, code = 200) {
    const answer = await this.page.goto(path, { waitUntil: "load" });
    assert.equal(answer.status(), code, `${path} answers ${answer.status()}`);
    if (code >= 400) this.forgiveRefusals();
    await this.lookOver();
    return answer;
  }

  /** Checks the page that is open now. */
  async lookOver() {
    const where = this.page.url();
    assert.deepEqual(this.faults, [], where);
    assert.notEqual((await this.page.title()).trim(), "", `${where} has no title`);
    assert.match(await this.page.locator("html").getAttribute("lang"), /^(id|en)$/, where);
    await this.assertFits(where);
    // The checker is itself a script that waits for timers.
    if (this.scripted) await this.assertAccessible(where);
  }

  /** Nothing may be wider than the window. */
  async assertFits(where) {
    const [content, window] = await this.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    if (content <= window) return;
    const wide = await this.page.evaluate(
      (limit) =>
        [...document.querySelectorAll("body *")]
          .filter((element) => element.getBoundingClientRect().right > limit + 0.5)
          .slice(-3)
          .map((element) => element.outerHTML.slice(0, 120)),
      window,
    );
    assert.fail(`${where} is ${content} px wide in a window of ${window} px:\n${wide.join("\n")}`);
  }

  /** The rules of WCAG 2.2 AA that a machine can check. */
  async assertAccessible(where) {
    await this.page.evaluate(AXE);
    const faults = await this.page.evaluate(
      async (tags) => {
        const { violations } = await window.axe.run(document, {
          runOnly: { type: "tag", values: tags },
        });
        return violations.map(
          ({ id, help, nodes }) =>
            `${id}: ${help}\n${nodes
              .slice(0, 4)
              .map((node) => `    ${node.html.slice(0, 160)}\n      ${node.failureSummary.replace(/\s+/g, " ")}`)
              .join("\n")}`,
        );
      },
      AXE_RULES,
    );
    assert.deepEqual(faults, [], `${where}\n${faults.join("\n")}`);
  }

  /** A refused page is logged by the browser as an error; that one is meant. */
  forgiveRefusals() {
    const kept = this.faults.filter((fault) => !/status of [45]\d\d/.test(fault));
    this.faults.splice(0, this.faults.length, ...kept);
  }

  /** Visible text of the page, as one string. */
  text() {
    return this.page.locator("body").innerText();
  }

  async close() {
    assert.deepEqual(this.faults, [], "faults after the last look");
    await this.context.close();
  }
}

/**
 * Bytes on the wire of a first visit to `path`: `[{ url, kind, bytes }]`, with
 * headers, as compressed.
 */
export async function coldWeight(browser, origin, path, options = {}) {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: PHONE,
    locale: "id-ID",
    ...options,
  });
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  const requests = new Map();
  wire.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
    requests.set(requestId, { url: request.url, kind: type, bytes: 0 });
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  await page.goto(path, { waitUntil: "networkidle" });
  await context.close();
  return [...requests.values()].filter(({ url }) => !url.startsWith("data:"));
}
