// Ed25519 signatures that the key's owner can make and that a lax verifier takes: another S, or an R with a torsion part.
// They hold in the cofactored equation, or modulo the group's order, and must be refused nevertheless.
import * as ed from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { joined } from "./primitives.ts";

ed.hashes.sha512 = sha512;

/** The order of the prime subgroup. */
const ORDER = ed.Point.CURVE().n;

/** A point of order 8 (RFC 8032's curve has eight points of small order). */
const TORSION = ed.Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

/** Reads 32 bytes as a little-endian number. */
function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
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
export function signWithTorsion(seed: Uint8Array, bytes: Uint8Array, nonce: bigint): Uint8Array {
  const r = nonce === 0n ? TORSION : ed.Point.BASE.multiply(nonce).add(TORSION);
  return signWithR(seed, bytes, nonce, r.toBytes());
}

/** A signature with these bytes for R, which stand for `nonce`·B in some way. */
export function signWithR(seed: Uint8Array, bytes: Uint8Array, nonce: bigint, r: Uint8Array): Uint8Array {
  const { scalar, pointBytes } = ed.utils.getExtendedPublicKey(seed);
  const h = sha512(joined(r, pointBytes, bytes));
  return joined(r, bytesOf((nonce + (numberOf(h) % ORDER) * scalar) % ORDER));
}

/** The neutral element, y = 1, in its canonical encoding. */
export const NEUTRAL = bytesOf(1n);

/** The neutral element with y = p + 1: a second, non-canonical encoding of it. */
export const NEUTRAL_NOT_CANONICAL = bytesOf(2n ** 255n - 19n + 1n);

/** The same with the sign bit of x = 0 set: another second encoding. */
export const NEUTRAL_SIGNED = bytesOf(2n ** 255n + 1n);

/** Encodings of 32 bytes that are no public key (§6.1, vetting), and the secret of their part of prime order. */
export const BAD_KEYS: readonly (readonly [name: string, bytes: Uint8Array, secret: bigint])[] = [
  ["the neutral element", NEUTRAL, 0n],
  ["a point of order 2", bytesOf(2n ** 255n - 20n), 0n],
  ["a point of order 8", TORSION.toBytes(), 0n],
  ["a point of mixed order", ed.Point.BASE.multiply(7n).add(TORSION).toBytes(), 7n],
  ["a y that is not below p", NEUTRAL_NOT_CANONICAL, 0n],
  ["x = 0 with its sign set", NEUTRAL_SIGNED, 0n],
  ["no point at all", bytesOf(2n), 0n],
];

/** A signature that holds under one of {@link BAD_KEYS}: with k a multiple of 8, the torsion part is not seen. */
export function signForWeakKey(point: Uint8Array, secret: bigint, bytes: Uint8Array): Uint8Array {
  for (let nonce = 1n; ; nonce += 1n) {
    const r = ed.Point.BASE.multiply(nonce).toBytes();
    const k = numberOf(sha512(joined(r, point, bytes))) % ORDER;
    if (k % 8n === 0n) return joined(r, bytesOf((nonce + k * secret) % ORDER));
  }
}
