// How often the step that is due has been tried, kept in the run's storage: a restart forgets no failure, so that no run is tried
// for ever. One row, for the receipt that is due; once that is signed, the row is about nothing.
import { describeThrown } from "./describe-thrown.ts";

/** Most tries of one step. After them the run ends with the reason, or goes on without what failed. */
export const MAX_TRIES = 5;
/** The pause after a first failed try, in milliseconds; each further one is three times as long. */
const FIRST_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 300_000;

/** The tries of one step. */
export interface Try {
  /** Those that were begun. */
  readonly count: number;
  /** When the next one may begin, in milliseconds since 1970. */
  readonly due: number;
  /** Why the last one failed; null where none has, or it was cut off before it could say so. */
  readonly reason: string | null;
}

const NONE: Try = { count: 0, due: 0, reason: null };

type Row = Try & { readonly seq: number };

export class Tries {
  readonly #sql: SqlStorage;
  readonly #now: () => number;
  #row: Row | null;

  constructor(sql: SqlStorage, now: () => number) {
    this.#sql = sql;
    this.#now = now;
    // A run of an earlier version has no such table.
    sql.exec(
      "CREATE TABLE IF NOT EXISTS tries (id INTEGER PRIMARY KEY CHECK (id = 0), seq INTEGER NOT NULL, count INTEGER NOT NULL, due INTEGER NOT NULL, reason TEXT)",
    );
    const [row] = sql
      .exec<{ [K in keyof Row]: Row[K] }>("SELECT seq, count, due, reason FROM tries")
      .toArray();
    this.#row = row ?? null;
  }

  /** The tries so far of the receipt with this number. */
  of(seq: number): Try {
    return this.#row?.seq === seq ? this.#row : NONE;
  }

  /**
   * Counts a try before it begins. Kept where what is begun may end the whole instance, and so could never say that it failed: a
   * planner that thinks without end or takes all memory.
   */
  begin(seq: number, isKept: boolean): void {
    const { count, reason } = this.of(seq);
    this.#set({ seq, count: count + 1, due: this.#now() + pauseAfter(count + 1), reason }, isKept);
  }

  /** Notes why the try that was begun last has failed, and returns how many there have been. */
  fail(seq: number, error: unknown): number {
    const { count } = this.of(seq);
    this.#set({ seq, count, due: this.#now() + pauseAfter(count), reason: describeThrown(error) }, true);
    return count;
  }

  #set(row: Row, isKept: boolean): void {
    this.#row = row;
    if (!isKept) return;
    const { seq, count, due, reason } = row;
    this.#sql.exec(
      "INSERT OR REPLACE INTO tries (id, seq, count, due, reason) VALUES (0, ?, ?, ?, ?)",
      ...[seq, count, due, reason],
    );
  }
}

function pauseAfter(tries: number): number {
  return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 3 ** (tries - 1));
}
