// Reaches into the Durable Objects of the edge's tests: the run's context, its clock, its rows; and the list's table.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import type { RunContext } from "../../src/engine/index.ts";
import type { ListedRun } from "../../src/host/index.ts";
import type { RunIndex } from "../../src/host/run-index.ts";
import { env } from "./client.ts";
import { type FlagRun, overrides } from "./worker.ts";

export const DAY = 86_400_000;

/** The Durable Object of a run. */
export const stubOf = (run: string): DurableObjectStub<FlagRun> => env.RUN.getByName(run);

/** The Durable Object of the list. */
export const indexStub = (): DurableObjectStub<RunIndex> => env.INDEX.getByName("runs");

/** Does something inside the Durable Object of a run, whatever can be read of it. */
export function within<Value>(
  run: string,
  work: (instance: FlagRun, state: DurableObjectState) => Promise<Value> | Value,
): Promise<Value> {
  return runInDurableObject(stubOf(run), async (instance, state) => work(instance, state));
}

/** The same with the context of the opened run. */
export function inside<Value>(
  run: string,
  work: (context: RunContext, instance: FlagRun, state: DurableObjectState) => Promise<Value> | Value,
): Promise<Value> {
  return within(run, async (instance, state) => {
    const opened = await instance.open();
    if (!opened.ok) throw new Error(`${opened.refusal.code}: ${opened.refusal.message}`);
    return work(opened.value.context, instance, state);
  });
}

/** Does something while runs that are made or loaded find other variables. */
export async function withVars<Value>(
  vars: Readonly<Record<string, string | undefined>>,
  work: () => Promise<Value>,
): Promise<Value> {
  Object.assign(overrides, vars);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(vars)) delete overrides[name];
  }
}

/** Changes the stored rows of a run, and ends the instance that knew them as they were. */
export async function change(run: string, sql: string): Promise<void> {
  await within(run, (_, { storage }) => void storage.sql.exec(sql));
  await evictDurableObject(stubOf(run));
}

/** For {@link change}: makes a stored signature another. */
export const DAMAGE = `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA')`;

export const alarmOf = (run: string) => within(run, (_, { storage }) => storage.getAlarm());

/** Does something with the list's own database. */
export function inIndex<Value>(work: (sql: SqlStorage) => Value): Promise<Value> {
  return runInDurableObject(indexStub(), (_: RunIndex, { storage }) => work(storage.sql));
}

export const emptyIndex = () => inIndex((sql) => void sql.exec("DELETE FROM runs"));
/** From now on the list fails whatever it is asked, and takes nothing. */
export const breakIndex = () => inIndex((sql) => void sql.exec("ALTER TABLE runs RENAME TO lost"));
export const mendIndex = () => inIndex((sql) => void sql.exec("ALTER TABLE lost RENAME TO runs"));

/** How a run is listed, or null when it is not. */
export function listedAs(run: string): Promise<ListedRun | null> {
  return inIndex((sql) => {
    const [row] = sql.exec<{ entry: string }>("SELECT entry FROM runs WHERE run = ?", run).toArray();
    return row ? JSON.parse(row.entry) : null;
  });
}

/** What a resource of a run holds now; null for nothing. */
export const flag = (run: string, name = "flag:new_pricing") =>
  inside(run, ({ own }) => own.contents().get(name) ?? null);
