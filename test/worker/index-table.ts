// The table behind the list of runs, for tests that look into it, spoil it, break it and mend it.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { RunEntry } from "../../src/chain/index.ts";
import { runIndexOf } from "../../src/run/run-index-stub.ts";

/** Does something with the list's own database. */
export function inIndex<Value>(work: (sql: SqlStorage) => Value): Promise<Value> {
  return runInDurableObject(runIndexOf(env), (_, { storage }) => work(storage.sql));
}

export async function emptyIndex(): Promise<void> {
  await inIndex((sql) => void sql.exec("DELETE FROM runs"));
}

/** From now on the list fails whatever it is asked, and takes nothing. */
export async function breakIndex(): Promise<void> {
  await inIndex((sql) => void sql.exec("ALTER TABLE runs RENAME TO lost"));
}

export async function mendIndex(): Promise<void> {
  await inIndex((sql) => void sql.exec("ALTER TABLE lost RENAME TO runs"));
}

/** How a run is listed, or null when it is not. */
export function listedAs(run: string): Promise<RunEntry | null> {
  return inIndex((sql) => {
    const [row] = sql.exec<{ entry: string }>("SELECT entry FROM runs WHERE run = ?", run).toArray();
    return row ? JSON.parse(row.entry) : null;
  });
}
