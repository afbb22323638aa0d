// A passkey's assertion over an intent (W3C WebAuthn Level 3 §7.2, without what only a live ceremony knows), and no library:
// a verifier in any language has to come to the same answer from these bytes alone.
import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod";
import { fromBase64Url, toBase64Url } from "../receipt/index.ts";
import { concat } from "./byte-reader.ts";
import { readDerSignature, verifyP256 } from "./p256.ts";
import { findRepeatedName } from "./repeated-name.ts";
import { passkeyJwkField, readPasskeyJwk } from "./reviewer-key.ts";

/** A passkey's signature. All texts are base64url; `signature` is DER. */
export const webauthnSchema = z.strictObject({
  type: z.literal("webauthn"),
  credential: z.string(),
  publicKey: passkeyJwkField,
  authenticatorData: z.string(),
  clientDataJSON: z.string(),
  signature: z.string(),
});

/** A passkey's signature over an intent. */
export type WebauthnAssertion = z.infer<typeof webauthnSchema>;

/** The relying party that a listed passkey belongs to. */
export interface RelyingParty {
  readonly rpId: string;
  readonly origins: readonly string[];
}

const [UP, UV, AT, ED] = [0x01, 0x04, 0x40, 0x80];
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Why the assertion does not hold, as a sentence; null when it holds.
 * @param challenge the bytes that the passkey was to sign: SHA-256 of the intent.
 * @param party where the key is listed; null where nobody vouches for it, and then origin and rpId are not compared.
 */
export async function webauthnFault(
  assertion: WebauthnAssertion,
  challenge: Uint8Array,
  party: RelyingParty | null,
): Promise<string | null> {
  const key = readPasskeyJwk(assertion.publicKey);
  if (!key) return "expected publicKey to be a point of P-256";
  if (!isCredential(assertion.credential)) return "expected credential in base64url of 1 to 1023 bytes";
  const clientData = fromBase64Url(assertion.clientDataJSON);
  const authenticatorData = fromBase64Url(assertion.authenticatorData);
  const der = fromBase64Url(assertion.signature);
  if (!clientData || !authenticatorData || !der) return "expected base64url";
  const signature = readDerSignature(der);
  if (!signature) return "expected the signature in strict DER";
  const fault =
    clientDataFault(clientData, challenge, party) ?? authenticatorDataFault(authenticatorData, party);
  if (fault !== null) return fault;
  const signed = concat(authenticatorData, sha256(clientData));
  return (await verifyP256(key.bytes, signature, signed))
    ? null
    : "the signature does not hold under the passkey";
}

/** True for a credential id: base64url of 1 to 1023 bytes. */
export function isCredential(text: string): boolean {
  const bytes = fromBase64Url(text);
  return bytes !== null && bytes.length >= 1 && bytes.length <= 1023;
}

function clientDataFault(
  bytes: Uint8Array,
  challenge: Uint8Array,
  party: RelyingParty | null,
): string | null {
  const data = readClientData(bytes);
  if (!data) return "expected clientDataJSON to be a JSON object in UTF-8 that repeats no name";
  if (data.get("type") !== "webauthn.get") return "expected clientDataJSON of the type webauthn.get";
  if (data.get("challenge") !== toBase64Url(challenge)) {
    return "expected the challenge to be the SHA-256 of the intent";
  }
  if (data.has("crossOrigin") && data.get("crossOrigin") !== false)
    return "expected no cross-origin ceremony";
  const origin = data.get("origin");
  if (typeof origin !== "string") return "expected an origin";
  if (party && !party.origins.includes(origin))
    return `expected the passkey's origin, got ${origin.slice(0, 100)}`;
  return null;
}

function readClientData(bytes: Uint8Array): ReadonlyMap<string, unknown> | null {
  try {
    const text = decoder.decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value) || findRepeatedName(text))
      return null;
    return new Map(Object.entries(value));
  } catch {
    return null;
  }
}

function authenticatorDataFault(bytes: Uint8Array, party: RelyingParty | null): string | null {
  const flags = bytes[32] ?? 0;
  const extended = (flags & (AT | ED)) !== 0;
  if (bytes.length < 37 || (bytes.length > 37 && !extended)) return "expected authenticatorData of 37 bytes";
  if ((flags & UP) === 0 || (flags & UV) === 0) return "expected a user who was present and verified";
  if (party && toBase64Url(bytes.subarray(0, 32)) !== toBase64Url(sha256(encoder.encode(party.rpId)))) {
    return `expected the rpIdHash of ${party.rpId}`;
  }
  return null;
}
