// The desk: one click in, a radar that moves by itself, and hands on the keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PHONE } from "../harness/browser.mjs";
import { signIn } from "../harness/people.mjs";
import { waitFor } from "../harness/server.mjs";
import { stage } from "../harness/stage.mjs";

const MOVE_LIMIT_MS = 30_000;
const stand = stage();

/** Waits until the demonstration has put something on the radar. */
async function radar(options) {
  const window = await stand.open(options);
  await signIn(window, "author");
  await window.page.locator("#rows tr").nth(3).waitFor({ timeout: MOVE_LIMIT_MS });
  return window;
}

test("the radar moves without a reload", async () => {
  const desk = await radar();
  const { page } = desk;
  await page.evaluate(() => {
    globalThis.stayed = true;
  });
  const figures = () => page.locator("#figures").innerText();
  const before = await figures();
  await waitFor("other figures", MOVE_LIMIT_MS, async () => (await figures()) !== before);
  assert.equal(await page.evaluate(() => globalThis.stayed), true, "the page was never left");
  await desk.close();
});

test("rows are reached, searched and taken by keyboard", async () => {
  const window = await radar();
  const { page } = window;
  const chosen = () => page.locator("#rows tr[aria-selected='true']").getAttribute("data-id");
  await page.keyboard.press("j");
  const first = await chosen();
  await page.keyboard.press("j");
  const second = await chosen();
  assert.ok(first && second && first !== second, "J goes down");
  await page.keyboard.press("k");
  assert.notEqual(await chosen(), second, "K goes up");
  await page.locator("#panel h2").waitFor();
  await window.lookOver();

  await page.keyboard.press("?");
  await page.locator("dialog#help[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "search");
  await page.keyboard.press("Escape");

  const free = page.locator("#rows tr").filter({ has: page.locator(".take form") }).first();
  const id = await free.getAttribute("data-id");
  await page.goto(`/desk?pilih=${id}`);
  await page.locator(`#rows tr[data-id="${id}"]`).focus();
  await page.keyboard.press("a");
  await page.waitForURL(/\/desk\/cases\//);
  await window.close();
});

test("filters narrow the list and say so", async () => {
  const window = await radar();
  await window.visit("/desk?cari=kontainer");
  for (const text of await window.page.locator("#rows .what").allInnerTexts()) {
    assert.match(text, /kontainer/i);
  }
  await window.visit("/desk?cari=tidakadayangmengatakanini");
  assert.match(await window.text(), /Tidak ada yang cocok dengan saringan ini/);
  await window.close();
});

test("every page of the desk stands on a phone, in the dark, without scripts", async () => {
  for (const options of [{ viewport: PHONE }, { dark: true }, { javascript: false }]) {
    const window = await radar(options);
    for (const path of ["/desk", "/desk/cases?daftar=saya", "/desk/cases?daftar=semua", "/desk/tips"]) {
      await window.visit(path);
    }
    const cluster = await window.page
      .goto("/desk")
      .then(() => window.page.locator("#rows .what a").first().getAttribute("href"));
    await window.visit(cluster);
    await window.close();
  }
});
