// A real OpenID Connect provider for one journey; anybody may sign in there under any name.

import { once } from "node:events";
import { createServer } from "node:http";

import Provider from "oidc-provider";

export const CLIENT = { id: "kentongan", secret: "rahasia-uji-yang-panjang-sekali" };

/**
 * Listens at once, so that its issuer is known; `serve(origin)` makes it the provider of the site
 * at `origin`. Answers `{ issuer, serve, stop }`.
 */
export async function openProvider() {
  let answer = (_, response) => {
    response.statusCode = 503;
    response.end();
  };
  const server = createServer((request, response) => answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  return {
    issuer,
    serve(origin) {
      const provider = new Provider(issuer, {
        clients: [
          {
            client_id: CLIENT.id,
            client_secret: CLIENT.secret,
            redirect_uris: [`${origin}/masuk/penyedia/kembali`],
            grant_types: ["authorization_code"],
            response_types: ["code"],
          },
        ],
        cookies: { keys: ["kunci-uji"] },
        pkce: { required: () => true },
      });
      answer = provider.callback();
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resume) => server.close(resume));
    },
  };
}

/** Signs in at the provider as `name` and agrees. */
export async function signInThere(page, issuer, name) {
  // Whoever is signed in there and has agreed before is sent straight back.
  await page.waitForURL((url) => url.origin === issuer || url.pathname !== "/masuk");
  if (new URL(page.url()).origin !== issuer) return;
  // Whoever is signed in there already is only asked to agree.
  const login = page.locator("input[name=login]");
  if (await login.count()) {
    await login.fill(name);
    await page.locator("input[name=password]").fill("apa saja");
    await page.locator("button[type=submit]").click();
  }
  await page.waitForURL((url) => url.origin !== issuer || url.pathname.startsWith("/interaction/"));
  if (new URL(page.url()).origin === issuer) {
    await page.locator("button[type=submit]").click();
  }
  await page.waitForURL((url) => url.origin !== issuer);
}
