// A run's SQLite tables: request, receipts, artifacts, files, fence and outbox. Rows in, rows out; no rule lives here.
// Tables are made when a run starts, so that asking after an unknown run leaves nothing behind. Bytes are kept in a table with
// row ids: without them SQLite puts all but the shortest on pages of their own (sqlite.org/withoutrowid.html).
import { type Digest, type Receipt, sha256Hex } from "../receipt/index.ts";
import type { RunRequest } from "./run-request.ts";
import type { FenceRow, FileRow, Gone, Note, OutboxRow } from "./run-rows.ts";

/** Upper bound on notes of one kind: anyone who may start runs can add one per run, and any source one per notification. */
const MAX_NOTES = 10_000;

const SCHEMA = `
  CREATE TABLE request (id INTEGER PRIMARY KEY CHECK (id = 0), run TEXT NOT NULL, body TEXT NOT NULL);
  CREATE TABLE receipts (seq INTEGER PRIMARY KEY, digest TEXT NOT NULL, envelope TEXT NOT NULL);
  CREATE TABLE artifacts (sha256 TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE files (path TEXT NOT NULL, version INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (path, version)) WITHOUT ROWID;
  CREATE TABLE fence (
    decision TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('written', 'closed')), result TEXT,
    CHECK ((state = 'written') = (result IS NOT NULL))
  ) WITHOUT ROWID;
  CREATE TABLE notes (id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, by TEXT NOT NULL, UNIQUE (kind, by));
  CREATE TABLE outbox (
    id TEXT PRIMARY KEY, topic TEXT NOT NULL, seq INTEGER NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL
  ) WITHOUT ROWID;
`;

/** An envelope from its row, of unknown form: whatever stands there that is not JSON comes as it is. */
export function parseEnvelope(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return row;
  }
}

/** An artifact's row. Whoever changed it may have put anything in place of the bytes. */
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

  /** The request this run was started with, or null when no run was ever started here. */
  request(): { run: string; body: RunRequest } | null {
    const exists = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'request'").toArray().length > 0;
    if (!exists) return null;
    const [row] = this.#sql.exec<{ run: string; body: string }>("SELECT run, body FROM request").toArray();
    return row ? { run: row.run, body: JSON.parse(row.body) } : null;
  }

  /** The run that was started here, whatever else can be read of its request; null when there is none. */
  name(): string | null {
    const exists = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'request'").toArray().length > 0;
    if (!exists) return null;
    return this.#sql.exec<{ run: string }>("SELECT run FROM request").toArray()[0]?.run ?? null;
  }

  /** What stays of a run that was here, or null. */
  gone(): Gone | null {
    const exists = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'gone'").toArray().length > 0;
    if (!exists) return null;
    return this.#sql.exec<{ [K in keyof Gone]: Gone[K] }>("SELECT * FROM gone").one();
  }

  /** Deletes the run, at once and whole: every table that there is, known here or not, in one transaction. */
  remove(at: string): Gone {
    return this.transaction(() => {
      const { count, digest } = this.head();
      const gone = { run: this.request()?.run ?? "", head: digest ?? "", count, at };
      const tables = this.#sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_%' ESCAPE '\\'",
        )
        .toArray();
      for (const { name } of tables) this.#sql.exec(`DROP TABLE "${name}"`);
      this.#sql.exec(
        "CREATE TABLE gone (run TEXT NOT NULL, head TEXT NOT NULL, count INTEGER NOT NULL, at TEXT NOT NULL)",
      );
      this.#sql.exec(
        "INSERT INTO gone (run, head, count, at) VALUES (?, ?, ?, ?)",
        ...[gone.run, gone.head, gone.count, gone.at],
      );
      return gone;
    });
  }

  create(run: string, body: RunRequest): void {
    this.#sql.exec(SCHEMA);
    this.#sql.exec("INSERT INTO request (id, run, body) VALUES (0, ?, ?)", run, JSON.stringify(body));
  }

  /** Every stored envelope in order, exactly as it stands in its row. */
  envelopeRows(): string[] {
    const rows = this.#sql.exec<{ envelope: string }>("SELECT envelope FROM receipts ORDER BY seq").toArray();
    return rows.map(({ envelope }) => envelope);
  }

  /** Every stored envelope in order, of unknown form. */
  envelopes(): unknown[] {
    return this.envelopeRows().map(parseEnvelope);
  }

  /** How many receipts there are and the digest of the last, as the rows say. */
  head(): { count: number; digest: string | null } {
    const [row] = this.#sql
      .exec<{ seq: number; digest: string }>("SELECT seq, digest FROM receipts ORDER BY seq DESC LIMIT 1")
      .toArray();
    return row ? { count: row.seq + 1, digest: row.digest } : { count: 0, digest: null };
  }

  appendReceipt({ digest, envelope, statement }: Receipt): void {
    const { seq } = statement.predicate;
    this.#sql.exec(
      "INSERT INTO receipts (seq, digest, envelope) VALUES (?, ?, ?)",
      seq,
      digest,
      JSON.stringify(envelope),
    );
  }

  /** Stores exact bytes under their SHA-256, which it returns in hex. Whatever else stood there gives way to them. */
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

  /** Every file at its newest version, by path. */
  newestFiles(): FileRow[] {
    // Of each group SQLite gives the row that has the maximum (sqlite.org/lang_select.html#bareagg).
    return this.#sql
      .exec<{ [K in keyof FileRow]: FileRow[K] }>(
        "SELECT path, max(version) AS version, sha256 FROM files GROUP BY path ORDER BY path",
      )
      .toArray();
  }

  /** A file's newest version, or null. Version 0 is the file as the run found it. */
  newestFile(path: string): FileRow | null {
    const [row] = this.#sql
      .exec<{ [K in keyof FileRow]: FileRow[K] }>(
        "SELECT path, version, sha256 FROM files WHERE path = ? ORDER BY version DESC LIMIT 1",
        path,
      )
      .toArray();
    return row ?? null;
  }

  /** Every file as the run found it. */
  originalFiles(): { path: string; sha256: string }[] {
    return this.#sql
      .exec<{ path: string; sha256: string }>("SELECT path, sha256 FROM files WHERE version = 0")
      .toArray();
  }

  putFile(path: string, version: number, sha256: string): void {
    this.#sql.exec("INSERT INTO files (path, version, sha256) VALUES (?, ?, ?)", path, version, sha256);
  }

  fence(decision: Digest): FenceRow | null {
    const [row] = this.#sql
      .exec<{ state: string; result: string | null }>(
        "SELECT state, result FROM fence WHERE decision = ?",
        decision,
      )
      .toArray();
    if (!row) return null;
    return row.result === null ? { state: "closed" } : { state: "written", result: row.result };
  }

  /** Whether any gated write was ever made. */
  hasWritten(): boolean {
    return this.#sql.exec("SELECT 1 FROM fence WHERE state = 'written' LIMIT 1").toArray().length > 0;
  }

  /** Inserts the fence's row for a decision. The first insert wins; the row that stands is returned. */
  setFence(decision: Digest, wanted: FenceRow): FenceRow {
    const result = wanted.state === "written" ? wanted.result : null;
    this.#sql.exec(
      "INSERT OR IGNORE INTO fence (decision, state, result) VALUES (?, ?, ?)",
      decision,
      wanted.state,
      result,
    );
    return this.fence(decision) ?? { state: "closed" };
  }

  /** Keeps a note, while there is room for its kind; of two that say the same the first stands. */
  putNote({ kind, at, by }: Note): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO notes (kind, at, by)
       SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM notes WHERE kind = ?1) < ?4`,
      ...[kind, at, by, MAX_NOTES],
    );
  }

  /** The newest notes of a kind, in the order in which they came. */
  notes(kind: Note["kind"], limit: number): Note[] {
    return this.#sql
      .exec<{ [K in keyof Note]: Note[K] }>(
        "SELECT kind, at, by FROM notes WHERE kind = ? ORDER BY id DESC LIMIT ?",
        ...[kind, limit],
      )
      .toArray()
      .reverse();
  }

  /** Puts a message into the outbox, in place of one with its id. */
  putMessage({ id, topic, seq, due }: Omit<OutboxRow, "tries">): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO outbox (id, topic, seq, tries, due) VALUES (?, ?, ?, 0, ?)",
      ...[id, topic, seq, due],
    );
  }

  /** Everything that is still to be delivered, the most pressing first. */
  messages(): OutboxRow[] {
    return this.#sql
      .exec<{ [K in keyof OutboxRow]: OutboxRow[K] }>(
        // A run of an earlier version may have a row for the list of runs, too.
        "SELECT * FROM outbox WHERE topic <> 'index' ORDER BY due, id",
      )
      .toArray();
  }

  /** Takes out a message that has arrived or is given up. */
  dropMessage({ id }: OutboxRow): void {
    this.#sql.exec("DELETE FROM outbox WHERE id = ?", id);
  }

  /** Notes a failed try. */
  postponeMessage({ id, tries }: OutboxRow, due: number): void {
    this.#sql.exec("UPDATE outbox SET tries = ?, due = ? WHERE id = ?", tries + 1, due, id);
  }
}
