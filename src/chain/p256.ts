// ECDSA on P-256 with SHA-256 (FIPS 186-5), as strict as receipts ask: points on the curve, minimal integers from 1 to n − 1.
// WebCrypto checks the signature; what it leaves open is checked here.
import { ByteReader } from "./byte-reader.ts";

const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** True when 64 bytes, x ‖ y, are a point of P-256 in its canonical encoding (SEC 1 §2.3.4). */
export function isPoint(xy: Uint8Array): boolean {
  if (xy.length !== 64) return false;
  const [x, y] = [integer(xy.subarray(0, 32)), integer(xy.subarray(32))];
  return x < P && y < P && (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}

/**
 * Reads r and s, each by `read`, as the 64 bytes r ‖ s that WebCrypto takes; null unless each is minimal, positive and below n.
 * @param read gives the bytes of the next integer, two's complement, big-endian.
 */
export function readScalars(read: () => Uint8Array | null): Uint8Array | null {
  const raw = new Uint8Array(64);
  for (const end of [32, 64]) {
    const scalar = readScalar(read());
    if (!scalar) return null;
    raw.set(scalar, end - scalar.length);
  }
  return raw;
}

function readScalar(bytes: Uint8Array | null): Uint8Array | null {
  const [first, second] = bytes ?? [];
  if (!bytes || first === undefined || first >= 0x80) return null;
  if (first === 0 && (second === undefined || second < 0x80)) return null; // zero, or a zero byte too many
  const magnitude = first === 0 ? bytes.subarray(1) : bytes;
  return magnitude.length <= 32 && integer(magnitude) < N ? magnitude : null;
}

/** Reads an ECDSA signature in strict DER, a SEQUENCE of r and s and nothing after, as r ‖ s; null for any other bytes. */
export function readDerSignature(bytes: Uint8Array): Uint8Array | null {
  const outer = new ByteReader(bytes);
  const sequence = derElement(outer, 0x30);
  if (!sequence || !outer.done) return null;
  const inner = new ByteReader(sequence);
  const raw = readScalars(() => derElement(inner, 0x02));
  return inner.done ? raw : null;
}

/** The content of a DER element with this tag and a minimal length below 128; an ECDSA signature on P-256 has no longer one. */
function derElement(reader: ByteReader, tag: number): Uint8Array | null {
  if (reader.byte() !== tag) return null;
  const length = reader.byte();
  return length === null || length >= 0x80 ? null : reader.take(length);
}

/** Checks an ECDSA signature, r ‖ s, over bytes, under a point, x ‖ y. Never throws for wrong input. */
export async function verifyP256(xy: Uint8Array, signature: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  const raw = new Uint8Array(65);
  raw[0] = 4; // uncompressed
  raw.set(xy, 1);
  try {
    const key = await crypto.subtle.importKey("raw", raw, { name: "ECDSA", namedCurve: "P-256" }, false, [
      "verify",
    ]);
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    return await crypto.subtle.verify(algorithm, key, signature as BufferSource, bytes as BufferSource);
  } catch {
    return false;
  }
}

function integer(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  return value;
}
