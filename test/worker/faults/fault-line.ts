// Stops the Durable Object of a run at any boundary: any call by which it reaches out of its own memory, into storage, into
// Code Mode's facet, into a Worker that it loads. Boundaries are met by watching a pass, never listed by hand, so that a new
// step is covered by itself. Nothing of this is in the product: it stands between one instance and its own ctx and env.
import type { Env } from "../../../src/run/env.ts";
import type { RunDurableObject } from "../../../src/run/run-durable-object.ts";

/** `ctx.abort()` with a reason that starts so is no news to the test pool, which ends its own instances that way. */
export const STOPPED = "Instance dispose: stopped at a fault point";

/**
 * The boundaries that instances come to, in order, and the one at which to stop. A boundary is named by its call and how
 * often that was made before, so that it is found again though deliveries to the outside go on beside the run.
 */
export class FaultLine {
  readonly met: string[] = [];
  readonly #times = new Map<string, number>();
  readonly #stopAt: string | null;
  #countdown = Number.POSITIVE_INFINITY;
  #stopped: string | null = null;
  /** What the index is being told. Its server complains loudly of a client that dies on it. */
  readonly #telling = new Set<Promise<unknown>>();

  /** @param stopAt a name that {@link met} had on another walk; without it, the line only watches. */
  constructor(stopAt: string | null = null) {
    this.#stopAt = stopAt;
  }

  /** Stops the instance at a boundary that it has yet to come to, counted from here. */
  stopAfter(boundaries: number): void {
    this.#countdown = boundaries;
  }

  /** The boundary at which an instance was stopped, or null while none was. */
  get stopped(): string | null {
    return this.#stopped;
  }

  /** Watches an instance. To be called before it does anything; the instance that follows it is not watched. */
  watch(instance: RunDurableObject, state: DurableObjectState): void {
    const env: Env = { ...Reflect.get(instance, "env") };
    const reach = (point: string) => this.reach(point, state);
    this.#watchStorage(state, reach);
    const get = state.facets.get.bind(state.facets);
    replace(state.facets, "get", (...facet: Parameters<typeof get>) =>
      announced(get(...facet), "codemode", reach),
    );
    const loader = env.LOADER;
    replace(env, "LOADER", {
      load: (code: WorkerLoaderWorkerCode) => {
        const worker = loader.load(code);
        const name = code.mainModule === "executor.js" ? "script" : "probe";
        return { getEntrypoint: () => announced(worker.getEntrypoint(), name, reach) };
      },
    });
    replace(env, "INDEX", this.#watchDatabase(env.INDEX, reach));
    replace(instance, "env", env);
  }

  /**
   * Comes to a boundary, and stops the instance if it is the one. What was written so far is made durable first: the next
   * instance finds all of it, and nothing of what the call would have done.
   */
  async reach(point: string, state: DurableObjectState): Promise<void> {
    // While its writes are made durable, a stopped instance gets no further.
    if (this.#stopped !== null) return new Promise(() => {});
    if (!this.#isHere(point)) return;
    await Promise.allSettled(this.#telling);
    await state.storage.sync();
    state.abort(STOPPED);
  }

  /** The same where nothing can be awaited: in the middle of a transaction, which is lost. */
  reachAtOnce(point: string, state: DurableObjectState): void {
    if (this.#stopped !== null) throw new Error(STOPPED);
    if (this.#isHere(point)) state.abort(STOPPED);
  }

  #isHere(call: string): boolean {
    const times = this.#times.get(call) ?? 0;
    // The probe's requests change nothing: between one and the next is the same boundary.
    const again = call === "probe.fetch" && this.met.at(-1)?.startsWith(call);
    if (again) return false;
    this.#times.set(call, times + 1);
    const point = `${call} ${times}`;
    this.met.push(point);
    this.#countdown -= 1;
    if (point !== this.#stopAt && this.#countdown >= 0) return false;
    this.#stopped = point;
    return true;
  }

  #watchDatabase(database: D1Database, reach: (point: string) => Promise<void>) {
    const statement = (real: D1PreparedStatement): object => ({
      bind: (...values: unknown[]) => statement(real.bind(...values)),
      run: async () => {
        await reach("index.run");
        const told = real.run();
        this.#telling.add(told);
        return told.finally(() => this.#telling.delete(told));
      },
    });
    return { prepare: (query: string) => statement(database.prepare(query)) };
  }

  #watchStorage(state: DurableObjectState, reach: (point: string) => Promise<void>): void {
    const { storage } = state;
    let inTransaction = false;
    const transactionSync = storage.transactionSync.bind(storage);
    replace(storage, "transactionSync", (work: () => unknown) =>
      transactionSync(() => {
        inTransaction = true;
        try {
          const value = work();
          this.reachAtOnce("storage.transactionSync", state);
          return value;
        } finally {
          inTransaction = false;
        }
      }),
    );
    const exec = storage.sql.exec.bind(storage.sql);
    replace(storage.sql, "exec", (query: string, ...values: unknown[]) => {
      // A transaction is lost as a whole wherever in it the instance stops, and reading changes nothing.
      if (!inTransaction && !/^\s*SELECT/.test(query)) this.reachAtOnce("storage.sql.exec", state);
      return exec(query, ...values);
    });
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(storage))) {
      const method: unknown = Reflect.get(storage, name);
      if (typeof method !== "function" || /^(constructor|sync|get|list|transactionSync)/.test(name)) continue;
      replace(storage, name, async (...values: unknown[]) => {
        await reach(`storage.${name}`);
        return Reflect.apply(method, storage, values);
      });
    }
  }
}

/** The same object, but each call of a method comes to a boundary first. */
function announced<Target extends object>(
  target: Target,
  name: string,
  reach: (point: string) => Promise<void>,
): Target {
  return new Proxy(target, {
    get(object, key) {
      const member: unknown = Reflect.get(object, key);
      if (typeof member !== "function") return member;
      if (typeof key === "symbol") return (...values: unknown[]) => Reflect.apply(member, object, values);
      return async (...values: unknown[]) => {
        await reach(`${name}.${key}`);
        return Reflect.apply(member, object, values);
      };
    },
  });
}

function replace(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true });
}
