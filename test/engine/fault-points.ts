// Stops a run's Durable Object at any boundary: before a write, in the middle of a transaction, before a call of Code Mode's facet or of
// a loaded Worker, and wherever a domain of the test says so. Boundaries are met by watching a run, never listed by hand.
// Nothing of this is in the product: it stands between an instance and its own ctx and env.

/** `ctx.abort()` with a reason that starts so is no news to the test pool, which ends its own instances that way. */
export const STOPPED = "Instance dispose: stopped at a fault point";

/** Calls that only read: to stop before one is to stop before the call that follows it. */
const READS = /^(get|list)/;

export class FaultPoints {
  /** The boundaries that were met, in order. */
  readonly met: string[] = [];
  readonly #times = new Map<string, number>();
  readonly #stopAt: string | null;
  /** How many boundaries each further instance may come to before it is stopped, too. */
  readonly #thenAfter: number[];
  #left = Number.POSITIVE_INFINITY;
  #state: DurableObjectState | null = null;
  #stopped = false;

  /** @param stopAt a name that {@link met} had on another walk; without it, nothing is stopped. */
  constructor(stopAt: string | null = null, thenAfter: readonly number[] = []) {
    this.#stopAt = stopAt;
    this.#thenAfter = [...thenAfter];
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Watches an instance. Once as many were stopped as should be, those that follow are not. */
  watch(instance: object, state: DurableObjectState): void {
    if (this.#state === state) return;
    if (this.#stopped) {
      const left = this.#thenAfter.shift();
      if (left === undefined) return;
      this.#left = left;
      this.#stopped = false;
    }
    this.#state = state;
    const { storage } = state;
    let inTransaction = false;
    const transactionSync = storage.transactionSync.bind(storage);
    replace(storage, "transactionSync", (work: () => unknown) =>
      transactionSync(() => {
        inTransaction = true;
        try {
          const value = work();
          this.#reachAtOnce("commit");
          return value;
        } finally {
          inTransaction = false;
        }
      }),
    );
    const exec = storage.sql.exec.bind(storage.sql);
    replace(storage.sql, "exec", (query: string, ...values: unknown[]) => {
      // A transaction is lost as a whole wherever in it the instance stops.
      if (!inTransaction && !/^\s*SELECT/.test(query)) this.#reachAtOnce("write");
      return exec(query, ...values);
    });
    const get = state.facets.get.bind(state.facets);
    replace(state.facets, "get", (...facet: Parameters<typeof get>) =>
      this.#announced(get(...facet), "codemode"),
    );
    const env: { readonly LOADER: WorkerLoader } = Reflect.get(instance, "env");
    const LOADER = {
      load: (code: WorkerLoaderWorkerCode) => {
        const worker = env.LOADER.load(code);
        return { getEntrypoint: () => this.#announced(worker.getEntrypoint(), "script") };
      },
    };
    replace(instance, "env", { ...env, LOADER });
  }

  /** Comes to a boundary. What was written so far is made durable first. */
  readonly reach = async (point: string): Promise<void> => {
    // The stopped instance never gets here again: it waits where it was stopped.
    if (this.#stopped || !this.#isHere(point)) return;
    await this.#state?.storage.sync();
    this.#state?.abort(STOPPED);
    return forever();
  };

  /** The same where nothing can be awaited: what a transaction has written is lost. */
  #reachAtOnce(point: string): void {
    if (this.#stopped) throw new Error(STOPPED);
    if (this.#isHere(point)) this.#state?.abort(STOPPED);
  }

  #isHere(call: string): boolean {
    if (!this.#state) return false;
    const times = this.#times.get(call) ?? 0;
    this.#times.set(call, times + 1);
    const point = `${call} ${times}`;
    this.met.push(point);
    this.#left -= 1;
    if (point !== this.#stopAt && this.#left >= 0) return false;
    this.#stopped = true;
    return true;
  }

  #announced<Target extends object>(target: Target, name: string): Target {
    return new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key);
        if (typeof member !== "function") return member;
        const call = (values: unknown[]) => Reflect.apply(member, object, values);
        if (typeof key === "symbol") return (...values: unknown[]) => call(values);
        return async (...values: unknown[]) => {
          if (!READS.test(key)) await this.reach(`${name}.${key}`);
          const answer = await call(values);
          if (this.#stopped) await forever();
          return answer;
        };
      },
    });
  }
}

/** What a stopped instance waits for. */
function forever(): Promise<never> {
  return new Promise(() => {});
}

function replace(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true });
}
