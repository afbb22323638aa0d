// A run that cannot be opened: the list hears of it, for there it would wait for a decision for ever, and it is tried again.
import { describeThrown } from "./describe-thrown.ts";
import { logFailure } from "./log.ts";
import { forgetAgain } from "./retention.ts";
import type { RunCode, RunResult } from "./run-api.ts";
import type { RunIndexStub } from "./run-index-stub.ts";
import type { RunStore } from "./run-store.ts";
import { TRY_WITHIN_MS } from "./teller.ts";
import { inTime } from "./within.ts";

/** When another look is due, in milliseconds: what was changed in the storage hardly ever comes back, a setting soon. */
const CORRUPT_AGAIN_MS = 86_400_000;
const AGAIN_MS = 300_000;

export class NotOpened {
  readonly #ctx: DurableObjectState;
  readonly #store: RunStore;
  readonly #index: () => RunIndexStub;
  /** The code that the list has heard from this instance. */
  #told: RunCode | null = null;

  constructor(ctx: DurableObjectState, store: RunStore, index: () => RunIndexStub) {
    this.#ctx = ctx;
    this.#store = store;
    this.#index = index;
  }

  /** Tells the list why a run cannot be opened, once. A run that can be opened reports itself. */
  hear(opened: RunResult<unknown>): void {
    const code = opened.ok ? null : opened.refusal.code;
    const isNews = code !== null && code !== this.#told;
    this.#told = code;
    if (isNews) this.#ctx.waitUntil(this.#tell(code));
  }

  /**
   * Sets the alarm for another look, if none is set for one before: a secret may be set again by then, or a key listed again. A run
   * that was deleted stays so.
   */
  async comeBack(code: RunCode): Promise<void> {
    if (this.#store.name() === null) return forgetAgain(this.#ctx.storage, this.#store, this.#index);
    const { storage } = this.#ctx;
    const again = Date.now() + (code === "ERR_CHAIN_CORRUPT" ? CORRUPT_AGAIN_MS : AGAIN_MS);
    if (((await storage.getAlarm()) ?? Number.POSITIVE_INFINITY) > again) await storage.setAlarm(again);
  }

  async #tell(code: RunCode): Promise<void> {
    const run = this.#store.name();
    if (run === null) return;
    try {
      const { createdAt = null, alert } = this.#readRequest() ?? {};
      const title = alert?.title ?? null;
      await inTime(this.#index().cannotOpen({ run, code, createdAt, title }), TRY_WITHIN_MS);
      // Else it would stay so on the list until somebody asks for it.
      await this.comeBack(code);
    } catch (error) {
      this.#told = null; // the next look tells it
      logFailure("delivery_failed", error, { run, message: "index" });
    }
  }

  #readRequest() {
    try {
      return this.#store.request()?.body ?? null;
    } catch {
      return null;
    }
  }
}

/** What a run was started with; where its row was spoilt, why it cannot be opened. */
export function readStored(store: RunStore): RunResult<ReturnType<RunStore["request"]>> {
  try {
    return { ok: true, value: store.request() };
  } catch (error) {
    const message = `the stored request cannot be read: ${describeThrown(error)}`;
    logFailure("chain_corrupt", error, { run: store.name() });
    return { ok: false, refusal: { code: "ERR_CHAIN_CORRUPT", message } };
  }
}
