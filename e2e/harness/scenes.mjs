// The pages worth a picture, and how to get there.

import { ask } from "./people.mjs";

export const KNOWN_HOAX =
  "Viralkan! Tujuh kontainer berisi surat suara yang sudah tercoblos ditemukan di Pelabuhan " +
  "Tanjung Priok. Tolong yang dekat sana dicek";
export const UNKNOWN_RUMOUR =
  "Katanya panitia di kampung sebelah mau bagi payung ungu bergambar gajah buat yang datang " +
  "ke TPS sebelum subuh";

const goTo = (path) => (window) => window.page.goto(path);

async function radar(window) {
  await window.page.goto("/desk");
  await window.page.locator("#rows tr").nth(5).waitFor({ timeout: 60_000 });
}

/** The radar with a row chosen, so that the panel beside it has something to say. */
async function radarAtWork(window) {
  await radar(window);
  if (!(await window.page.locator("#panel").isVisible())) return;
  await window.page.keyboard.press("j");
  await window.page.locator("#panel h2").waitFor();
  await window.page.evaluate(() => document.activeElement.blur());
  await window.page.evaluate(() => scrollTo(0, 0));
}

async function firstCluster(window) {
  await radar(window);
  await window.page.goto(await window.page.locator("#rows .what a").first().getAttribute("href"));
}

async function firstCheck(window) {
  await window.page.goto("/cek-fakta");
  const check = window.page.locator("main a[href^='/cek-fakta/']").first();
  await window.page.goto(await check.getAttribute("href"));
}

/** Opens the newest case of the newsroom, taking a cluster if there is none. */
async function aCase(window) {
  await radar(window);
  const free = window.page.locator("#rows .take form button").first();
  if (await free.count()) await free.click();
  else await window.page.goto("/desk/cases?daftar=saya");
  await window.page.waitForURL(/\/desk\/cases/);
}

const agreementNamed = (list, words) => async (window) => {
  await window.page.goto(list);
  await window.page.goto(await window.page.locator("main a", { hasText: words }).first().getAttribute("href"));
};

/** The page of an organisation, found by its name. */
const organisation = (name) => async (window) => {
  await window.page.goto(`/network?cari=${encodeURIComponent(name)}`);
  await window.page.locator(".what a").first().click();
  await window.page.locator("#siapa").waitFor();
};

/** The map of IWO in Jambi: eight chapters stated, none named. */
async function coverage(window) {
  await window.page.goto("/network/coverage");
  await window.page.locator("select[name=lembaga]").selectOption({ label: "Ikatan Wartawan Online" });
  await window.page.locator("main form button").click();
  await window.page.locator("td.what a", { hasText: "Jambi" }).first().waitFor();
}

/** A pasted list, checked and not yet stored. */
async function importOf(window) {
  await window.page.goto("/network/import");
  await window.page.locator("#berkas").fill("Nama;Wilayah;Situs\nMedia Peraga Satu;Kota Jambi;satu.example\nMedia Peraga Dua;Wakanda;\nRedaksi Batanghari;;\n");
  await window.page.locator("button", { hasText: /Periksa|Check/ }).last().click();
  await window.page.locator(".stats").waitFor();
}

/** The proof of the oldest act on the first page of the trail. */
async function firstProof(window) {
  await window.page.goto("/admin/audit");
  const proof = window.page.locator("tbody a[href^='/admin/audit/']").last();
  await window.page.goto(await proof.getAttribute("href"));
}

const DESKTOP_BOTH = ["1280-light", "1280-dark"];

export const SCENES = [
  { name: "portal", reach: goTo("/"), shown: ["1280-light", "390-light"] },
  { name: "answer", reach: (window) => ask(window, KNOWN_HOAX), whole: true, shown: ["1280-light", "390-light"] },
  { name: "unanswered", reach: (window) => ask(window, UNKNOWN_RUMOUR), whole: true, shown: ["390-light"] },
  { name: "checks", reach: goTo("/cek-fakta"), shown: ["1280-light"] },
  { name: "check", reach: firstCheck, whole: true, shown: ["390-dark"] },
  { name: "method", reach: goTo("/cara-kami-bekerja"), whole: true },
  { name: "methodology", reach: goTo("/metodologi"), whole: true },
  { name: "door", reach: goTo("/masuk"), whole: true },
  { name: "english", reach: goTo("/"), language: "en", shown: ["1280-light"] },
  { name: "radar", as: "author", reach: radarAtWork, shown: [...DESKTOP_BOTH, "390-light"] },
  { name: "cluster", as: "author", reach: firstCluster, whole: true, shown: DESKTOP_BOTH },
  { name: "case", as: "author", reach: aCase, whole: true, shown: ["1280-light"] },
  { name: "cases", as: "author", reach: goTo("/desk/cases?daftar=semua") },
  { name: "tips", as: "author", reach: goTo("/desk/tips") },
  { name: "account", as: "author", reach: goTo("/account"), whole: true },
  { name: "second-factor", as: "author", reach: goTo("/account/second-factor"), whole: true },
  { name: "passkeys", as: "author", reach: goTo("/account/passkeys"), whole: true },
  { name: "members", as: "administrator", reach: goTo("/admin/members"), whole: true },
  { name: "directory", as: "coordinator", reach: goTo("/network"), shown: ["1280-light"] },
  { name: "organisation", as: "coordinator", reach: organisation("Asosiasi Media Siber Nusantara"), whole: true },
  { name: "newsroom", as: "coordinator", reach: organisation("Lentera Cisadane"), whole: true },
  { name: "coverage", as: "coordinator", reach: coverage, whole: true },
  { name: "import", as: "coordinator", reach: importOf, whole: true },
  { name: "entry", as: "coordinator", reach: goTo("/network/organisations/new"), whole: true },
  { name: "part", reach: goTo("/ikut-serta"), whole: true },
  { name: "nobody-found", as: "coordinator", reach: goTo("/network?cari=zzzz"), whole: true },
  { name: "coverage-empty", as: "coordinator", reach: goTo("/network/coverage"), whole: true },
  { name: "import-empty", as: "coordinator", reach: goTo("/network/import"), whole: true },
  { name: "password", as: "author", reach: goTo("/account/password"), whole: true },
  { name: "forgotten", reach: goTo("/lupa-sandi"), whole: true },
  { name: "feeds", as: "administrator", reach: goTo("/admin/feeds"), whole: true },
  { name: "promises-of-others", as: "stranger", reach: goTo("/network/obligations"), whole: true },
  { name: "open-doors-of-others", as: "stranger", reach: goTo("/network/access"), whole: true },
  { name: "keys", as: "administrator", reach: goTo("/admin/keys") },
  { name: "thresholds", as: "administrator", reach: goTo("/admin/thresholds?cocok=0.97&mirip=0.5"), whole: true },
  { name: "learning", as: "administrator", reach: goTo("/admin/learning"), whole: true },
  { name: "register", reach: goTo("/kesepakatan"), whole: true, shown: ["390-light"] },
  { name: "agreement-public", reach: agreementNamed("/kesepakatan", "KPU–AMSI"), whole: true },
  { name: "agreements", as: "commission", reach: goTo("/network/agreements"), whole: true },
  { name: "agreement", as: "commission", reach: agreementNamed("/network/agreements", "KPU–AMSI"), whole: true, shown: ["1280-light"] },
  { name: "agreement-form", as: "commission", reach: goTo("/network/agreements/new"), whole: true },
  { name: "promises", as: "commission", reach: goTo("/network/obligations"), whole: true },
  { name: "open-doors", as: "commission", reach: goTo("/network/access"), whole: true },
  { name: "partners", as: "supervisor", reach: goTo("/desk/partners"), whole: true },
  { name: "who-may-do-what", as: "administrator", reach: goTo("/admin/access"), whole: true },
  { name: "audit", as: "administrator", reach: goTo("/admin/audit"), shown: ["1280-light"] },
  { name: "proof", as: "administrator", reach: firstProof, whole: true },
  { name: "witnesses", as: "administrator", reach: goTo("/admin/witnesses"), whole: true },
  { name: "ledger", reach: goTo("/ledger"), whole: true },
  { name: "verifier", reach: goTo("/ledger/verifier.html"), whole: true },
];
