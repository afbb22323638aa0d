// Stops the Durable Object of a run at any boundary: any call by which it reaches out of its own memory, into storage, into Code
// Mode's facet, into a Worker that it loads, to the index, to a receiver of webhooks. Boundaries are met by watching a pass, never
// listed by hand, so that a new step is covered by itself. Nothing of this is in the product: it stands between an instance and
// its own ctx and env.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Env } from "../../../src/run/env.ts";
import type { RunDurableObject } from "../../../src/run/run-durable-object.ts";
import { Upkeep } from "../../../src/run/upkeep.ts";
import { intercept } from "./receiver.ts";

/** `ctx.abort()` with a reason that starts so is no news to the test pool, which ends its own instances that way. */
export const STOPPED = "Instance dispose: stopped at a fault point";

// A walk comes to the same boundaries each time: a pause between two tries is as long as it is on average.
Math.random = () => 0.5;

/** Comes to the boundary before a call. */
type Reach = (call: string) => Promise<void>;

/** Calls that only read. To stop before one is to stop before the call that follows it: what is stored is the same. */
const READS = /^(get|list)/;

/** Set in whatever a delivery does. It goes on beside the run, so that which of their calls comes first is left to chance. */
const delivering = new AsyncLocalStorage<true>();
for (const name of ["deliver", "resume"] as const) {
  const work = Upkeep.prototype[name];
  Upkeep.prototype[name] = function (this: Upkeep) {
    return delivering.run(true, () => work.call(this));
  };
}

/**
 * The boundaries that instances come to, in order, and the one at which to stop. A boundary of the run is named by its call
 * and how often the run made that before. One of a delivery is named by its call alone: whichever receipt is told of, the
 * next instance tells it again, while to the run a stop there is one at its own next boundary.
 */
export class FaultLine {
  readonly met: string[] = [];
  readonly #times = new Map<string, number>();
  readonly #stopAt: string | null;
  #countdown = Number.POSITIVE_INFINITY;
  #stopped: string | null = null;
  #lastCall: string | null = null;

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
      this.#announced(get(...facet), "codemode", reach),
    );
    const loader = env.LOADER;
    replace(env, "LOADER", {
      load: (code: WorkerLoaderWorkerCode) => {
        const worker = loader.load(code);
        const name = code.mainModule === "executor.js" ? "script" : "probe";
        return { getEntrypoint: () => this.#announced(worker.getEntrypoint(), name, reach) };
      },
    });
    const runs = env.RUN;
    replace(env, "RUN", {
      getByName: (run: string) => this.#announced(runs.getByName(run), "parent", reach),
    });
    const lists = env.INDEX;
    replace(env, "INDEX", {
      getByName: (name: string) => this.#announced(lists.getByName(name), "index", reach),
    });
    intercept(env.WEBHOOK_URL ?? "", async (answer) => {
      await reach("receiver.fetch");
      // The platform lets nothing out before what it follows from is durable. This receiver is not outside.
      await state.storage.sync();
      return this.#hear(answer());
    });
    replace(instance, "env", env);
    // An alarm that was stopped has not been seen to; whoever fires it must not take it that it has.
    const alarm = instance.alarm.bind(instance);
    replace(instance, "alarm", () => this.#hear(alarm()));
  }

  /**
   * Comes to a boundary, and stops the instance if it is the one. What was written so far is made durable first: the next
   * instance finds all of it, and nothing of what the call would have done.
   */
  async reach(point: string, state: DurableObjectState): Promise<void> {
    if (this.#stopped !== null) return forever();
    if (!this.#isHere(point)) return;
    await state.storage.sync();
    state.abort(STOPPED);
  }

  /** The same where nothing can be awaited: in the middle of a transaction, which is lost. */
  reachAtOnce(point: string, state: DurableObjectState): void {
    if (this.#stopped !== null) throw new Error(STOPPED);
    if (this.#isHere(point)) state.abort(STOPPED);
  }

  #isHere(call: string): boolean {
    this.#countdown -= 1;
    const point = this.#name(call);
    if (point === null) return false;
    if (!this.met.includes(point)) this.met.push(point);
    if (point !== this.#stopAt && this.#countdown >= 0) return false;
    this.#stopped = point;
    return true;
  }

  /** What the boundary before a call is named, or null where it is still the last one. */
  #name(call: string): string | null {
    if (delivering.getStore()) return `delivery ${call}`;
    // The probe's requests change nothing: between one and the next is the same boundary.
    if (call === "probe.fetch" && call === this.#lastCall) return null;
    this.#lastCall = call;
    const times = this.#times.get(call) ?? 0;
    this.#times.set(call, times + 1);
    return `${call} ${times}`;
  }

  /** What a call gave. Whoever is stopped meanwhile never hears it, and so gets no further while writes are made durable. */
  async #hear<Value>(answer: Value): Promise<Awaited<Value>> {
    try {
      return await answer;
    } finally {
      if (this.#stopped !== null) await forever();
    }
  }

  /** The same object, but each call of a method comes to a boundary first. */
  #announced<Target extends object>(target: Target, name: string, reach: Reach): Target {
    return new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key);
        if (typeof member !== "function") return member;
        const call = (values: unknown[]) => Reflect.apply(member, object, values);
        if (typeof key === "symbol") return (...values: unknown[]) => call(values);
        return async (...values: unknown[]) => {
          if (!READS.test(key)) await reach(`${name}.${key}`);
          return this.#hear(call(values));
        };
      },
    });
  }

  #watchStorage(state: DurableObjectState, reach: Reach): void {
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
        return this.#hear(Reflect.apply(method, storage, values));
      });
    }
  }
}

/** What a stopped instance waits for. */
function forever(): Promise<never> {
  return new Promise(() => {});
}

function replace(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true });
}
