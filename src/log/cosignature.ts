// Ed25519 cosignatures (c2sp.org/tlog-cosignature, cosignature/v1): a witness's word that it saw a checkpoint at a time, and that the
// checkpoint contradicts none that it saw before.
import { concatBytes } from "@noble/hashes/utils.js";
import { type Note, type NoteKey, type NoteSignature, signatureLine, signaturesBy } from "./note.ts";

const encoder = new TextEncoder();

/** What is signed: `time` is in seconds since 1970. */
function cosignedBytes(text: string, time: bigint): Uint8Array {
  return encoder.encode(`cosignature/v1\ntime ${time}\n${text}`);
}

/** Cosigns the text of a checkpoint. @param time seconds since 1970. @returns a signature line. */
export function cosign(
  text: string,
  time: number,
  key: NoteKey,
  sign: (bytes: Uint8Array) => Uint8Array,
): string {
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  return signatureLine(key, concatBytes(stamp, sign(cosignedBytes(text, BigInt(time)))));
}

/**
 * When a witness's key of type 0x04 cosigned a checkpoint, in seconds since 1970: the latest of its cosignatures.
 * Null where there is none; `"fails"` where one bears the key's name and id and does not hold.
 */
export async function cosignedAt(note: Note, key: NoteKey): Promise<number | "fails" | null> {
  const times = await Promise.all(signaturesBy(note, key).map((line) => timeOf(note.text, line, key)));
  const held = times.filter((time) => time !== null);
  if (held.length !== times.length) return "fails";
  return held.length === 0 ? null : Math.max(...held);
}

async function timeOf(text: string, { bytes }: NoteSignature, key: NoteKey): Promise<number | null> {
  if (bytes.length !== 72) return null;
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (time > 2n ** 63n - 1n) return null;
  return (await key.verifier.verify(bytes.subarray(8), cosignedBytes(text, time))) ? Number(time) : null;
}
