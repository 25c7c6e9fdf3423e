// Pages that no other journey opens on a phone: nothing is wider than the window, in the light and
// in the dark, in both languages, with everything that folds unfolded.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PHONE } from "../harness/browser.mjs";
import { signIn } from "../harness/people.mjs";
import { stage } from "../harness/stage.mjs";

const LOOKS = [{ viewport: PHONE }, { viewport: PHONE, dark: true, language: "en" }];
const PAGES = {
  commission: ["/network/agreements", "/network/agreements/new", "/network/obligations", "/network/access"],
  administrator: ["/admin/members", "/admin/access", "/admin/keys", "/admin/audit", "/admin/witnesses", "/admin/thresholds?cocok=0.97&mirip=0.5"],
  stranger: ["/account", "/account/second-factor", "/network/agreements", "/network/obligations", "/network/access"],
};
const stand = stage();

for (const [person, paths] of Object.entries(PAGES)) {
  test(`the pages of the ${person} fit a phone`, async () => {
    for (const look of LOOKS) {
      const window = await stand.open(look);
      await signIn(window, person);
      for (const path of paths) {
        await window.visit(path);
        for (const summary of await window.page.locator("main summary").all()) {
          if (await summary.isVisible()) await summary.click();
        }
        await window.lookOver();
      }
      await window.close();
    }
  });
}

test("the proof of an act fits a phone", async () => {
  for (const look of LOOKS) {
    const window = await stand.open(look);
    await signIn(window, "administrator", "/admin/audit");
    await window.visit(await window.page.locator("tbody a[href^='/admin/audit/']").last().getAttribute("href"));
    await window.close();
  }
});

test("the place that is open is in sight on a phone", async () => {
  const window = await stand.open({ viewport: PHONE });
  await signIn(window, "administrator", "/admin/thresholds");
  const here = await window.page.locator(".side [aria-current]").boundingBox();
  assert.ok(here.x >= 0 && here.x + here.width <= PHONE.width, `it stands at ${here.x} px`);
  await window.close();
});
