// A reviewer joins, adds a passkey instead of codes, and from then on comes in without typing
// anything; a copy of the key is turned away.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { plugIn } from "../harness/authenticator.mjs";
import { DESKTOP, openWindow, PHONE, startBrowser } from "../harness/browser.mjs";
import { openMailbox } from "../harness/mailbox.mjs";
import { signIn } from "../harness/people.mjs";
import { startDemo } from "../harness/server.mjs";

const PASSWORD = "payung biru di tepi telaga";
const stand = { windows: [] };

before(async () => {
  stand.mailbox = await openMailbox();
  stand.server = await startDemo({ KENTONGAN_MAIL: stand.mailbox.address });
  // Passkeys hang on a name; the number of this machine is none.
  stand.number = stand.server.origin;
  stand.origin = stand.number.replace("127.0.0.1", "localhost");
  stand.browser = await startBrowser();
});

after(async () => {
  for (const window of stand.windows) await window.context.close().catch(() => {});
  await stand.browser?.close();
  await stand.server?.stop();
  await stand.mailbox?.stop();
});

async function open(options, origin = stand.origin) {
  const window = await openWindow(stand.browser, origin, options);
  stand.windows.push(window);
  return window;
}

async function join(window, name, email, role) {
  const admin = await open();
  await signIn(admin, "administrator", "/admin/members");
  await admin.page.locator("#name").fill(name);
  await admin.page.locator("#email").fill(email);
  await admin.page.locator("#role").selectOption(role);
  await admin.page.locator("form[action='/admin/invitations'] button").click();
  await admin.page.locator(".notice.good", { hasText: email }).waitFor();
  const mail = await stand.mailbox.mailTo(email, "/undangan/");
  const { page } = window;
  await page.goto(mail.match(/\/undangan\/[\w-]+/)[0]);
  await page.locator("#baru").fill(PASSWORD);
  await page.locator("#ulang").fill(PASSWORD);
  await page.locator("main form button").first().click();
  await page.waitForURL((url) => url.pathname.startsWith("/account"));
}

/** Fills in the form at /account/passkeys and makes the key. */
async function addPasskey(window, name) {
  const { page } = window;
  await page.locator("#nama").fill(name);
  await page.locator("#sandi").fill(PASSWORD);
  await page.locator("form[action='/account/passkeys/new'] button").click();
  await page.locator("form[data-passkey=create]").waitFor();
  await window.lookOver();
  // The keyboard alone will do.
  await page.locator("form[data-passkey=create] button").focus();
  await page.keyboard.press("Enter");
}

async function signOut({ page }) {
  await page.goto("/account");
  await page.locator(".account summary").click();
  await page.locator(".account-menu form button").click();
  await page.waitForURL((url) => url.pathname === "/");
}

test("a reviewer comes in by passkey, on a telephone, without typing", async () => {
  const email = "peninjau.kunci@redaksi.example";
  const window = await open({ viewport: PHONE });
  const { page } = window;
  const device = await plugIn(page);
  await join(window, "Peninjau Kunci", email, "reviewer");
  assert.equal(new URL(page.url()).pathname, "/account/second-factor");
  await page.locator("a[href='/account/passkeys']").click();
  await window.lookOver();
  await addPasskey(window, "Ponsel kantor");
  await page.locator(".recovery code").first().waitFor();
  assert.equal(await page.locator(".recovery code").count(), 10);
  assert.equal((await device.keys()).length, 1);
  assert.ok((await device.keys())[0].isResidentCredential, "the device cannot find the key by itself");
  assert.match(await stand.mailbox.mailTo(email, "Ponsel kantor"), /ditambahkan/);
  await signOut(window);

  await window.visit("/masuk?kembali=/desk/cases");
  assert.equal(await page.locator("[data-passkey-none]").isVisible(), false);
  await page.locator("form[data-passkey=get] button").click();
  await page.waitForURL((url) => url.pathname === "/desk/cases");
  await window.visit("/account");
  assert.match(await window.text(), /dengan kunci sandi/);
  await window.visit("/account/passkeys");
  assert.match(await window.text(), /Terakhir dipakai/);

  // The same device does not get a second key for the account.
  await addPasskey(window, "Ponsel yang sama");
  await page.locator("[data-say]", { hasText: "sudah menyimpan" }).waitFor();
  await window.lookOver();
  await signOut(window);

  // After a password the passkey is the second step.
  await page.goto("/masuk");
  await page.locator("#surel").fill(email);
  await page.locator("#sandi").fill(PASSWORD);
  await page.locator("form[action='/masuk'] button").click();
  await page.waitForURL((url) => url.pathname === "/masuk/langkah-dua");
  await window.lookOver();
  await page.locator("form[data-passkey=get] button").click();
  await page.waitForURL((url) => url.pathname === "/desk");
  await signOut(window);

  // Somebody who is not the person, and a copy.
  await device.sure(false);
  await page.goto("/masuk");
  await page.locator("form[data-passkey=get] button").click();
  await page.locator("[data-say]", { hasText: "Dibatalkan" }).waitFor();
  await window.lookOver();
  await device.sure(true);
  await device.rewind();
  await page.locator("form[data-passkey=get] button").click();
  await page.locator("main .notice.bad", { hasText: "mungkin ada salinannya" }).waitFor();
  window.forgiveRefusals();
  await window.lookOver();
  await page.goto("/desk");
  assert.equal(new URL(page.url()).pathname, "/masuk");
});

test("an editor removes a passkey, and the device's key opens nothing any more", async () => {
  const window = await open({ viewport: DESKTOP, language: "en" });
  const { page } = window;
  await plugIn(page);
  await join(window, "Redaktur Kunci", "redaktur.kunci@redaksi.example", "editor");
  await window.visit("/account/passkeys");
  await addPasskey(window, "Laptop");
  await page.locator(".recovery code").first().waitFor();
  await window.visit("/account/passkeys");
  await page.locator("a[href$='/remove']").click();
  await window.lookOver();
  await page.locator("#sandi").fill("not this one at all");
  await page.locator("form[action$='/remove'] button").click();
  await page.locator("#salah").waitFor();
  window.forgiveRefusals();
  await window.lookOver();
  await page.locator("#sandi").fill(PASSWORD);
  await page.locator("form[action$='/remove'] button").click();
  await page.waitForURL((url) => url.search.includes("hapus"));
  await window.lookOver();
  await signOut(window);
  await page.goto("/masuk");
  await page.locator("form[data-passkey=get] button").click();
  await page.locator("main .notice.bad", { hasText: "opens no account here" }).waitFor();
  window.forgiveRefusals();
});

test("without scripts, and where the address is a number, a sentence says what to do", async () => {
  const plain = await open({ javascript: false, viewport: PHONE });
  await plain.visit("/masuk");
  assert.equal(await plain.page.locator("[data-passkey-none]").isVisible(), true);
  assert.equal(await plain.page.locator("form[data-passkey=get]").isVisible(), false);

  const number = await open({}, stand.number);
  await signIn(number, "author", "/account/passkeys");
  await number.lookOver();
  assert.match(await number.text(), /alamat IP/);
  assert.equal(await number.page.locator("#nama").count(), 0);
});
