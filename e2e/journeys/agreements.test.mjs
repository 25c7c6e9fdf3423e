// Two bodies make an agreement: proposed, mended, agreed on, signed by both, and felt.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PHONE } from "../harness/browser.mjs";
import { signIn } from "../harness/people.mjs";
import { stage } from "../harness/stage.mjs";

const stand = stage();
let address = "";

test("a faulty text is told in words and nothing typed is lost", async () => {
  const kpu = await stand.open();
  await signIn(kpu, "commission", "/network/agreements");
  await kpu.lookOver();
  await kpu.page.getByRole("link", { name: "Ajukan kesepakatan" }).click();
  await kpu.lookOver();
  await kpu.page.locator("#judul").fill("Kerja sama pengawasan hoaks");
  await kpu.page.locator("#pihak").fill("KPU RI (peraga) | 1/2026 | Ketua | Humas\nLembaga Yang Tidak Ada");
  await kpu.page.locator("input[value='figures.see']").first().check();
  await kpu.page.locator("input[name='c0.wilayah']").fill("Jambi, Negeri Dongeng");
  await kpu.page.getByRole("button", { name: "Simpan" }).click();
  const said = await kpu.page.locator("[role=alert]").innerText();
  assert.match(said, /Lembaga Yang Tidak Ada/);
  assert.match(said, /Negeri Dongeng/);
  kpu.forgiveRefusals();
  await kpu.lookOver();
  assert.equal(await kpu.page.locator("#judul").inputValue(), "Kerja sama pengawasan hoaks");
  await kpu.page.getByRole("button", { name: "Tambah cakupan" }).click();
  assert.equal(await kpu.page.locator("fieldset.scope").count(), 2);
  await kpu.page.locator("#pihak").fill("KPU RI (peraga) | 1/2026 | Ketua | Humas\nBawaslu RI (peraga)");
  await kpu.page.locator("input[name='c0.wilayah']").fill("Jambi");
  await kpu.page.getByRole("button", { name: "Simpan" }).click();
  await kpu.page.getByRole("heading", { name: "Kerja sama pengawasan hoaks" }).waitFor();
  address = new URL(kpu.page.url()).pathname;
  await kpu.page.getByRole("button", { name: "Sepakati naskah" }).click();
  await kpu.page.getByRole("button", { name: "Tanda tangani" }).click();
  await kpu.page.getByText("Sedang ditandatangani").waitFor();
  await kpu.lookOver();
});

test("the last signature opens the doors it names", async () => {
  const bawaslu = await stand.open({ viewport: PHONE });
  await signIn(bawaslu, "supervisor", "/network/access");
  assert.equal(await bawaslu.page.locator("main", { hasText: "KPU RI (peraga)" }).getByText("melihat angka per wilayah dan hari").count(), 0);
  await bawaslu.page.goto(address);
  await bawaslu.lookOver();
  await bawaslu.page.getByRole("button", { name: "Tanda tangani" }).click();
  await bawaslu.page.locator("main .tag", { hasText: "Berlaku" }).first().waitFor();
  await bawaslu.page.goto("/network/access");
  await bawaslu.page.getByText("melihat angka per wilayah dan hari").first().waitFor();
  await bawaslu.lookOver();
});

test("anybody reads it in the register, and nobody else sees more", async () => {
  const voter = await stand.open({ viewport: PHONE });
  await voter.page.goto("/kesepakatan");
  await voter.lookOver();
  await voter.page.getByRole("link", { name: "Kerja sama pengawasan hoaks" }).click();
  await voter.lookOver();
  assert.equal(await voter.page.getByText("Humas").count(), 0);
  const stranger = await stand.open();
  await signIn(stranger, "stranger", "/desk");
  stranger.forgiveRefusals();
  const answer = await stranger.page.goto(address);
  assert.equal(answer.status(), 404);
});

test("a promise is entered and shown on the board", async () => {
  const kpu = await stand.open();
  await signIn(kpu, "commission", address);
  await kpu.page.getByText("Catat janji").first().click();
  await kpu.page.locator("#o-isi").fill("Menjawab permintaan data dalam tiga hari");
  await kpu.page.getByRole("button", { name: "Catat janji" }).click();
  await kpu.page.goto("/network/obligations");
  await kpu.page.getByText("Menjawab permintaan data dalam tiga hari").waitFor();
  await kpu.lookOver();
});

test("an event gets its minutes, and other minutes take their place", async () => {
  const kpu = await stand.open({ viewport: PHONE });
  await signIn(kpu, "commission", address);
  await kpu.page.getByText("Catat kegiatan").first().click();
  await kpu.page.locator("#e-pokok").fill("Rapat pertama");
  await kpu.page.getByRole("button", { name: "Catat kegiatan" }).click();
  const hand = async (text) => {
    await kpu.page.getByText(/^(Unggah|Ganti) notulen/).first().click();
    const buffer = Buffer.from(`%PDF-1.7 ${text}`);
    await kpu.page.locator("#notulen-1").setInputFiles({ name: `${text}.pdf`, mimeType: "application/pdf", buffer });
    await kpu.page.getByRole("button", { name: "Simpan notulen" }).click();
    await kpu.page.getByRole("link", { name: `Notulen: ${text}.pdf` }).waitFor();
  };
  await hand("pertama");
  await hand("kedua");
  assert.equal(await kpu.page.locator(".kept .tag", { hasText: "diganti" }).count(), 1);
  await kpu.lookOver();
});
