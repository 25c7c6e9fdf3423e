// What is learnt in use: how often answers are wrong, and two people who move their thresholds.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PHONE } from "../harness/browser.mjs";
import { ask, signIn } from "../harness/people.mjs";
import { KNOWN_HOAX } from "../harness/scenes.mjs";
import { stage } from "../harness/stage.mjs";

const LOOKS = [{}, { viewport: PHONE }, { dark: true }, { viewport: PHONE, dark: true }];
const stand = stage();

test("a voter learns from the answer how often answers are wrong", async () => {
  for (const javascript of [true, false]) {
    const voter = await stand.open({ viewport: PHONE, javascript });
    await ask(voter, KNOWN_HOAX);
    await voter.page.locator("main a[href='/metodologi']").click();
    await voter.page.waitForURL("**/metodologi");
    const text = await voter.text();
    assert.match(text, /Keliru: \d+%/, "the share of wrong answers is a figure");
    assert.match(text, /Ini bukan pesan yang saya maksud/, "and there is a way to object");
    assert.equal(await voter.page.locator("svg.plot circle").count() > 2, true, "the diagram has dots");
    assert.equal(
      await voter.page.locator(".beside tbody tr").count(),
      await voter.page.locator("svg.plot circle").count(),
      "and a row for each of them",
    );
    await voter.lookOver();
    await voter.close();
  }
});

test("the methodology is sound at both widths, in both lights and both languages", async () => {
  for (const look of LOOKS) {
    for (const language of ["id", "en"]) {
      const voter = await stand.open({ ...look, language });
      await voter.visit("/metodologi");
      await voter.close();
    }
  }
});

test("a message that was not meant is let go without a script", async () => {
  const voter = await stand.open({ viewport: PHONE, javascript: false });
  await ask(voter, KNOWN_HOAX);
  await voter.page.getByRole("button", { name: "Ini bukan pesan yang saya maksud" }).click();
  await voter.page.waitForLoadState();
  assert.match(await voter.text(), /Belum diperiksa/);
  await voter.close();
});

test("one administrator proposes thresholds, another applies them", async () => {
  const first = await stand.open();
  await signIn(first, "administrator", "/admin/thresholds");
  await first.lookOver();
  await first.page.locator("#cocok").fill("0.97");
  await first.page.locator("#mirip").fill("0.6");
  await first.page.getByRole("button", { name: "Lihat akibatnya" }).click();
  await first.page.locator("#akibat").waitFor();
  await first.lookOver();
  await first.page.getByRole("button", { name: "Usulkan ambang ini" }).click();
  await first.page.locator("#menunggu").waitFor();
  assert.equal(await first.page.getByRole("button", { name: "Terapkan" }).count(), 0, "not by oneself");
  await first.lookOver();

  for (const look of LOOKS) {
    const second = await stand.open(look);
    await signIn(second, "secondAdministrator", "/admin/thresholds");
    await second.page.locator("#menunggu").waitFor();
    await second.lookOver();
    await second.visit("/admin/learning");
    await second.close();
  }
  const second = await stand.open();
  await signIn(second, "secondAdministrator", "/admin/thresholds");
  await second.page.getByRole("button", { name: "Terapkan" }).click();
  await second.page.locator(".stat b", { hasText: "0,970" }).waitFor();
  assert.match(await second.text(), /diterapkan/);
  await second.lookOver();
  await second.visit("/admin/audit");
  assert.match(await second.text(), /Ambang diterapkan/);
  await second.close();
  await first.close();
});

test("an editor and an officer find no thresholds", async () => {
  for (const person of ["author", "officer"]) {
    const window = await stand.open();
    await signIn(window, person);
    await window.visit("/admin/thresholds", 404);
    await window.visit("/admin/learning", 404);
    await window.close();
  }
});
