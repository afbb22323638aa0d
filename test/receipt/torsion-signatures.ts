// Signatures that the key's owner can make and that a lax verifier takes: another S, or an R with a torsion part.
// They hold in the cofactored equation, or modulo the group's order, and must be refused nevertheless.
import * as ed from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";

ed.hashes.sha512 = sha512;

/** The order of the prime subgroup. */
export const ORDER = ed.Point.CURVE().n;

/** A point of order 8 (RFC 8032's curve has eight points of small order). */
export const TORSION = ed.Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

/** Reads 32 bytes as a little-endian number. */
export function numberOf(bytes: Uint8Array): bigint {
  return [...bytes].reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Writes a number as 32 little-endian bytes. */
export function bytesOf(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n));
}

/** The same signature with S + L, which is the same number modulo the order. */
export function withLargerS(signature: Uint8Array): Uint8Array {
  return joined(signature.subarray(0, 32), bytesOf(numberOf(signature.subarray(32)) + ORDER));
}

/**
 * A signature whose R is `nonce`·B plus a point of small order, so that 8·S·B = 8·R + 8·h·A while S·B ≠ R + h·A.
 * With `nonce` 0, R is that point itself.
 */
export function signWithTorsion(
  seed: Uint8Array,
  bytes: Uint8Array,
  nonce: bigint,
  torsion = TORSION,
): Uint8Array {
  const r = nonce === 0n ? torsion : ed.Point.BASE.multiply(nonce).add(torsion);
  return signWithR(seed, bytes, nonce, r.toBytes());
}

/** A signature with these bytes for R, which stand for `nonce`·B in some way. */
export function signWithR(seed: Uint8Array, bytes: Uint8Array, nonce: bigint, r: Uint8Array): Uint8Array {
  const { scalar, pointBytes } = ed.utils.getExtendedPublicKey(seed);
  const h = numberOf64(sha512(joined(r, pointBytes, bytes))) % ORDER;
  return joined(r, bytesOf((nonce + h * scalar) % ORDER));
}

/** The neutral element, y = 1, in its canonical encoding. */
export const NEUTRAL = bytesOf(1n);

/** The neutral element with y = p + 1: a second, non-canonical encoding of it. */
export const NEUTRAL_NOT_CANONICAL = bytesOf(2n ** 255n - 19n + 1n);

function numberOf64(bytes: Uint8Array): bigint {
  return numberOf(bytes.subarray(0, 32)) + (numberOf(bytes.subarray(32)) << 256n);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
