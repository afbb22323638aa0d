// A reviewer's passkey, made and used with WebCrypto as an authenticator would.
import type { Intent, ReviewerEntry } from "../../src/chain/index.ts";
import { canonicalBytes, toBase64Url } from "../../src/receipt/index.ts";

const encoder = new TextEncoder();

const sha256 = async (bytes: Uint8Array) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export interface Passkey {
  /** As the trust policy lists it. */
  readonly entry: ReviewerEntry["keys"][number];
  sign(intent: Intent, origin?: string): Promise<unknown>;
}

/** Makes a passkey for the pages of an origin. */
export async function createPasskey(home = "https://engine.test"): Promise<Passkey> {
  const rpId = new URL(home).hostname;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const { x = "", y = "" } = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as JsonWebKey;
  const publicKey = { kty: "EC", crv: "P-256", x, y } as const;
  const credential = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  const open = { notBefore: null, notAfter: null, revokedAt: null };
  return {
    entry: { type: "webauthn", credential, publicKey, rpId, origins: [home], ...open },
    async sign(intent, origin = home) {
      const challenge = toBase64Url(await sha256(canonicalBytes(intent)));
      const clientData = encoder.encode(
        JSON.stringify({ type: "webauthn.get", challenge, origin, crossOrigin: false }),
      );
      // The user was present (1) and verified (4); a counter of zero.
      const authenticatorData = new Uint8Array([...(await sha256(encoder.encode(rpId))), 5, 0, 0, 0, 0]);
      const signed = new Uint8Array([...authenticatorData, ...(await sha256(clientData))]);
      const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, signed);
      return {
        type: "webauthn",
        credential,
        publicKey,
        authenticatorData: toBase64Url(authenticatorData),
        clientDataJSON: toBase64Url(clientData),
        signature: toBase64Url(toDer(new Uint8Array(raw))),
      };
    },
  };
}

/** The two halves of a raw signature as a DER sequence of two integers. */
function toDer(raw: Uint8Array): Uint8Array {
  const integer = (half: Uint8Array): number[] => {
    const first = half.findIndex((byte) => byte !== 0);
    const bytes = [...half.subarray(first)];
    const positive = (bytes[0] ?? 0) & 0x80 ? [0, ...bytes] : bytes;
    return [2, positive.length, ...positive];
  };
  const body = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))];
  return new Uint8Array([0x30, body.length, ...body]);
}
