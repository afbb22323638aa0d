// Signed notes and verifier keys (c2sp.org/signed-note): text, a blank line, and signature lines by named keys. Of the signature types
// only the two that a log and its witnesses need: Ed25519 (0x01) and timestamped cosignatures (0x04, cosignature.ts).
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import {
  accept,
  createVerifier,
  fromBase64,
  type Result,
  refuse,
  toBase64,
  toBase64Url,
  type Verifier,
  vetPublicKey,
} from "../receipt/index.ts";

/** Why something of a log was refused, one code for each format. */
export type LogCode =
  | "ERR_VKEY"
  | "ERR_NOTE"
  | "ERR_CHECKPOINT"
  | "ERR_TLOG_POLICY"
  | "ERR_TLOG_PROOF"
  | "ERR_ENTRIES";

/** What a key signs: a log its notes (0x01), a witness its cosignatures (0x04). */
export type SignatureType = 0x01 | 0x04;

/** A key by which notes are verified. `text` is its vkey, `id` eight hex digits. */
export interface NoteKey {
  readonly text: string;
  readonly name: string;
  readonly id: string;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
  readonly verifier: Verifier;
}

/** One signature line. `bytes` are what follows the key id. */
export interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** A note of unknown origin: nothing in it counts before a signature has been verified. `text` ends in a newline. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Longest note, in UTF-16 code units, and most signatures in one. */
export const NOTE_LIMITS = { length: 1_000_000, signatures: 100 } as const;

const encoder = new TextEncoder();
/** A key's name: no Unicode space (White_Space), no plus. */
const NAME = /^[^+\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

/** True for a text that may name a key. */
export function isKeyName(name: string): boolean {
  return NAME.test(name) && name.isWellFormed();
}

/** The key of a name and 32 vetted bytes. Its id is the recommended one. */
export function noteKey(name: string, type: SignatureType, publicKey: Uint8Array): NoteKey {
  const typed = concatBytes(Uint8Array.of(type), publicKey);
  const id = bytesToHex(sha256(concatBytes(encoder.encode(`${name}\n`), typed)).subarray(0, 4));
  const text = `${name}+${id}+${toBase64(typed)}`;
  return { text, name, id, type, publicKey, verifier: createVerifier(publicKey) };
}

/**
 * Reads a vkey. Success guarantees that its id is that of its name, type and key, and that the key is a sound point.
 * @example
 * import { readVkey } from "countersign/log";
 *
 * const key = readVkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
 * if (!key.ok) throw new Error(key.refusal.message);
 * key.value.name; // "example.com/foo"
 */
export function readVkey(text: string): Result<NoteKey, "ERR_VKEY"> {
  const [name = "", id, encoded = "", ...rest] = text.split("+");
  // Base64 has a plus, too.
  const bytes = fromBase64([encoded, ...rest].join("+"));
  const [type] = bytes ?? [];
  if (!isKeyName(name) || bytes?.length !== 33 || (type !== 0x01 && type !== 0x04)) {
    const message = "expected <name>+<8 hex digits>+<base64> of an Ed25519 key (type 1 or 4)";
    return refuse("ERR_VKEY", `${message}, got ${JSON.stringify(text.slice(0, 200))}`);
  }
  const vetted = vetPublicKey({ kty: "OKP", crv: "Ed25519", x: toBase64Url(bytes.subarray(1)) });
  if (!vetted.ok) return refuse("ERR_VKEY", `the key ${name}: ${vetted.refusal.message}`);
  const key = noteKey(name, type, vetted.value);
  return key.id === id ? accept(key) : refuse("ERR_VKEY", `expected the id ${key.id} of ${name}, got ${id}`);
}

/** Takes a note apart. Success says nothing of its signatures. */
export function readNote(note: string): Result<Note, "ERR_NOTE"> {
  const fail = (message: string) => refuse("ERR_NOTE", `not a signed note: ${message}`);
  if (note.length > NOTE_LIMITS.length) return fail(`expected at most ${NOTE_LIMITS.length} characters`);
  if (!note.isWellFormed() || hasControl(note)) return fail("expected UTF-8 without control characters");
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) return fail("expected a blank line before the signatures");
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > NOTE_LIMITS.signatures)
    return fail(`expected at most ${NOTE_LIMITS.signatures} signatures`);
  const signatures = lines.map(readSignature);
  const sound = signatures.filter((signature) => signature !== null);
  if (sound.length !== signatures.length) return fail("expected each signature as — <name> <base64>");
  return accept({ text: note.slice(0, end + 1), signatures: sound });
}

/** Reads one signature line, without its newline; null where it is none. */
export function readSignature(line: string): NoteSignature | null {
  const [dash, name = "", encoded = "", ...rest] = line.split(" ");
  const bytes = fromBase64(encoded);
  if (dash !== "—" || !isKeyName(name) || rest.length > 0 || !bytes || bytes.length < 5) return null;
  return { name, id: bytesToHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
}

/** Spells one signature line, with its newline. */
export function signatureLine({ name, id }: Pick<NoteKey, "name" | "id">, signature: Uint8Array): string {
  const bytes = Uint8Array.from({ length: 4 }, (_, i) => Number.parseInt(id.slice(2 * i, 2 * i + 2), 16));
  return `— ${name} ${toBase64(concatBytes(bytes, signature))}\n`;
}

/** Signs a text that ends in a newline. @returns the note. */
export function signNote(text: string, key: NoteKey, sign: (bytes: Uint8Array) => Uint8Array): string {
  return `${text}\n${signatureLine(key, sign(encoder.encode(text)))}`;
}

/** The signatures of a note by a key: name and id match. Whether they hold is not asked. */
export function signaturesBy({ signatures }: Note, { name, id }: NoteKey): readonly NoteSignature[] {
  return signatures.filter((signature) => signature.name === name && signature.id === id);
}

/** True when a key of type 0x01 has signed the note, and every signature that bears its name and id holds. */
export async function isSignedBy(note: Note, key: NoteKey): Promise<boolean> {
  const own = signaturesBy(note, key);
  const held = own.map(
    ({ bytes }) => bytes.length === 64 && key.verifier.verify(bytes, encoder.encode(note.text)),
  );
  return own.length > 0 && (await Promise.all(held)).every(Boolean);
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 && unit !== 0x0a) return true;
  }
  return false;
}
