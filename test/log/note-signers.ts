// Keys of logs and witnesses for tests.
import { type NoteKey, noteKey, type SignatureType } from "../../src/log/note.ts";
import { createSigner, fromBase64Url, publicJwk } from "../../src/receipt/index.ts";

export interface NoteSigner {
  readonly key: NoteKey;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** The key of a seed of 32 times one byte. */
export function noteSigner(name: string, type: SignatureType, byte: number): NoteSigner {
  const seed = new Uint8Array(32).fill(byte);
  const publicKey = fromBase64Url(publicJwk(seed).x) ?? new Uint8Array();
  return { key: noteKey(name, type, publicKey), sign: createSigner(seed).sign };
}
