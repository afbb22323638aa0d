// Makes passkeys and signs with them: the two ceremonies of WebAuthn. Loaded when somebody signs or enrols, never before. What it signs,
// whoever calls it has built; where no key is used, nothing is signed and the reason is told in words.
import { startAuthentication, startRegistration } from "@simplewebauthn/browser";
import { accept, type Result, refuse } from "../receipt/refusal.ts";
import type { Passkey } from "./own-passkeys.ts";

/** How long a ceremony may take, in milliseconds. The browser ends it by itself. */
const TIMEOUT_MS = 120_000;

/** A signature as a decision carries it (receipts.md, §6.3). */
export interface Assertion {
  readonly type: "webauthn";
  readonly credential: string;
  readonly publicKey: Passkey["publicKey"];
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly signature: string;
}

/** Has one of these passkeys sign a challenge, its user verified. */
export async function signWith(
  passkeys: readonly Passkey[],
  challenge: string,
): Promise<Result<Assertion, "ERR_CEREMONY">> {
  const [first] = passkeys;
  if (!first) return refuse("ERR_CEREMONY", "there is no passkey to sign with");
  try {
    const { id, response } = await startAuthentication({
      optionsJSON: {
        challenge,
        rpId: first.rpId,
        allowCredentials: passkeys.map(({ credential }) => ({ id: credential, type: "public-key" })),
        userVerification: "required",
        timeout: TIMEOUT_MS,
      },
    });
    const used = passkeys.find(({ credential }) => credential === id);
    if (!used) return refuse("ERR_CEREMONY", "the browser used a passkey that was not asked for");
    const { authenticatorData, clientDataJSON, signature } = response;
    const { credential, publicKey } = used;
    return accept({ type: "webauthn", credential, publicKey, authenticatorData, clientDataJSON, signature });
  } catch (error) {
    return refuse("ERR_CEREMONY", whyNot(error));
  }
}

/** Makes a passkey for this address, in the name of a reviewer. */
export async function makePasskey(
  reviewer: string,
  known: readonly Passkey[],
): Promise<Result<Passkey, "ERR_CEREMONY">> {
  const rpId = location.hostname;
  try {
    const { id, response } = await startRegistration({
      optionsJSON: {
        rp: { id: rpId, name: "Countersign" },
        user: { id: randomText(), name: reviewer, displayName: reviewer },
        // Whoever verifies the chain asks for no attestation, so nothing has to be proved here.
        challenge: randomText(),
        pubKeyCredParams: [{ alg: -7, type: "public-key" }],
        excludeCredentials: known.map(({ credential }) => ({ id: credential, type: "public-key" })),
        authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
        attestation: "none",
        timeout: TIMEOUT_MS,
      },
    });
    const publicKey = response.publicKey && (await readSpki(response.publicKey));
    if (!publicKey) return refuse("ERR_CEREMONY", "the browser does not tell the passkey’s public key");
    return accept({ credential: id, publicKey, rpId });
  } catch (error) {
    return refuse("ERR_CEREMONY", whyNot(error));
  }
}

/** A public key as the browser tells it, base64url of an SPKI, as a JWK; null unless it is one of P-256. */
async function readSpki(spki: string): Promise<Passkey["publicKey"] | null> {
  const der = Uint8Array.from(atob(spki.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const key = await crypto.subtle.importKey("spki", der, { name: "ECDSA", namedCurve: "P-256" }, true, [
    "verify",
  ]);
  const { x, y } = await crypto.subtle.exportKey("jwk", key);
  return x && y ? { kty: "EC", crv: "P-256", x, y } : null;
}

function randomText(): string {
  const bytes = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Browsers tell little on purpose: whether somebody cancelled, let the time pass or has no such key looks the same. */
function whyNot(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "AbortError")
    return "no passkey was used: cancelled, out of time, or not on this device";
  if (name === "InvalidStateError") return "this device holds a passkey of yours for this address already";
  return `the browser refused: ${error instanceof Error ? error.message : error}`;
}
