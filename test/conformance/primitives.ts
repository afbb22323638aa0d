// All that the corpus takes from the project: primitives that know nothing of receipts' versions. Statements, chains, templates,
// intents and assertions are written here a third time, from docs/receipts.md, so that no verifier is judged by itself.
import { canonicalBytes, sha256Hex } from "../../src/receipt/index.ts";

export {
  canonicalBytes,
  createSigner,
  fromBase64,
  fromBase64Url,
  preAuthEncode,
  publicJwk,
  type Signer,
  sha256Hex,
  thumbprint,
  toBase64,
  toBase64Url,
} from "../../src/receipt/index.ts";

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Canonical JSON, as text. */
export const canonicalize = (value: unknown): string => new TextDecoder().decode(canonicalBytes(value));

/** The digest of bytes, or of a text's UTF-8. */
export const digestOf = (content: string | Uint8Array): string =>
  `sha256:${sha256Hex(typeof content === "string" ? utf8(content) : content)}`;

/** SHA-256 as bytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(sha256Hex(bytes).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** Byte strings one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
