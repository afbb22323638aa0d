// A virtual authenticator of Chromium, over its debugging protocol: it holds real keys and signs for real, and a test plays its user.
import type { Page } from "playwright-core";

/** A credential with its private key, as one authenticator gives it out and another takes it. */
export interface Credential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId?: string;
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly signCount: number;
}

export interface Authenticator {
  /** Whether the user proves who they are when asked. */
  verifiesUser(verifies: boolean): Promise<void>;
  /** Whether somebody is there to touch it. */
  isTouched(touched: boolean): Promise<void>;
  credentials(): Promise<readonly Credential[]>;
}

/** Gives a page an authenticator that is built in, verifies its user and is touched at once. */
export async function addAuthenticator(page: Page, held: readonly Credential[] = []): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  for (const credential of held)
    await session.send("WebAuthn.addCredential", { authenticatorId, credential });
  return {
    async verifiesUser(isUserVerified) {
      await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
    },
    async isTouched(enabled) {
      await session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
    },
    async credentials() {
      return (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
    },
  };
}
