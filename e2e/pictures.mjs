// Takes pictures of the pages, at both widths and in both lights, into e2e/out;
// those that the documents show go to docs/pictures as well.

import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { DESKTOP, openWindow, PHONE, startBrowser } from "./harness/browser.mjs";
import { signIn } from "./harness/people.mjs";
import { startDemo } from "./harness/server.mjs";
import { SCENES } from "./harness/scenes.mjs";

const OUT = fileURLToPath(new URL("out/", import.meta.url));
const SHOWN = fileURLToPath(new URL("../docs/pictures/", import.meta.url));

/** Names of scenes on the command line; none means all. */
const asked = process.argv.slice(2);
const scenes = SCENES.filter(({ name }) => asked.length === 0 || asked.includes(name));

const LOOKS = [
  { suffix: "1280-light", viewport: DESKTOP, dark: false },
  { suffix: "1280-dark", viewport: DESKTOP, dark: true },
  { suffix: "390-light", viewport: PHONE, dark: false },
  { suffix: "390-dark", viewport: PHONE, dark: true },
];

async function take(window, scene, look) {
  await scene.reach(window);
  const name = `${scene.name}-${look.suffix}.png`;
  await window.page.screenshot({ path: join(OUT, name), fullPage: scene.whole ?? false });
  if (scene.shown?.includes(look.suffix)) await copyFile(join(OUT, name), join(SHOWN, name));
  console.log(name);
}

await mkdir(OUT, { recursive: true });
await mkdir(SHOWN, { recursive: true });
const server = await startDemo();
const browser = await startBrowser();
try {
  for (const look of LOOKS) {
    for (const scene of scenes) {
      const window = await openWindow(browser, server.origin, { ...look, language: scene.language });
      if (scene.as) await signIn(window, scene.as);
      await take(window, scene, look);
      await window.context.close();
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
