// Passkeys: asks the browser for a key and sends what it answers as a form.
// Where this does not run, people come in with a password.
(() => {
  "use strict";
  const keys = navigator.credentials;
  if (!window.PublicKeyCredential || !keys) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list ?? []).map((entry) => ({ ...entry, id: bytes(entry.id) }));

  /** What the server asks, as the browser wants it: bytes instead of text. */
  function question({ publicKey }) {
    const asked = { ...publicKey, challenge: bytes(publicKey.challenge) };
    if (asked.user) {
      asked.user = { ...asked.user, id: bytes(asked.user.id) };
      asked.excludeCredentials = named(asked.excludeCredentials);
    } else {
      asked.allowCredentials = named(asked.allowCredentials);
    }
    return { publicKey: asked };
  }

  /** What the device answers, as the server reads it. */
  function answer({ id, rawId, type, response }) {
    const told = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      told.attestationObject = text(response.attestationObject);
    } else {
      told.authenticatorData = text(response.authenticatorData);
      told.signature = text(response.signature);
      told.userHandle = response.userHandle ? text(response.userHandle) : null;
    }
    return JSON.stringify({ id, rawId: text(rawId), type, response: told });
  }

  async function options(form) {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const reply = await fetch(form.dataset.begin, { method: "POST", headers: { accept: "application/json" } });
    if (!reply.ok) throw new DOMException(reply.statusText, reply.status === 429 ? "wait" : "failed");
    return reply.json();
  }

  const SAYINGS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "elsewhere", wait: "wait" };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const place = form.querySelector("[data-say]");
    const say = (what) => {
      place.hidden = !what;
      place.querySelector("span").textContent = what ? place.dataset[what] : "";
    };
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      say("");
      try {
        const kind = form.dataset.passkey;
        const credential = await keys[kind](question(await options(form)));
        form.elements.jawaban.value = answer(credential);
        form.submit();
      } catch (error) {
        say(SAYINGS[error.name] ?? "failed");
      } finally {
        busy = false;
      }
    });
    form.hidden = false;
    if (location.origin !== form.dataset.origin) {
      say("elsewhere");
      form.querySelector("button").disabled = true;
    }
  }
  for (const rather of document.querySelectorAll("[data-passkey-none]")) rather.hidden = true;
})();
