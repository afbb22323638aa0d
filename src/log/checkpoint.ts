// Checkpoints (c2sp.org/tlog-checkpoint): the text of a note that says how large a log's tree is and what its root hash is.
import { accept, fromBase64, type Result, refuse, toBase64 } from "../receipt/index.ts";

/** What a log says of its tree at a size. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** A number in decimal without leading zeros, up to 2^53 − 1; null for anything else. */
export function readDecimal(text: string): number | null {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}

/** Reads one SHA-256 hash in base64; null where it is none. */
export function readHash(text: string): Uint8Array | null {
  const bytes = fromBase64(text);
  return bytes?.length === 32 ? bytes : null;
}

/** Reads the text of a note as a checkpoint. Extension lines are let through: they say nothing about the tree. */
export function readCheckpoint(text: string): Result<Checkpoint, "ERR_CHECKPOINT"> {
  const lines = text.split("\n");
  const [origin = "", decimal = "", encoded = "", ...rest] = lines;
  const [size, root] = [readDecimal(decimal), readHash(encoded)];
  // The last of the rest stands after the final newline, and is empty.
  const isWhole = rest.length > 0 && rest.indexOf("") === rest.length - 1;
  if (origin !== "" && size !== null && root && isWhole) return accept({ origin, size, root });
  return refuse("ERR_CHECKPOINT", "not a checkpoint: expected the origin, size and root hash, a line each");
}

/** Spells a checkpoint as the text of a note. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}
