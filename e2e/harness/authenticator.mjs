// Chromium's virtual device: keeps passkeys, and says at once that it is the person.

/** Gives `page` a device of its own. Answers `{ keys(), sure(yes), rewind() }`. */
export async function plugIn(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send("WebAuthn.enable");
  const { authenticatorId } = await wire.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const keys = async () => (await wire.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  return {
    keys,
    /** Whether it makes sure of the person from now on. */
    sure: (isUserVerified) => wire.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    /** The same key with an older counter: what a copy would hold. */
    async rewind() {
      for (const credential of await keys()) {
        await wire.send("WebAuthn.removeCredential", { authenticatorId, credentialId: credential.credentialId });
        await wire.send("WebAuthn.addCredential", { authenticatorId, credential: { ...credential, signCount: 0 } });
      }
    },
  };
}
