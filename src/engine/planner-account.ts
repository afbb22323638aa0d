// What a run's planner has used of its model, what the two said to each other since the last evidence receipt, and the script that
// failed last. One row beside the chain: it outlives a restart, and no rule reads it. Made at its first use, for most runs need none.
import type { Spent } from "../domain/index.ts";

/** Longest transcript that is kept until it is signed, in UTF-16 code units: at most 900 KB. The newest words stand. */
const LONGEST = 300_000;
const CUT = "[Earlier words are left out.]\n";

const NOTHING = { calls: 0, tokens: 0, seconds: 0, transcript: "", script: "" };
type Row = typeof NOTHING;

export class PlannerAccount {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
  }

  spent(): Spent {
    const { calls, tokens, seconds } = this.#read();
    return { calls, tokens, seconds };
  }

  /** Adds to what was spent. Anything but a positive number counts as nothing. */
  spend(more: Partial<Spent>): void {
    const row = this.#read();
    const added = (name: keyof Spent) => row[name] + positive(more[name]);
    this.#write({ ...row, calls: added("calls"), tokens: added("tokens"), seconds: added("seconds") });
  }

  tell(words: string): void {
    const row = this.#read();
    const whole = row.transcript + String(words).toWellFormed();
    const transcript = whole.length <= LONGEST ? whole : CUT + whole.slice(CUT.length - LONGEST);
    this.#write({ ...row, transcript: transcript.toWellFormed() });
  }

  /** What was told since it was last forgotten; empty where nothing was. */
  transcript(): string {
    return this.#read().transcript;
  }

  forgetTranscript(): void {
    const row = this.#read();
    if (row.transcript !== "") this.#write({ ...row, transcript: "" });
  }

  /** Keeps the script of an attempt that failed, for the planner to mend; null where it had none. */
  noteFailure(script: string | null): void {
    const row = this.#read();
    if (row.script !== (script ?? "")) this.#write({ ...row, script: (script ?? "").slice(0, LONGEST) });
  }

  failedScript(): string | null {
    return this.#read().script || null;
  }

  #read(): Row {
    if (this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'planner'").toArray().length === 0) {
      return NOTHING;
    }
    const [row] = this.#sql
      .exec<Row>("SELECT calls, tokens, seconds, transcript, script FROM planner")
      .toArray();
    return row ?? NOTHING;
  }

  #write({ calls, tokens, seconds, transcript, script }: Row): void {
    this.#sql.exec(
      `CREATE TABLE IF NOT EXISTS planner (
         id INTEGER PRIMARY KEY CHECK (id = 0), calls REAL NOT NULL, tokens REAL NOT NULL, seconds REAL NOT NULL, transcript TEXT NOT NULL,
         script TEXT NOT NULL
       )`,
    );
    this.#sql.exec(
      "INSERT OR REPLACE INTO planner (id, calls, tokens, seconds, transcript, script) VALUES (0, ?, ?, ?, ?, ?)",
      ...[calls, tokens, seconds, transcript, script],
    );
  }
}

function positive(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
