// What a witness has cosigned, on disk: for each log the newest checkpoint. Written and flushed before anybody is answered, and never
// taken for nothing where it cannot be read: a witness that forgets can be shown a fork.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { readCheckpoint, readNote, type Tree } from "../log/index.ts";
import { sha256Hex } from "../receipt/index.ts";

/** A checkpoint as it was cosigned, and what it says. */
export interface Cosigned extends Tree {
  readonly note: string;
}

export class WitnessState {
  readonly #folder: string;
  readonly #known = new Map<string, Cosigned>();

  /** Takes a folder for this process alone. @throws where another holds it, or something in it cannot be read. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    this.#lock();
    for (const name of readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name))) {
      const note = readFileSync(join(folder, name), "utf8");
      const read = readNote(note);
      const checkpoint = read.ok ? readCheckpoint(read.value.text) : read;
      if (!checkpoint.ok)
        throw new Error(`${join(folder, name)} cannot be read: ${checkpoint.refusal.message}`);
      this.#known.set(name, { ...checkpoint.value, note });
    }
  }

  /** The newest checkpoint of a log that was cosigned, by the hex of its origin's SHA-256. */
  newest(originHash: string): Cosigned | null {
    return this.#known.get(originHash) ?? null;
  }

  /** Keeps a checkpoint, on disk before this returns. */
  keep(origin: string, cosigned: Cosigned): void {
    const name = hashOf(origin);
    const path = join(this.#folder, name);
    writeFlushed(`${path}.new`, cosigned.note);
    renameSync(`${path}.new`, path);
    flush(this.#folder);
    this.#known.set(name, cosigned);
  }

  #lock(): void {
    const path = join(this.#folder, "lock");
    const holder = Number(readOr(path, "0"));
    if (holder > 0 && holder !== process.pid && isAlive(holder)) {
      throw new Error(`${this.#folder} is in use by the process ${holder}; a witness keeps its state alone`);
    }
    writeFlushed(path, String(process.pid));
  }
}

/** The name of a log's checkpoint in a witness's URLs (c2sp.org/tlog-witness). */
export function hashOf(origin: string): string {
  return sha256Hex(new TextEncoder().encode(origin));
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Writes a whole file and has it on disk. */
export function writeFlushed(path: string, text: string): void {
  const file = openSync(path, "w", 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function flush(folder: string): void {
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
