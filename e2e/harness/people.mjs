// Members of the demonstration network, and what they do on their way in.

/** Words that stand on the door of each person at /masuk. */
export const PEOPLE = {
  author: ["Redaktur A", "Redaksi Batanghari"],
  reviewer: ["Redaktur B", "Redaksi Batanghari"],
  stranger: ["Redaktur A", "Lentera Cisadane"],
  officer: ["Petugas KPU"],
  commission: ["Koordinator Sosdiklih"],
  supervisor: ["Koordinator pengawasan siber"],
  administrator: ["Administrator", "Asosiasi Media Siber Nusantara"],
  coordinator: ["Koordinator cek fakta", "Asosiasi Media Siber Nusantara"],
  secondAdministrator: ["Pengelola kedua", "Asosiasi Media Siber Nusantara"],
};

/** Enters by one click as one of [`PEOPLE`]. */
export async function signIn(window, person, back = "/desk") {
  const { page } = window;
  await page.goto(`/masuk?kembali=${encodeURIComponent(back)}`);
  let door = page.locator("form[action='/masuk/peraga'] button");
  for (const words of PEOPLE[person]) door = door.filter({ hasText: words });
  await door.first().click();
  await page.waitForURL((url) => !url.pathname.startsWith("/masuk"));
}

/** Pastes `text` into the box of the front page and waits for the answer. */
export async function ask(window, text) {
  const { page } = window;
  await page.goto("/");
  await page.locator("main textarea").fill(text);
  await Promise.all([
    page.waitForURL((url) => url.pathname === "/periksa"),
    page.locator("main form button").first().click(),
  ]);
}
