// The directory: a coordinator looks organisations up, imports a list, and finds where a chapter is missing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PHONE } from "../harness/browser.mjs";
import { signIn } from "../harness/people.mjs";
import { stage } from "../harness/stage.mjs";

const LOOKS = [{}, { viewport: PHONE }, { dark: true }, { viewport: PHONE, dark: true, language: "en" }, { javascript: false }];
const stand = stage();

test("the pages of the directory hold in every look", async () => {
  for (const look of LOOKS) {
    const window = await stand.open(look);
    await signIn(window, "coordinator", "/network");
    await window.lookOver();
    const own = window.page.locator(".what a", { hasText: "Asosiasi Media Siber Nusantara" }).first();
    const association = await own.getAttribute("href");
    await window.visit(association);
    await window.visit(`${association}/edit`);
    await window.visit("/network?wilayah=Bandung");
    await window.visit("/network/organisations/new");
    await window.visit("/network/import");
    await window.visit("/network/coverage");
    await window.page.locator("select[name=lembaga]").selectOption({ label: "Ikatan Wartawan Online" });
    await window.page.locator("main form button").click();
    await window.page.locator("svg.tiles").waitFor();
    await window.lookOver();
    await window.visit("/ikut-serta");
    await window.close();
  }
});

test("eight chapters that nobody named are not counted as eight", async () => {
  const window = await stand.open();
  await signIn(window, "coordinator", "/network/coverage");
  await window.page.locator("select[name=lembaga]").selectOption({ label: "Ikatan Wartawan Online" });
  await window.page.locator("main form button").click();
  await window.page.locator("td.what a", { hasText: /^Jambi$/ }).click();
  await window.page.locator("h2", { hasText: "Jambi" }).waitFor();
  assert.match(await window.text(), /0 dari 11 kabupaten\/kota tercakup.*sumber menyebut 8/);
  await window.lookOver();
  await window.close();
});

test("a pasted list is shown, stored, and changes nothing the second time", async () => {
  const window = await stand.open();
  await signIn(window, "coordinator", "/network/import");
  const list = "Nama;Wilayah;Situs\nMedia Uji Satu;Kota Jambi;satu-uji.example\nMedia Uji Dua;Wakanda;\n";
  await window.page.locator("#berkas").fill(list);
  await window.page.getByRole("button", { name: "Periksa", exact: true }).click();
  await window.page.locator(".stats").waitFor();
  assert.match(await window.text(), /Wilayah “Wakanda” tidak dikenal/);
  await window.lookOver();
  await window.page.getByRole("button", { name: "Simpan yang bisa disimpan" }).click();
  await window.page.locator(".notice.good").waitFor();
  assert.match(await window.text(), /Tersimpan: 1 lembaga/);
  await window.lookOver();
  await window.visit("/network?cari=media+uji");
  await window.page.locator(".what a", { hasText: "Media Uji Satu" }).click();
  await window.page.locator("#ikrar").waitFor();
  await window.lookOver();
  await window.page.locator("#ikrar ~ details summary").click();
  await window.page.locator("#p-source").fill("piagam");
  await window.page.locator("#ikrar ~ details button").click();
  await window.page.getByRole("button", { name: "Tarik ikrar" }).waitFor();
  await window.lookOver();
  await window.close();
});
