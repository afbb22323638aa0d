// SHA-256 in the two spellings that receipts use: bare hex in a subject, "sha256:<hex>" where a digest is one string.
// It has to be synchronous, for a receipt is hashed inside the transaction that appends it; WebCrypto's is not.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** A digest in one string: `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`;

/** What Node and workerd lend of `node:crypto`, six times as fast as JavaScript; undefined in browsers. */
const native = (globalThis as { process?: Partial<Host> }).process?.getBuiltinModule?.("node:crypto");

interface Host {
  getBuiltinModule(name: "node:crypto"): NodeHashes | undefined;
}
interface NodeHashes {
  createHash(algorithm: "sha256"): { update(data: Uint8Array | string): { digest(encoding: "hex"): string } };
  /** In one go, where the host is new enough. */
  hash?(algorithm: "sha256", data: Uint8Array | string, encoding: "hex"): string;
}

const encoder = new TextEncoder();

/** SHA-256 of exact bytes, or of a text's UTF-8, as 64 lower-case hex digits (the value of an in-toto subject's digest). */
export function sha256Hex(data: Uint8Array | string): string {
  if (native?.hash) return native.hash("sha256", data, "hex");
  if (native) return native.createHash("sha256").update(data).digest("hex");
  return bytesToHex(sha256(typeof data === "string" ? encoder.encode(data) : data));
}

/** SHA-256 of exact bytes, or of a text's UTF-8, as `sha256:<hex>`. */
export function digestOf(data: Uint8Array | string): Digest {
  return `sha256:${sha256Hex(data)}`;
}
