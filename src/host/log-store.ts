// A log's SQLite tables: entries, the hashes of its tree, signed checkpoints, and what each witness has seen. Entries and hashes are only
// ever added. What is signed stands in the database before anybody can see it.
import {
  checkpointText,
  growTree,
  type HashReader,
  type LogLeaf,
  leafBytes,
  leafHash,
  packEntries,
  rootOf,
  signNote,
  TILE_WIDTH,
  type Tile,
  treeHash,
  widthIn,
} from "../log/index.ts";
import type { LogSettings } from "./log-settings.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (idx INTEGER PRIMARY KEY, receipt TEXT NOT NULL UNIQUE, entry BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS hashes (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL, seen TEXT);
  CREATE TABLE IF NOT EXISTS witnesses (vkey TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
`;

/** A checkpoint that was signed. `note` has the cosignatures that came so far. */
export interface SignedCheckpoint {
  readonly size: number;
  readonly note: string;
}

export class LogStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#sql.exec(SCHEMA);
  }

  readonly read: HashReader = (level, index) => {
    const [row] = this.#sql
      .exec<{ hash: ArrayBuffer }>("SELECT hash FROM hashes WHERE level = ? AND idx = ?", level, index)
      .toArray();
    if (!row) throw new Error(`the log has no hash ${index} at level ${level}`);
    return new Uint8Array(row.hash);
  };

  /** Enters a leaf after all others, unless its receipt has one. @returns its place. */
  enter(leaf: LogLeaf): number {
    const place = "SELECT coalesce(max(idx) + 1, 0) FROM entries";
    this.#sql.exec(
      `INSERT INTO entries (idx, receipt, entry) VALUES ((${place}), ?, ?) ON CONFLICT (receipt) DO NOTHING`,
      ...[leaf.receipt, leafBytes(leaf)],
    );
    return this.#sql.exec<{ idx: number }>("SELECT idx FROM entries WHERE receipt = ?", leaf.receipt).one()
      .idx;
  }

  /** How many entries there are, in the tree or not yet. */
  entered(): number {
    return this.#sql.exec<{ n: number }>("SELECT coalesce(max(idx) + 1, 0) AS n FROM entries").one().n;
  }

  /** The newest checkpoint, or null before the first. */
  newest(): SignedCheckpoint | null {
    const query = "SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1";
    return this.#sql.exec<{ size: number; note: string }>(query).toArray()[0] ?? null;
  }

  /** The newest checkpoint that a quorum saw under a policy. */
  newestSeen(policy: string): SignedCheckpoint | null {
    const query = "SELECT size, note FROM checkpoints WHERE seen = ? ORDER BY size DESC LIMIT 1";
    return this.#sql.exec<{ size: number; note: string }>(query, policy).toArray()[0] ?? null;
  }

  /** Takes whatever was entered into the tree and signs what it then is, in one transaction. A size is signed once. */
  seal({ key, sign, policyText }: Pick<LogSettings, "key" | "sign" | "policyText">): SignedCheckpoint {
    return this.#storage.transactionSync(() => {
      const newest = this.newest();
      const size = this.entered();
      if (newest?.size === size) return newest;
      this.#grow(newest?.size ?? 0);
      const note = signNote(
        checkpointText({ origin: key.name, size, root: treeHash(this.read, 0, size) }),
        ...[key, sign],
      );
      // Those in between, which no quorum saw, are nobody's any more.
      const seen = this.newestSeen(policyText)?.size ?? -1;
      this.#sql.exec("DELETE FROM checkpoints WHERE size <> ?", seen);
      this.#sql.exec("INSERT INTO checkpoints (size, note, seen) VALUES (?, ?, NULL)", size, note);
      return { size, note };
    });
  }

  #grow(size: number): void {
    const entries = this.#sql.exec<{ idx: number; entry: ArrayBuffer }>(
      "SELECT idx, entry FROM entries WHERE idx >= ? ORDER BY idx",
      size,
    );
    for (const { idx, entry } of entries.toArray()) {
      this.#put(0, idx, leafHash(new Uint8Array(entry)));
      // Where tiles are full with it, one hash for each goes to the level above.
      let count = idx + 1;
      for (let level = 1; count % TILE_WIDTH === 0; level += 1) {
        count /= TILE_WIDTH;
        const hashes = this.#hashes(level - 1, count - 1, TILE_WIDTH);
        this.#put(level, count - 1, rootOf(growTree([], 0, hashes)));
      }
    }
  }

  #put(level: number, index: number, hash: Uint8Array): void {
    this.#sql.exec("INSERT INTO hashes (level, idx, hash) VALUES (?, ?, ?)", level, index, hash);
  }

  #hashes(level: number, tile: number, width: number): Uint8Array[] {
    const start = tile * TILE_WIDTH;
    const query = "SELECT hash FROM hashes WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx";
    const rows = this.#sql.exec<{ hash: ArrayBuffer }>(query, level, start, start + width).toArray();
    return rows.map(({ hash }) => new Uint8Array(hash));
  }

  /** A tile's bytes; null where the newest checkpoint does not reach it. */
  tile({ level, index, width }: Tile): Uint8Array | null {
    if (width > widthIn(level, index, this.newest()?.size ?? 0)) return null;
    if (level !== "entries") return new Uint8Array(Buffer.concat(this.#hashes(level, index, width)));
    const start = index * TILE_WIDTH;
    const query = "SELECT entry FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx";
    const rows = this.#sql.exec<{ entry: ArrayBuffer }>(query, start, start + width).toArray();
    return packEntries(rows.map(({ entry }) => new Uint8Array(entry)));
  }

  /** Adds a cosignature to a checkpoint, in place of an older one by the same key. @returns the note, or null if it is gone. */
  addCosignature(size: number, line: string): string | null {
    const [row] = this.#sql
      .exec<{ note: string }>("SELECT note FROM checkpoints WHERE size = ?", size)
      .toArray();
    if (!row) return null;
    const by = line.split(" ", 2).join(" ");
    const lines = row.note.split("\n").filter((one) => !one.startsWith(`${by} `));
    const note = lines.join("\n") + line;
    this.#sql.exec("UPDATE checkpoints SET note = ? WHERE size = ?", note, size);
    return note;
  }

  /** Notes that a quorum saw a checkpoint, and drops those before it. */
  markSeen(size: number, policy: string): void {
    this.#sql.exec("UPDATE checkpoints SET seen = ? WHERE size = ?", policy, size);
    this.#sql.exec("DELETE FROM checkpoints WHERE size < ?", size);
  }

  /** The size that a witness saw last, as far as this log knows. */
  seenBy(vkey: string): number {
    const rows = this.#sql
      .exec<{ size: number }>("SELECT size FROM witnesses WHERE vkey = ?", vkey)
      .toArray();
    return rows[0]?.size ?? 0;
  }

  noteSeenBy(vkey: string, size: number): void {
    this.#sql.exec("INSERT OR REPLACE INTO witnesses (vkey, size) VALUES (?, ?)", vkey, size);
  }
}
