// The desk's list of runs, in D1: a projection that every run reports by itself and that the runs can fill again. It is
// never a source of truth: nothing is decided by what stands here.
import type { RunEntry, RunStatus } from "../chain/index.ts";

/** Where a page of the list ends: the entry after which the next one goes on. */
export type Place = Pick<RunEntry, "createdAt" | "run">;

/** Which entries to list. */
export interface Listing {
  readonly statuses: readonly RunStatus[];
  /** Only entries older than this one; null begins with the newest. */
  readonly after: Place | null;
  readonly limit: number;
}

export class RunIndex {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** Enters a run as it is. Reports may come late, twice or out of order: an entry with more receipts stands. */
  async report(entry: RunEntry): Promise<void> {
    const { run, createdAt, status, count, expiresAt } = entry;
    await this.#db
      .prepare(
        `INSERT INTO runs (run, created_at, status, count, expires_at, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (run) DO UPDATE SET status = ?3, count = ?4, expires_at = ?5, entry = ?6
         WHERE excluded.count > runs.count OR (excluded.count = runs.count AND excluded.entry <> runs.entry)`,
      )
      .bind(run, createdAt, status, count, expiresAt, JSON.stringify(entry))
      .run();
  }

  /** Strikes a run off the list. Safe to repeat. */
  async forget(run: string): Promise<void> {
    await this.#db.prepare("DELETE FROM runs WHERE run = ?").bind(run).run();
  }

  /** Entries of these statuses, newest first. A page stays what it is when newer runs are entered. */
  async list({ statuses, after, limit }: Listing): Promise<RunEntry[]> {
    const marks = statuses.map(() => "?").join(", ");
    const older = after ? "AND (created_at, run) < (?, ?)" : "";
    const place = after ? [after.createdAt, after.run] : [];
    return this.#entries(
      `SELECT entry FROM runs WHERE status IN (${marks}) ${older} ORDER BY created_at DESC, run DESC LIMIT ?`,
      [...statuses, ...place, limit],
    );
  }

  /** Runs that wait for a decision, for only they have a time at which it runs out; the one with the least time left first. */
  async awaitingDecision(limit: number): Promise<RunEntry[]> {
    return this.#entries(
      "SELECT entry FROM runs WHERE expires_at IS NOT NULL ORDER BY expires_at, run LIMIT ?",
      [limit],
    );
  }

  async #entries(sql: string, values: readonly unknown[]): Promise<RunEntry[]> {
    const { results } = await this.#db
      .prepare(sql)
      .bind(...values)
      .all<{ entry: string }>();
    return results.map(({ entry }) => JSON.parse(entry));
  }
}
