// The newest firing of each alert that started a run here, so that an end which does not name its firing finds the run. Stands beside
// the list of runs, and like it decides nothing: what comes of it is an unsigned note.

/** A firing that started a run: the alert's own name, the name of this firing, and when it began, as an instant. */
export interface Firing {
  readonly alert: string;
  readonly key: string;
  readonly run: string;
  readonly firedAt: string;
}

/** The end of an alert: its own name, and the run of the firing that it ends, where the end says which that is. */
export interface FiringEnd {
  readonly alert: string;
  readonly end: string;
  readonly run: string | null;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS firings (
  alert TEXT PRIMARY KEY, key TEXT NOT NULL, run TEXT NOT NULL, fired_at TEXT NOT NULL, ended_by TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS firings_by_run ON firings (run);
`;

export class Firings {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  /** Enters a firing. Safe to repeat: of two the later one stands, and one that has ended stays so. */
  enter({ alert, key, run, firedAt }: Firing): void {
    this.#sql.exec(
      `INSERT INTO firings (alert, key, run, fired_at) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (alert) DO UPDATE SET key = ?2, run = ?3, fired_at = ?4, ended_by = NULL
       WHERE run <> ?3 AND fired_at <= ?4`,
      ...[alert, key, run, firedAt],
    );
  }

  /** Ends the open firing of an alert, and says which that was; null when none is open. Safe to repeat: the same end finds the same. */
  end({ alert, end, run }: FiringEnd): Pick<Firing, "key" | "run"> | null {
    const [found] = this.#sql
      .exec<{ key: string; run: string }>(
        `UPDATE firings SET ended_by = ?2 WHERE alert = ?1 AND coalesce(ended_by, ?2) = ?2 AND run = coalesce(?3, run)
         RETURNING key, run`,
        ...[alert, end, run],
      )
      .toArray();
    return found ?? null;
  }

  /** Forgets the firings of a run that is gone. */
  forget(run: string): void {
    this.#sql.exec("DELETE FROM firings WHERE run = ?", run);
  }
}
