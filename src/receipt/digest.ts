// SHA-256 in the two spellings that receipts use: bare hex in a subject, "sha256:<hex>" where a digest is one string.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** A digest in one string: `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`;

/** SHA-256 of exact bytes, as 64 lower-case hex digits (the value of an in-toto subject's digest). */
export function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** SHA-256 of exact bytes, as `sha256:<hex>`. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${sha256Hex(bytes)}`;
}
