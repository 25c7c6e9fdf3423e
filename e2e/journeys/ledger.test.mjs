// Another party checks the ledger: with the page from a disk, without the server.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { PHONE } from "../harness/browser.mjs";
import { signIn } from "../harness/people.mjs";
import { BINARY } from "../harness/server.mjs";
import { stage } from "../harness/stage.mjs";

const stand = stage();

/** Runs a command of the binary on the server's own folder. */
function kentongan(...words) {
  const settings = { ...process.env, KENTONGAN_DATA: stand.server.data, KENTONGAN_MODEL: "off" };
  return execFileSync(BINARY, words, { env: settings, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** The verifier page from the disk, with nothing to reach. */
async function openVerifier(folder, language) {
  const context = await stand.browser.newContext({ viewport: PHONE, locale: language === "en" ? "en-GB" : "id-ID", offline: true });
  const verifier = await context.newPage();
  const faults = [];
  verifier.on("pageerror", (error) => faults.push(error.message));
  verifier.on("request", (request) => {
    if (!/^(file|blob|data):/.test(request.url())) faults.push(`asked ${request.url()}`);
  });
  await verifier.goto(pathToFileURL(join(folder, "verifier.html")).href);
  return { verifier, context, faults };
}

async function check(verifier, ...files) {
  await verifier.locator("#files").setInputFiles(files);
  await verifier.locator(".card.good, .card.bad").nth(files.length - 1).waitFor();
  return verifier.locator("#found").innerText();
}

test("a witness joins, co-signs, and the public page names it", async () => {
  const { data } = stand.server;
  const vkey = kentongan("witness", "key", "--name", "warta.example/saksi", "--key", join(data, "saksi.key")).trim();
  const office = await stand.open();
  await signIn(office, "administrator", "/admin/witnesses");
  await office.lookOver();
  await office.page.locator("#name").fill("Warta Contoh");
  await office.page.locator("#vkey").fill("bukan kunci");
  await office.page.locator("form.form button").click();
  await office.page.locator("[role=alert]").waitFor();
  office.forgiveRefusals();
  await office.lookOver();
  await office.page.locator("#vkey").fill(vkey);
  await office.page.locator("form.form button").click();
  await office.page.getByText(vkey).waitFor();
  const round = ["witness", "--of", stand.origin, "--key", join(data, "saksi.key"), "--state", join(data, "saksi.state")];
  assert.match(kentongan(...round), /co-signed \d+ entries, the first seen/);
  assert.match(kentongan(...round), /the \d+ seen before are the beginning/);
  const voter = await stand.open({ viewport: PHONE });
  await voter.visit("/ledger");
  assert.match(await voter.text(), /Warta Contoh/);
  await voter.close();
  await office.close();
});

test("an administrator finds an act and takes its proof away", async () => {
  const office = await stand.open();
  await signIn(office, "administrator", "/admin/audit");
  await office.lookOver();
  await office.page.locator("select[name=tindakan]").selectOption("signed_in");
  await office.page.locator("form.filters button").click();
  await office.page.waitForURL(/tindakan=signed_in/);
  await office.lookOver();
  const kinds = await office.page.locator("td.what b").allInnerTexts();
  assert.ok(kinds.length > 0 && kinds.every((kind) => kind === "Masuk"), kinds.join());
  await office.page.locator("tbody tr").last().getByRole("link", { name: /Bukti/ }).click();
  await office.page.locator(".notice.good").waitFor();
  await office.lookOver();
  const [download] = await Promise.all([office.page.waitForEvent("download"), office.page.locator("a[download]").click()]);
  const proof = join(stand.server.data, download.suggestedFilename());
  await download.saveAs(proof);
  await office.page.goto("/admin/audit");
  await office.page.locator("form[method=post] button", { hasText: "Periksa semua" }).click();
  await office.page.getByText(/seluruhnya utuh/).waitFor();
  await office.close();

  // The verifier as the server gives it runs under its own policy.
  const voter = await stand.open();
  await voter.visit("/ledger/verifier.html");
  const key = await (await fetch(`${stand.origin}/ledger/key`)).text();
  await voter.page.locator("#keys").fill(key);
  assert.match(await check(voter.page, proof), /Cocok: catatan \d+ ada dalam buku/);
  const text = await readFile(proof, "utf8");
  const forged = join(stand.server.data, "forged.tlog-proof");
  await writeFile(forged, text.replace(/index (\d+)/, (_, index) => `index ${Number(index) === 0 ? 1 : 0}`));
  assert.match(await check(voter.page, forged), /TIDAK COCOK/);
  await voter.close();
});

for (const [language, good, bad, first] of [
  ["id", /Cocok: \d+ catatan/, /TIDAK COCOK/, /Catatan pertama yang salah \((\d+)/],
  ["en", /All fits: \d+ entries/, /DOES NOT FIT/, /First bad entry \((\d+)/],
]) {
  test(`a bundle is checked from the disk, in ${language}`, async () => {
    const folder = join(stand.server.data, `bundle-${language}`);
    const file = join(folder, "log.json");
    kentongan("export", "log", "--to", folder);
    kentongan("export", "log", "--to", file);
    assert.match(kentongan("verify-log", folder), /none changed/);
    const { verifier, context, faults } = await openVerifier(folder, language);
    const text = await check(verifier, file);
    assert.match(text, good);
    assert.match(text, /warta\.example\/saksi/, "the witness is named");

    const bundle = JSON.parse(await readFile(file, "utf8"));
    const [name] = Object.keys(bundle.files).filter((path) => path.startsWith("tile/entries/"));
    const bytes = Buffer.from(bundle.files[name], "base64");
    bytes[2 + bytes.readUInt16BE(0) + 2 + 30] ^= 1;
    bundle.files[name] = bytes.toString("base64");
    const touched = join(folder, "touched.json");
    await writeFile(touched, JSON.stringify(bundle));
    const found = await check(verifier, touched);
    assert.match(found, bad);
    assert.equal(first.exec(found)?.[1], "2", found);
    assert.throws(() => kentongan("verify-log", touched), /entry 2:/);

    // The same with the browser's own Ed25519 taken away.
    await verifier.evaluate(() => Object.defineProperty(SubtleCrypto.prototype, "importKey", { value: () => Promise.reject(new Error("none")) }));
    assert.match(await check(verifier, file), good);
    const unsigned = join(folder, "unsigned.json");
    const signed = JSON.parse(await readFile(file, "utf8"));
    signed.files.checkpoint = signed.files.checkpoint.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) - 1}\n`);
    await writeFile(unsigned, JSON.stringify(signed));
    assert.match(await check(verifier, unsigned), bad);
    assert.deepEqual(faults, []);
    await context.close();
  });
}
