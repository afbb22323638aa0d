// Signs with `node:crypto`: synchronous, so it can stand inside a storage transaction, and 0.03 ms a receipt.
import { createPrivateKey, sign } from "node:crypto";

/** PKCS #8 of an Ed25519 seed is this prefix and the 32 bytes (RFC 8410 §7). */
const PKCS8_PREFIX = Uint8Array.from(Buffer.from("302e020100300506032b657004220420", "hex"));

/** What signs bytes with the key of a 32-byte seed. */
export function nativeSign(seed: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return (bytes) => new Uint8Array(sign(null, bytes, key));
}
