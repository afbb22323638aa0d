// Checking one Ed25519 signature, the same in workerd, Node and browsers: WebCrypto where it knows Ed25519, else noble.
// The key must have been vetted (keys.ts) before; this file does not decide whom to trust.
import * as ed from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";

ed.hashes.sha512 = sha512;

/** Checks signatures under one vetted public key. */
export interface Verifier {
  /** True when `signature` (64 bytes) is a valid Ed25519 signature of exactly these bytes. Never throws for wrong input. */
  verify(signature: Uint8Array, bytes: Uint8Array): Promise<boolean>;
}

/**
 * Makes a verifier from the 32 bytes of a vetted public key. Imports the key once, at first use.
 * @example
 * import { createSigner, createVerifier, publicJwk, vetPublicKey } from "countersign/receipt";
 *
 * const seed = crypto.getRandomValues(new Uint8Array(32));
 * const publicKey = vetPublicKey(publicJwk(seed));
 * if (!publicKey.ok) throw new Error(publicKey.refusal.message);
 * const bytes = new TextEncoder().encode("what was signed");
 * const signature = createSigner(seed).sign(bytes);
 * await createVerifier(publicKey.value).verify(signature, bytes); // true
 */
export function createVerifier(publicKey: Uint8Array): Verifier {
  let importing: Promise<CryptoKey | null> | undefined;
  let key: CryptoKey | null | undefined;
  return {
    async verify(signature, bytes) {
      importing ??= importKey(publicKey);
      // Only the first check waits; after it, WebCrypto is at work by the time this call returns.
      if (key === undefined) key = await importing;
      if (!key) return verifyWithNoble(publicKey, signature, bytes);
      // The one R of small order that the plain equation lets through: some engines refuse it, others do not.
      if (hasNeutralR(signature)) return false;
      // WebCrypto copies what it is given; its types only ask that it be no shared memory.
      return crypto.subtle.verify("Ed25519", key, signature as BufferSource, bytes as BufferSource);
    },
  };
}

/**
 * The second opinion: noble in strict mode (RFC 8032, canonical A and R), and R free of torsion and not neutral.
 * Noble checks the cofactored equation and WebCrypto the other one; they differ only where R has a torsion part.
 */
export function verifyWithNoble(publicKey: Uint8Array, signature: Uint8Array, bytes: Uint8Array): boolean {
  try {
    if (hasNeutralR(signature)) return false;
    if (!ed.Point.fromBytes(signature.subarray(0, 32), false).isTorsionFree()) return false;
    return ed.verify(signature, bytes, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** True when R is the neutral element, in its canonical encoding; any other is refused anyway. */
function hasNeutralR(signature: Uint8Array): boolean {
  for (let i = 1; i < 32; i += 1) if (signature[i] !== 0) return false;
  return signature[0] === 1;
}

async function importKey(publicKey: Uint8Array): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey("raw", publicKey as BufferSource, "Ed25519", false, ["verify"]);
  } catch {
    return null; // this WebCrypto has no Ed25519
  }
}
