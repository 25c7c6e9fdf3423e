// A voter pastes a message and learns whether it is true.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PHONE } from "../harness/browser.mjs";
import { ask } from "../harness/people.mjs";
import { KNOWN_HOAX, UNKNOWN_RUMOUR } from "../harness/scenes.mjs";
import { stage } from "../harness/stage.mjs";

const ANSWER_LIMIT_MS = 1_000;
const PUBLIC = ["/", "/cek-fakta", "/cara-kami-bekerja", "/metodologi", "/ledger"];
const LOOKS = [
  { viewport: PHONE },
  { viewport: PHONE, dark: true },
  { dark: true },
  { viewport: PHONE, javascript: false },
  { viewport: PHONE, language: "en" },
  { dark: true, language: "en" },
];
const stand = stage();

for (const javascript of [true, false]) {
  test(`a known hoax gets its check ${javascript ? "with" : "without"} scripts`, async () => {
    const voter = await stand.open({ viewport: PHONE, javascript });
    await ask(voter, KNOWN_HOAX);
    const text = await voter.text();
    assert.match(text, /Salah|Menyesatkan/, "the rating is said in a word");
    assert.match(text, /kontainer/i);
    assert.match(text, /20\d\d/, "the check has its date");
    const source = voter.page.locator("main a[href^='/cek-fakta/'], main a[href^='http']");
    assert.ok((await source.count()) > 0, "the answer links to its source");
    await voter.lookOver();

    await ask(voter, UNKNOWN_RUMOUR);
    const unsure = await voter.text();
    assert.match(unsure, /[Bb]elum/, "what nobody checked is called unchecked");
    assert.equal(/Salah\b/.test(await voter.page.locator("main").innerText()), false, "and is not rated");
    await voter.lookOver();
    await voter.close();
  });
}

test("an answer comes within a second", async () => {
  const voter = await stand.open();
  await ask(voter, KNOWN_HOAX);
  const began = Date.now();
  await ask(voter, KNOWN_HOAX);
  assert.ok(Date.now() - began < 2 * ANSWER_LIMIT_MS, "two pages, each within a second");
  await voter.close();
});

test("an empty box is answered kindly", async () => {
  const voter = await stand.open();
  const answer = await voter.page.goto("/periksa?teks=");
  assert.ok(answer.status() < 500);
  voter.forgiveRefusals();
  await voter.lookOver();
  await voter.close();
});

test("public pages are sound at both widths, in both lights and both languages", async () => {
  for (const look of LOOKS) {
    const voter = await stand.open(look);
    for (const path of PUBLIC) await voter.visit(path);
    const check = await voter.page
      .goto("/cek-fakta")
      .then(() => voter.page.locator("main a[href^='/cek-fakta/']").first().getAttribute("href"));
    await voter.visit(check);
    assert.equal(await voter.page.locator("html").getAttribute("lang"), look.language ?? "id");
    await voter.close();
  }
});

test("the language is changed by one link and stays", async () => {
  const voter = await stand.open();
  await voter.visit("/");
  await voter.page.getByRole("link", { name: "English" }).first().click();
  await voter.page.waitForLoadState();
  await voter.visit("/cek-fakta");
  assert.equal(await voter.page.locator("html").getAttribute("lang"), "en");
  await voter.close();
});

test("a page that is not there says so and leads on", async () => {
  const voter = await stand.open({ viewport: PHONE });
  await voter.visit("/cek-fakta/tidak-ada", 404);
  await voter.visit("/tidak-ada", 404);
  assert.ok((await voter.page.locator("main a").count()) > 0, "there is a way on");
  await voter.close();
});

test("readers of feeds find the checks", async () => {
  for (const [path, kind] of [
    ["/feeds/fact-checks.rss", /rss|xml/],
    ["/feeds/fact-checks.atom", /atom|xml/],
    ["/feeds/fact-checks.json", /json/],
  ]) {
    const answer = await fetch(stand.origin + path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get("content-type"), kind, path);
    assert.ok((await answer.text()).length > 500, `${path} has entries`);
  }
});
