// What a run keeps beside its chain: notes, messages to the outside, and what stays of it once it is deleted. Rows in, rows out; nothing
// is decided by what stands here.
import type { RunStore } from "../engine/index.ts";
import type { Note } from "./run-records.ts";

/** Upper bound on notes of one kind: anyone who may start runs can add one per run. */
const MAX_NOTES = 10_000;

const SCHEMA = `
  CREATE TABLE notes (id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, by TEXT NOT NULL, UNIQUE (kind, by));
  CREATE TABLE outbox (
    id TEXT PRIMARY KEY, topic TEXT NOT NULL, seq INTEGER NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL
  ) WITHOUT ROWID;
`;

/** What the run owes somebody outside: `seq` is the receipt it is about, `due` when to try again, in ms since 1970. */
export interface Message {
  readonly id: string;
  readonly topic: "index" | "webhook" | "parent" | "log";
  readonly seq: number;
  readonly tries: number;
  readonly due: number;
}

/** What stays of a run that has been deleted: its name must never be another run's, and its head tells which chain it was. */
export interface Gone {
  readonly run?: string;
  readonly head: string;
  readonly count: number;
  readonly at: string;
}

export class SideStore {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
  }

  /** Makes the tables, in the transaction that creates the run. */
  create(): void {
    this.#sql.exec(SCHEMA);
  }

  /** What stays of a run that was here, or null. */
  gone(): Gone | null {
    const exists = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'gone'").toArray().length > 0;
    return exists ? this.#sql.exec<{ [K in keyof Gone]: Gone[K] }>("SELECT * FROM gone").one() : null;
  }

  /** Deletes the run, at once and whole: every table that there is, known here or not. Call it in a transaction. */
  remove(store: RunStore, at: string): Gone {
    const { count, digest } = store.head();
    const gone = { run: store.run() ?? "", head: digest ?? "", count, at };
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
  }

  /** Keeps a note, while there is room; of two that say the same the first stands. */
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
  putMessage({ id, topic, seq, due }: Omit<Message, "tries">): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO outbox (id, topic, seq, tries, due) VALUES (?, ?, ?, 0, ?)",
      ...[id, topic, seq, due],
    );
  }

  /** Everything that is still to be delivered, the most pressing first. */
  messages(): Message[] {
    const query = "SELECT id, topic, seq, tries, due FROM outbox ORDER BY due, id";
    return this.#sql.exec<{ [K in keyof Message]: Message[K] }>(query).toArray();
  }

  /** Takes out a message that has arrived or is given up, unless a newer one has taken its place. */
  dropMessage({ id, seq }: Message): void {
    this.#sql.exec("DELETE FROM outbox WHERE id = ? AND seq = ?", id, seq);
  }

  /** Notes a failed try. */
  postponeMessage({ id, seq, tries }: Message, due: number): void {
    this.#sql.exec("UPDATE outbox SET tries = ?, due = ? WHERE id = ? AND seq = ?", tries + 1, due, id, seq);
  }
}
