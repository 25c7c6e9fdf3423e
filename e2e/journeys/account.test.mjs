// A person joins by a mail from a real mail server, guards the account with a telephone, and ties it
// to an account at a real identity provider.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openWindow, PHONE, startBrowser } from "../harness/browser.mjs";
import { openMailbox } from "../harness/mailbox.mjs";
import { signIn } from "../harness/people.mjs";
import { codeOf } from "../harness/phone.mjs";
import { CLIENT, openProvider, signInThere } from "../harness/provider.mjs";
import { startDemo } from "../harness/server.mjs";

const PASSWORD = "payung biru di tepi telaga";
const stand = { windows: [] };

before(async () => {
  stand.mailbox = await openMailbox();
  stand.provider = await openProvider();
  stand.server = await startDemo({
    KENTONGAN_MAIL: stand.mailbox.address,
    KENTONGAN_MAIL_FROM: "Kentongan <kabar@cek.example>",
    KENTONGAN_OIDC_ISSUER: stand.provider.issuer,
    KENTONGAN_OIDC_CLIENT: CLIENT.id,
    KENTONGAN_OIDC_SECRET: CLIENT.secret,
    KENTONGAN_OIDC_NAME: "Akun Contoh",
  });
  stand.origin = stand.server.origin;
  stand.provider.serve(stand.origin);
  stand.browser = await startBrowser();
});

after(async () => {
  for (const window of stand.windows) await window.context.close().catch(() => {});
  await stand.browser?.close();
  await stand.server?.stop();
  await stand.provider?.stop();
  await stand.mailbox?.stop();
});

async function open(options) {
  const window = await openWindow(stand.browser, stand.origin, options);
  stand.windows.push(window);
  return window;
}

/** Invites somebody and answers the path of the link in their mail. */
async function invite(name, email, role) {
  const admin = await open();
  await signIn(admin, "administrator", "/admin/members");
  const { page } = admin;
  await page.locator("#name").fill(name);
  await page.locator("#email").fill(email);
  await page.locator("#role").selectOption(role);
  await page.locator("form[action='/admin/invitations'] button").click();
  await page.locator(".notice.good", { hasText: email }).waitFor();
  await admin.lookOver();
  const mail = await stand.mailbox.mailTo(email, "/undangan/");
  return mail.match(/\/undangan\/[\w-]+/)[0];
}

async function join(window, link) {
  const { page } = window;
  await window.visit(link);
  await page.locator("#baru").fill(PASSWORD);
  await page.locator("#ulang").fill(PASSWORD);
  await page.locator("main form button").first().click();
  await page.waitForURL((url) => url.pathname.startsWith("/account"));
  await window.lookOver();
}

async function signInWithPassword(window, email) {
  const { page } = window;
  await page.goto("/masuk?kembali=/account");
  await page.locator("#surel").fill(email);
  await page.locator("#sandi").fill(PASSWORD);
  await page.locator("form[action='/masuk'] button").click();
  await page.waitForURL((url) => url.pathname !== "/masuk");
}

/** The provider's own pages ask for a typeface elsewhere; that is no fault of ours. */
function forgiveProvider({ faults }) {
  const kept = faults.filter((fault) => !/ERR_NAME_NOT_RESOLVED|ERR_FAILED|ERR_INTERNET/.test(fault));
  faults.splice(0, faults.length, ...kept);
}

test("a reviewer joins by mail and cannot go on without a telephone", async () => {
  // The mail server is busy at first; the mail comes all the same.
  stand.mailbox.refuseNext(1);
  const email = "peninjau.baru@redaksi.example";
  const link = await invite("Peninjau Baru", email, "reviewer");
  const window = await open({ viewport: PHONE });
  const { page } = window;
  await join(window, link);
  assert.equal(new URL(page.url()).pathname, "/account/second-factor");
  await page.goto("/desk");
  assert.equal(new URL(page.url()).pathname, "/account/second-factor", "the desk opened early");
  assert.ok(await page.locator("svg.qr path").count());
  const secret = await page.locator("#secret").innerText();
  await page.locator("#kode").fill(codeOf(secret));
  await page.locator("form[action='/account/second-factor'] button").click();
  await page.locator(".recovery code").first().waitFor();
  await window.lookOver();
  const codes = await page.locator(".recovery code").allInnerTexts();
  assert.equal(codes.length, 10);
  await window.visit("/account");
  await page.locator(".account summary").click();
  await page.locator(".account-menu form button").click();

  await signInWithPassword(window, email);
  assert.equal(new URL(page.url()).pathname, "/masuk/langkah-dua");
  await window.lookOver();
  await page.locator("#kode").fill(codeOf(secret, 1));
  await page.locator("main form button").first().click();
  await page.waitForURL((url) => url.pathname === "/account");

  const thief = await open();
  await thief.visit(link, 410);
});

test("a forgotten password is replaced without a script, and other sessions end", async () => {
  const email = "redaktur.lupa@redaksi.example";
  const home = await open();
  await join(home, await invite("Redaktur Lupa", email, "editor"));
  const lost = await open({ javascript: false, viewport: PHONE });
  await lost.visit("/lupa-sandi");
  await lost.page.locator("#surel").fill(email);
  await lost.page.locator("main form button").click();
  const mail = await stand.mailbox.mailTo(email, "/sandi-baru/");
  await lost.visit(mail.match(/\/sandi-baru\/[\w-]+/)[0]);
  await lost.page.locator("#baru").fill("kuda nil mandi sore hari");
  await lost.page.locator("#ulang").fill("kuda nil mandi sore hari");
  await lost.page.locator("main form button").click();
  await lost.page.locator(".notice.good").waitFor();
  await home.page.goto("/account");
  assert.equal(new URL(home.page.url()).pathname, "/masuk");
});

test("an account at a provider opens one here only after its member tied them", async () => {
  const email = "redaktur.penyedia@redaksi.example";
  const stranger = await open({ elsewhere: true });
  await stranger.page.goto("/masuk");
  await stranger.page.locator("a[href^='/masuk/penyedia']").click();
  await signInThere(stranger.page, stand.provider.issuer, email);
  assert.match(await stranger.text(), /belum dihubungkan/, "the address alone opened an account");
  forgiveProvider(stranger);
  await stranger.page.goto("/desk");
  assert.equal(new URL(stranger.page.url()).pathname, "/masuk");

  const window = await open({ elsewhere: true });
  const { page } = window;
  await join(window, await invite("Redaktur Penyedia", email, "editor"));
  await page.locator("form[action='/account/provider'] button").click();
  await window.lookOver();
  await page.locator("main a.button").first().click();
  await signInThere(page, stand.provider.issuer, email);
  await page.waitForURL((url) => url.pathname === "/account");
  forgiveProvider(window);
  await window.lookOver();
  assert.match(await window.text(), /Terhubung sejak/);

  await page.locator(".account summary").click();
  await page.locator(".account-menu form button").click();
  await page.goto("/masuk?kembali=/account");
  await page.locator("a[href^='/masuk/penyedia']").click();
  await signInThere(page, stand.provider.issuer, email);
  await page.waitForURL((url) => url.pathname === "/account");
  assert.match(await window.text(), /lewat penyedia identitas/);

  forgiveProvider(window);
  // An answer that this browser never asked for opens nothing.
  const answer = await page.goto("/masuk/penyedia/kembali?code=x&state=y");
  assert.equal(answer.status(), 410);
  window.forgiveRefusals();

  await page.goto("/account");
  await page.locator("form[action='/account/provider/cut'] button").click();
  await page.waitForURL((url) => url.search.includes("penyedia-lepas"));
});
