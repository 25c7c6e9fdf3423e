// Who is let in, and what is refused.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { PHONE } from "../harness/browser.mjs";
import { signIn } from "../harness/people.mjs";
import { stage } from "../harness/stage.mjs";

const CLOSED = ["/desk", "/desk/cases", "/desk/tips", "/admin/keys", "/admin/members", "/admin/audit", "/admin/thresholds", "/admin/learning"];
const stand = stage();

test("a closed page leads to the sign-in page and back", async () => {
  const window = await stand.open();
  for (const path of CLOSED) {
    await window.page.goto(path);
    assert.equal(new URL(window.page.url()).pathname, "/masuk", path);
  }
  await window.page.goto("/desk/cases?daftar=semua");
  await window.page.locator("form[action='/masuk/peraga'] button", { hasText: "Redaktur A" }).first().click();
  await window.page.waitForURL("**/desk/cases?daftar=semua");
  await window.close();
});

test("a wrong password is refused in words and keeps the address", async () => {
  const window = await stand.open();
  await window.visit("/masuk");
  await window.page.locator("#surel").fill("redaktur-a@batanghari.example");
  await window.page.locator("#sandi").fill("bukan sandinya");
  await window.page.locator("form[action='/masuk'] button").click();
  await window.page.getByRole("alert").waitFor();
  assert.match(await window.text(), /tidak cocok/);
  assert.equal(await window.page.locator("#surel").inputValue(), "redaktur-a@batanghari.example");
  assert.equal(await window.page.locator("#sandi").inputValue(), "", "the password is not sent back");
  window.forgiveRefusals();
  await window.lookOver();
  await window.page.goto("/desk");
  assert.equal(new URL(window.page.url()).pathname, "/masuk");
  await window.close();
});

test("a form of another site is refused, although the member is signed in", async () => {
  const window = await stand.open({ elsewhere: true });
  await signIn(window, "author");
  const foreign = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(`<!doctype html><title>x</title><form id="f" method="post" action="${stand.origin}/keluar"></form>`);
  });
  await new Promise((listening) => foreign.listen(0, "127.0.0.1", listening));
  // Another name for this machine is another site to a browser.
  const page = await window.context.newPage();
  await page.goto(`http://localhost:${foreign.address().port}/`);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url() === `${stand.origin}/keluar`),
    page.evaluate(() => document.getElementById("f").submit()),
  ]);
  assert.equal(answer.status(), 403);
  foreign.close();
  await window.page.goto("/desk");
  assert.equal(new URL(window.page.url()).pathname, "/desk", "still signed in");
});

test("signing out ends the session", async () => {
  const window = await stand.open();
  await signIn(window, "author");
  const cookies = await window.context.cookies();
  const session = cookies.find((cookie) => cookie.httpOnly);
  assert.ok(session, "the session cookie is out of the reach of scripts");
  assert.match(session.sameSite, /Lax|Strict/);
  await window.page.locator("details.account summary").click();
  await Promise.all([
    window.page.waitForResponse((answer) => new URL(answer.url()).pathname === "/keluar"),
    window.page.getByRole("button", { name: "Keluar", exact: true }).click(),
  ]);
  await window.page.waitForLoadState();
  await window.context.addCookies([session]);
  await window.page.goto("/desk");
  assert.equal(new URL(window.page.url()).pathname, "/masuk", "an old cookie opens nothing");
  await window.close();
});

test("what one may not see does not exist", async () => {
  const window = await stand.open();
  await signIn(window, "author");
  await window.visit("/admin/keys", 404);
  await window.visit("/desk/clusters/01900000-0000-7000-8000-000000000000", 404);
  await window.visit("/desk/cases/01900000-0000-7000-8000-000000000000", 404);
  await window.close();
});

test("the door looks right on a phone, in the dark and in English", async () => {
  for (const options of [{ viewport: PHONE }, { viewport: PHONE, dark: true }, { language: "en" }]) {
    const window = await stand.open(options);
    await window.visit("/masuk");
    await window.close();
  }
});
