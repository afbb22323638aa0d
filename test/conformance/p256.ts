// ECDSA on P-256 with SHA-256 and the nonce of RFC 6979, so that a signature is the same each time it is made.
// node:crypto has no deterministic ECDSA, but multiplies the base point for us: that is its ECDH public key.
import { createECDH, createHash, createHmac } from "node:crypto";
import { joined } from "./primitives.ts";

/** The order of the group. */
export const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export interface Ecdsa {
  readonly r: bigint;
  readonly s: bigint;
}

/** The point of a 32-byte secret, uncompressed: 04, x, y. */
export function pointOf(secret: Uint8Array): Uint8Array {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(secret);
  return new Uint8Array(ecdh.getPublicKey());
}

/** Signs SHA-256 of the bytes (RFC 6979 §3.2). */
export function sign(secret: Uint8Array, bytes: Uint8Array): Ecdsa {
  const hash = new Uint8Array(createHash("sha256").update(bytes).digest());
  // bits2octets: the hash has the length of the order, so it is only reduced.
  const reduced = bytesOf(numberOf(hash) % ORDER);
  let v = new Uint8Array(32).fill(1);
  let k = hmac(new Uint8Array(32), v, Uint8Array.of(0), secret, reduced);
  v = hmac(k, v);
  k = hmac(k, v, Uint8Array.of(1), secret, reduced);
  v = hmac(k, v);
  for (;;) {
    v = hmac(k, v);
    const nonce = numberOf(v);
    if (nonce > 0n && nonce < ORDER) {
      const r = numberOf(pointOf(v).subarray(1, 33)) % ORDER;
      const s = (inverse(nonce) * (numberOf(hash) + r * numberOf(secret))) % ORDER;
      if (r !== 0n && s !== 0n) return { r, s };
    }
    k = hmac(k, v, Uint8Array.of(0));
    v = hmac(k, v);
  }
}

/** Reads bytes as a big-endian number. */
export function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Writes a number as 32 big-endian bytes. */
export function bytesOf(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * (31 - i))) & 255n));
}

/** The shortest big-endian bytes of a number from 0, with a zero byte in front where the first bit would be a sign. */
export function signedBytesOf(number: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = number; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 255n));
  return Uint8Array.from((bytes[0] ?? 0) >= 0x80 ? [0, ...bytes] : bytes);
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    createHmac("sha256", key)
      .update(joined(...parts))
      .digest(),
  );
}

/** Fermat's inverse modulo the order. */
function inverse(number: bigint): bigint {
  let result = 1n;
  let power = number;
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * power) % ORDER;
    power = (power * power) % ORDER;
  }
  return result;
}
