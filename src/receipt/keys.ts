// Ed25519 keys as receipts use them: a secret seed, its public JWK (RFC 8037), and the thumbprint that names it (RFC 7638).
// Arithmetic is @noble/ed25519's; nothing here generates randomness.
import * as ed from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { fromBase64Url, toBase64Url } from "./base64.ts";
import { accept, type ReceiptCode, type Result, refuse } from "./refusal.ts";

ed.hashes.sha512 = sha512;

/** An Ed25519 public key as a JWK (RFC 8037 §2). `x` is the unpadded base64url of the 32-byte encoding. */
export interface PublicJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
}

/**
 * Reads a seed from the text of a secret: unpadded base64url of exactly 32 bytes. A refusal never quotes the text.
 * @example
 * import { createSigner, readSeed } from "countersign/receipt";
 *
 * const seed = readSeed("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"); // from your secrets; this one is RFC 8037's
 * if (!seed.ok) throw new Error(seed.refusal.message);
 * createSigner(seed.value).kid; // "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
 */
export function readSeed(secret: string): Result<Uint8Array, ReceiptCode> {
  const seed = fromBase64Url(secret);
  if (!seed)
    return refuse("ERR_KEY", "expected the unpadded base64url of a 32-byte Ed25519 seed, got other text");
  if (seed.length !== 32) return refuse("ERR_KEY", `expected a seed of 32 bytes, got ${seed.length}`);
  return accept(seed);
}

/** The public JWK of a 32-byte seed (RFC 8032 §5.1.5). */
export function publicJwk(seed: Uint8Array): PublicJwk {
  return { kty: "OKP", crv: "Ed25519", x: toBase64Url(ed.getPublicKey(seed)) };
}

/**
 * The key id: base64url of the SHA-256 of the JWK's required members in RFC 7638's order and spelling.
 * @example
 * import { thumbprint } from "countersign/receipt";
 *
 * thumbprint({ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
 * // "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" (RFC 8037 A.3)
 */
export function thumbprint(jwk: PublicJwk): string {
  return toBase64Url(sha256(new TextEncoder().encode(`{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`)));
}

/**
 * Decodes and vets the public key of a JWK that is about to be trusted.
 *
 * Success guarantees a canonical encoding (y < p) of a point on the curve that is not of small order and has no
 * torsion part. Without that, one signature can hold for many messages, or in one library and not in another.
 */
export function vetPublicKey(jwk: PublicJwk): Result<Uint8Array, ReceiptCode> {
  const bytes = fromBase64Url(jwk.x);
  if (bytes?.length !== 32) {
    return refuse("ERR_KEY", "expected x as the unpadded base64url of 32 bytes");
  }
  try {
    const point = ed.Point.fromBytes(bytes, false);
    if (point.isSmallOrder())
      return refuse("ERR_KEY", "expected a public key of full order, got one of small order");
    if (!point.isTorsionFree())
      return refuse("ERR_KEY", "expected a torsion-free public key, got a mixed-order one");
  } catch {
    return refuse("ERR_KEY", "expected the canonical encoding of a point of edwards25519");
  }
  return accept(bytes);
}
