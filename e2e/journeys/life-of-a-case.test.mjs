// The main job from end to end: copies of an unanswered claim rise on the radar,
// an editor writes the check, a second person approves it, and the voter who
// pastes the message gets that answer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ask, signIn } from "../harness/people.mjs";
import { copiesOf, send } from "../harness/posts.mjs";
import { waitFor } from "../harness/server.mjs";
import { stage } from "../harness/stage.mjs";

const POSTS = 60;
const RADAR_LIMIT_MS = 20_000;
const MARK = "sukamaju";
const RUMOUR =
  "Kabar dari Kelurahan Sukamaju Jaya, bilik khusus kursi roda dibongkar tadi malam dan " +
  "papannya dipakai untuk panggung dangdut, warga difabel disuruh pulang";
const CLAIM =
  "Bilik khusus kursi roda di Kelurahan Sukamaju Jaya dibongkar dan papannya dipakai untuk panggung dangdut.";
const TRUTH =
  "Bilik itu masih berdiri. Pemilih berkursi roda **didahulukan** dan boleh membawa pendamping.";
const EVIDENCE = "https://kpu-peraga.example/bilik-kursi-roda";

const stand = stage();
let caseAddress;
let published;

/** The row of the radar that tells the rumour. */
const rowOf = (page) => page.locator("#rows tr").filter({ hasText: "Sukamaju Jaya" });

test("an administrator makes a key, and posts sent with it are acknowledged once", async () => {
  const admin = await stand.open();
  await signIn(admin, "administrator", "/admin/keys");
  await admin.lookOver();
  await admin.page.locator("#name").fill("Pemantau perjalanan");
  await admin.page.getByRole("button", { name: "Buat kunci" }).click();
  const key = (await admin.page.locator("#secret").innerText()).trim();
  assert.ok(key.length >= 32, "the key is long");
  await admin.lookOver();

  const lines = copiesOf(RUMOUR, POSTS, MARK);
  assert.equal((await send(stand.origin, key, lines)).accepted, POSTS);
  const again = await send(stand.origin, key, lines);
  assert.deepEqual([again.accepted, again.duplicates], [0, POSTS], "sent twice counts once");

  await admin.page.goto("/admin/keys");
  assert.equal((await admin.text()).includes(key), false, "the key is shown once");
  await admin.close();
});

test("the cluster rises on the radar without an answer, and one person takes it", async () => {
  const author = await stand.open();
  await signIn(author, "author");
  const row = rowOf(author.page).first();
  await row.waitFor({ timeout: RADAR_LIMIT_MS });
  assert.equal(await rowOf(author.page).count(), 1, "all copies are one cluster");
  assert.match(await row.innerText(), /Belum ada jawaban/);
  await author.lookOver();

  await row.locator(".what a").click();
  await author.page.waitForURL(/\/desk\/clusters\//);
  await author.lookOver();
  const text = await author.text();
  assert.match(text, /panggung dangdut/);
  assert.match(text, new RegExp(`\\b${POSTS}\\b`), "every post is counted, and once");

  await author.page.getByRole("button", { name: "Ambil" }).click();
  await author.page.waitForURL(/\/desk\/cases\//);
  caseAddress = new URL(author.page.url()).pathname;
  await author.lookOver();

  const other = await stand.open();
  await signIn(other, "stranger");
  await rowOf(other.page).first().waitFor();
  assert.equal(
    await rowOf(other.page).getByRole("button", { name: /^Ambil/ }).count(),
    0,
    "what somebody holds cannot be taken",
  );
  await other.page.goto(caseAddress);
  assert.equal(await other.page.locator("#claim").count(), 0, "a foreign draft stays closed");
  other.forgiveRefusals();
});

test("the author writes the check and may not approve it", async () => {
  const author = await stand.open();
  await signIn(author, "author", caseAddress);
  const { page } = author;
  await page.locator("#claim").fill(CLAIM);
  await page.getByRole("radio", { name: /^Salah/ }).check();
  await page.locator("#label").fill("Hoaks");
  await page.locator("#deception").selectOption({ label: "Konten palsu" });
  await page.locator("#explanation").fill(TRUTH);
  await page.getByRole("button", { name: "Ajukan ke peninjau" }).click();
  await page.getByText("paling sedikit satu tautan bukti").first().waitFor();
  assert.equal(await page.locator("#claim").inputValue(), CLAIM, "a refusal keeps the text");
  author.forgiveRefusals();
  await author.lookOver();

  await page.locator("#evidence").fill(EVIDENCE);
  await page.getByRole("button", { name: "Pratinjau" }).click();
  await page.locator("article.public strong", { hasText: "didahulukan" }).waitFor();
  await author.lookOver();
  await page.getByRole("button", { name: "Ajukan ke peninjau" }).click();
  await page.getByText("Menunggu tinjauan").first().waitFor();
  assert.equal(await page.getByRole("button", { name: /Setujui/ }).count(), 0);
  await author.lookOver();
  await author.close();
});

test("a second person approves, and the page is public with its ClaimReview", async () => {
  const reviewer = await stand.open();
  await signIn(reviewer, "reviewer", caseAddress);
  await reviewer.lookOver();
  await reviewer.page.getByRole("button", { name: /Setujui/ }).click();
  await reviewer.page.waitForURL(/\/cek-fakta\//);
  published = new URL(reviewer.page.url()).pathname;

  const voter = await stand.open();
  await voter.visit(published);
  const review = await voter.page.evaluate(() =>
    [...document.querySelectorAll("script[type='application/ld+json']")]
      .map((script) => JSON.parse(script.textContent))
      .flatMap((data) => data["@graph"] ?? [data])
      .find((data) => data["@type"] === "ClaimReview"),
  );
  assert.ok(review, "the page carries a ClaimReview");
  assert.equal(review.claimReviewed, CLAIM);
  assert.equal(review.reviewRating["@type"], "Rating");
  assert.ok(review.reviewRating.alternateName);
  assert.match(review.author.name, /Batanghari/);
  assert.match(review.url, new RegExp(`${published}$`));
  assert.match(review.datePublished, /^\d{4}-\d{2}-\d{2}/);
  assert.match(await voter.text(), /Hoaks/, "the newsroom's own label stands beside the rating");
  await voter.close();
});

test("the voter who pastes the message gets that answer", async () => {
  const voter = await stand.open();
  await waitFor("the new check as the answer", RADAR_LIMIT_MS, async () => {
    await ask(voter, `${RUMOUR} Tolong diteruskan`);
    return (await voter.page.locator(`a[href*="${published}"]`).count()) > 0;
  });
  assert.match(await voter.text(), /Salah/);
  await voter.lookOver();
  await voter.close();
});

test("the radar shows the cluster as answered", async () => {
  const author = await stand.open();
  await signIn(author, "author");
  await waitFor("the answer on the radar", RADAR_LIMIT_MS, async () => {
    await author.page.goto("/desk?cari=Sukamaju");
    return /Sudah dijawab/.test(await rowOf(author.page).first().innerText());
  });
  await author.close();
});

test("the audit trail tells it and is whole", async () => {
  const admin = await stand.open();
  await signIn(admin, "administrator", "/admin/audit");
  const text = await admin.text();
  for (const act of ["Kasus diambil", "Diajukan ke peninjau", "Disetujui dan terbit"]) {
    assert.match(text, new RegExp(act));
  }
  await admin.lookOver();
  await admin.page.locator("form[method=post] button", { hasText: "Periksa semua" }).click();
  await admin.page.getByText(/seluruhnya utuh/).waitFor();
  await admin.close();
});
