// A run's SQLite tables: request, receipts, artifacts, resources, fence and attempts. Rows in, rows out; no rule lives here.
// Tables are made when a run starts, so that asking after an unknown run leaves nothing behind. Bytes are kept in a table with
// row ids: without them SQLite puts all but the shortest on pages of their own (sqlite.org/withoutrowid.html).

import type { Anchor, VerifiedReceipt } from "../chain/index.ts";
import { type Digest, sha256Hex } from "../receipt/index.ts";
import type { RunRequest } from "./run-request.ts";

/** The version of the tables below. A store of another version is not opened. */
export const STORE_VERSION = 2;

const SCHEMA = `
  CREATE TABLE schema (version INTEGER NOT NULL);
  CREATE TABLE request (id INTEGER PRIMARY KEY CHECK (id = 0), run TEXT NOT NULL, body TEXT NOT NULL);
  CREATE TABLE receipts (seq INTEGER PRIMARY KEY, digest TEXT NOT NULL, envelope TEXT NOT NULL);
  CREATE TABLE artifacts (sha256 TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE resources (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE fence (
    decision TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('begun', 'done', 'closed')), since INTEGER NOT NULL, result TEXT,
    CHECK ((state = 'done') = (result IS NOT NULL))
  ) WITHOUT ROWID;
  CREATE TABLE attempts (id INTEGER PRIMARY KEY CHECK (id = 0), head TEXT, tries INTEGER NOT NULL, reason TEXT NOT NULL);
`;

/**
 * A row of the fence: what is known of the call that a decision let happen. `since` is when it was begun, in ms since 1970;
 * `result` the hex digest of what it answered.
 */
export type FenceRow =
  | { readonly state: "begun" | "closed"; readonly since: number }
  | { readonly state: "done"; readonly since: number; readonly result: string };

/** How often the step that is due at a head has failed, and why the last time. */
export interface Attempts {
  readonly tries: number;
  readonly reason: string;
}

/** An envelope from its row, of unknown form: a row that is not JSON comes as it is. */
export function parseEnvelope(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return row;
  }
}

/** An artifact's row. Somebody who reached the database may have put anything in place of the bytes. */
type ArtifactRow = { readonly sha256: string; readonly bytes: SqlStorageValue };

/** The bytes of a row, if they hash to its name. */
function soundBytes({ sha256, bytes }: ArtifactRow): Uint8Array | undefined {
  if (!(bytes instanceof ArrayBuffer)) return undefined;
  const sound = new Uint8Array(bytes);
  return sha256Hex(sound) === sha256 ? sound : undefined;
}

/** The SQLite storage of one run. */
export class RunStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  /** The lookup that the pure rings use: bytes whose hash is checked at each read. */
  readonly artifacts = (sha256: string): Uint8Array | undefined => this.artifact(sha256);

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  /** Runs `work` in one synchronous transaction; what it throws rolls everything back. */
  transaction<Value>(work: () => Value): Value {
    return this.#storage.transactionSync(work);
  }

  /** The version of the stored tables; null where no run was ever started. Version 1 had no such table. */
  version(): number | null {
    if (this.#has("schema"))
      return this.#sql.exec<{ version: number }>("SELECT version FROM schema").one().version;
    return this.#has("request") ? 1 : null;
  }

  /** The name of the run that was started here, whatever else can be read of it; null when none of this version was. */
  run(): string | null {
    if (this.version() !== STORE_VERSION) return null;
    const [row] = this.#sql.exec<{ run: string }>("SELECT run FROM request").toArray();
    return row?.run ?? null;
  }

  /**
   * The request this run was started with, or null when no run of this version was started here.
   * @throws when what is stored is no request.
   */
  request(): { run: string; body: RunRequest } | null {
    if (this.version() !== STORE_VERSION) return null;
    const [row] = this.#sql.exec<{ run: string; body: string }>("SELECT run, body FROM request").toArray();
    return row ? { run: row.run, body: JSON.parse(row.body) } : null;
  }

  #has(table: string): boolean {
    return this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = ?", table).toArray().length > 0;
  }

  create(run: string, body: RunRequest): void {
    this.#sql.exec(SCHEMA);
    this.#sql.exec("INSERT INTO schema (version) VALUES (?)", STORE_VERSION);
    this.#sql.exec("INSERT INTO request (id, run, body) VALUES (0, ?, ?)", run, JSON.stringify(body));
  }

  /** Every stored envelope in order, exactly as it stands in its row. */
  envelopeRows(): string[] {
    const rows = this.#sql.exec<{ envelope: string }>("SELECT envelope FROM receipts ORDER BY seq").toArray();
    return rows.map(({ envelope }) => envelope);
  }

  /** How many receipts there are and the digest of the last, as the rows say. */
  head(): { count: number; digest: string | null } {
    const [row] = this.#sql
      .exec<{ seq: number; digest: string }>("SELECT seq, digest FROM receipts ORDER BY seq DESC LIMIT 1")
      .toArray();
    return row ? { count: row.seq + 1, digest: row.digest } : { count: 0, digest: null };
  }

  appendReceipt({
    digest,
    envelope,
    statement,
  }: Pick<VerifiedReceipt, "digest" | "envelope" | "statement">): void {
    this.#sql.exec(
      "INSERT INTO receipts (seq, digest, envelope) VALUES (?, ?, ?)",
      ...[statement.predicate.seq, digest, JSON.stringify(envelope)],
    );
  }

  /** Stores exact bytes under their SHA-256, which it returns in hex. Other bytes that stood there give way to them. */
  putArtifact(bytes: Uint8Array): string {
    const sha256 = sha256Hex(bytes);
    this.#sql.exec(
      `INSERT INTO artifacts (sha256, bytes) VALUES (?, ?)
       ON CONFLICT (sha256) DO UPDATE SET bytes = excluded.bytes WHERE bytes <> excluded.bytes`,
      ...[sha256, bytes],
    );
    return sha256;
  }

  /** The bytes of an artifact, or undefined when there is none or it no longer hashes to its name. */
  artifact(sha256: string): Uint8Array | undefined {
    const [row] = this.#sql
      .exec<ArtifactRow>("SELECT sha256, bytes FROM artifacts WHERE sha256 = ?", sha256)
      .toArray();
    return row && soundBytes(row);
  }

  /** All artifacts whose bytes hash to their names, by name. */
  soundArtifacts(): ReadonlyMap<string, Uint8Array> {
    const sound = new Map<string, Uint8Array>();
    for (const row of this.#sql.exec<ArtifactRow>("SELECT sha256, bytes FROM artifacts")) {
      const bytes = soundBytes(row);
      if (bytes) sound.set(row.sha256, bytes);
    }
    return sound;
  }

  /** The size of all artifacts together, in bytes. */
  artifactBytes(): number {
    return this.#sql.exec<{ sum: number }>("SELECT total(length(bytes)) AS sum FROM artifacts").one().sum;
  }

  /** The run's own resources as they are: the hex digest of each content, by name. */
  resources(): ReadonlyMap<string, string> {
    const rows = this.#sql.exec<{ name: string; sha256: string }>(
      "SELECT name, sha256 FROM resources ORDER BY name",
    );
    return new Map(rows.toArray().map(({ name, sha256 }) => [name, sha256]));
  }

  /** Puts a content at a resource, or takes away what is there. */
  setResource(name: string, bytes: Uint8Array | null): void {
    if (!bytes) this.#sql.exec("DELETE FROM resources WHERE name = ?", name);
    else
      this.#sql.exec(
        "INSERT OR REPLACE INTO resources (name, sha256) VALUES (?, ?)",
        ...[name, this.putArtifact(bytes)],
      );
  }

  fence(decision: Digest): FenceRow | null {
    const [row] = this.#sql
      .exec<{ state: "begun" | "done" | "closed"; since: number; result: string | null }>(
        "SELECT state, since, result FROM fence WHERE decision = ?",
        decision,
      )
      .toArray();
    if (!row) return null;
    const { state, since, result } = row;
    if (state !== "done") return { state, since };
    return result === null ? { state: "closed", since } : { state, since, result };
  }

  /** Commits that a remote call is about to leave. True only for the first who says so. */
  beginFence(decision: Digest, since: number): boolean {
    const { rowsWritten } = this.#sql.exec(
      "INSERT OR IGNORE INTO fence (decision, state, since, result) VALUES (?, 'begun', ?, NULL)",
      ...[decision, since],
    );
    return rowsWritten > 0;
  }

  /** Says that the call happened. Stands unless the fence is done or closed already; gives the row that stands. */
  finishFence(decision: Digest, since: number, result: string): FenceRow | null {
    this.#sql.exec(
      `INSERT INTO fence (decision, state, since, result) VALUES (?1, 'done', ?2, ?3)
       ON CONFLICT (decision) DO UPDATE SET state = 'done', result = ?3 WHERE state = 'begun'`,
      ...[decision, since, result],
    );
    return this.fence(decision);
  }

  /** Says that the call will not happen any more, or that nobody can know. Stands unless the fence is done. */
  closeFence(decision: Digest, since: number): FenceRow | null {
    this.#sql.exec(
      `INSERT INTO fence (decision, state, since, result) VALUES (?1, 'closed', ?2, NULL)
       ON CONFLICT (decision) DO UPDATE SET state = 'closed' WHERE state = 'begun'`,
      ...[decision, since],
    );
    return this.fence(decision);
  }

  /** The proofs that the log has receipts, in order. Kept apart from the tables above, for a store of before the log has none. */
  anchors(): Anchor[] {
    if (!this.#has("anchors")) return [];
    return this.#sql
      .exec<{ seq: number; proof: string }>("SELECT seq, proof FROM anchors ORDER BY seq")
      .toArray();
  }

  /** Keeps a proof, in place of an older one. */
  putAnchor({ seq, proof }: Anchor): void {
    this.#sql.exec("CREATE TABLE IF NOT EXISTS anchors (seq INTEGER PRIMARY KEY, proof TEXT NOT NULL)");
    this.#sql.exec("INSERT OR REPLACE INTO anchors (seq, proof) VALUES (?, ?)", seq, proof);
  }

  /** How often the step that is due at a head has failed. */
  attempts(head: Digest | null): Attempts {
    const [row] = this.#sql
      .exec<{ head: string | null; tries: number; reason: string }>(
        "SELECT head, tries, reason FROM attempts",
      )
      .toArray();
    return row && row.head === head ? { tries: row.tries, reason: row.reason } : { tries: 0, reason: "" };
  }

  /** Notes that the step that is due at a head has failed once more. */
  noteAttempt(head: Digest | null, reason: string): Attempts {
    const tries = this.attempts(head).tries + 1;
    this.#sql.exec(
      "INSERT OR REPLACE INTO attempts (id, head, tries, reason) VALUES (0, ?, ?, ?)",
      head,
      tries,
      reason,
    );
    return { tries, reason };
  }
}
