// Keeps an opened run going: drives it, and sets its one alarm to the earliest of what it waits for: the end of a step
// (resume), a reviewer (expiry), a delivery (list, outbox), the end of its time (retention). It decides nothing; what is due, the fold says.
import { type Driver, waitingFor } from "./driver.ts";
import { logFailure } from "./log.ts";
import type { Retention } from "./retention.ts";
import type { RunContext } from "./run-context.ts";
import { RESUME_AFTER_MS, type Teller } from "./teller.ts";

/** Longest pause between tries of a step that throws, in milliseconds. */
const MAX_BACKOFF_MS = 300_000;

/**
 * Until when a run needs nobody, if nothing more is to be told of it, in milliseconds since 1970: until a reviewer's time or its own
 * is over. Null where that is never, and for a run that goes on by itself.
 */
export function restsUntil(run: RunContext, retention: Retention): number | null {
  const waiting = waitingFor(run);
  if (waiting.for === "human") return Date.parse(waiting.until);
  return waiting.for === "end" ? retention.dueAt() : null;
}

export class Upkeep {
  readonly #storage: DurableObjectStorage;
  readonly #run: RunContext;
  readonly #driver: Driver;
  readonly #tellers: readonly Teller[];
  readonly #retention: Retention;
  #failures = 0;
  /** When the alarm goes off, in milliseconds since 1970; null when it is not set. */
  #alarm: number | null;

  /** @param alarm when the alarm goes off, as storage has it. */
  constructor(
    storage: DurableObjectStorage,
    run: RunContext,
    driver: Driver,
    tellers: readonly Teller[],
    retention: Retention,
    alarm: number | null,
  ) {
    this.#storage = storage;
    this.#run = run;
    this.#driver = driver;
    this.#tellers = tellers;
    this.#retention = retention;
    this.#alarm = alarm;
  }

  /**
   * To be called before something is committed that makes the run go on: whatever happens in between, somebody comes back.
   * If nothing is committed after all, the alarm goes off for nothing and sets itself anew.
   */
  beforeCommit(): void {
    this.#setAlarm(Date.now() + RESUME_AFTER_MS);
  }

  /** To be called when the alarm has gone off: it is no longer set. */
  alarmWentOff(): void {
    this.#alarm = null;
  }

  /** Drives the run until it waits. Never throws. */
  async carryOn(): Promise<void> {
    // Armed before the first effect, and again with each receipt.
    this.#arm();
    try {
      await this.#driver.drive();
    } catch (error) {
      this.#failures += 1;
      const { run, state } = this.#run.chain;
      logFailure("step_failed", error, { run, head: state.head, tries: this.#failures });
      this.#arm();
    }
  }

  /** To be called in the turn of a commit: the alarm is then set in the same write to disk as the receipts. */
  afterCommit(): void {
    this.#failures = 0;
    this.#arm();
  }

  /** Tells the outside what is still to be told. Never throws, and no step waits for it. */
  async deliver(): Promise<void> {
    await Promise.all(this.#tellers.map((teller) => teller.deliver()));
    this.#arm();
  }

  /**
   * What a run does when it is loaded: an alarm that was lost is set again, and an index that was lost, or never heard of the
   * run, so fills again by itself.
   */
  async resume(): Promise<void> {
    this.#arm();
    // A run that has only been started has nothing to tell yet, and one that is about to go must not come back onto the list.
    if (this.#run.chain.state.count === 0 || this.#retention.isOver()) return;
    await this.deliver();
  }

  #arm(): void {
    // What was under way when the run was deleted may end after it.
    if (this.#retention.isRemoved) return;
    const dues = this.#tellers.map((teller) => teller.nextDue());
    const times = [this.#nextLook(), ...dues].filter((at) => at !== null);
    if (times.length > 0) this.#setAlarm(Math.max(Date.now(), Math.min(...times)));
    else if (this.#alarm !== null) {
      this.#alarm = null;
      this.#storage.deleteAlarm();
    }
  }

  /** Each setting is a write to disk of its own, so one that goes off a little too early is left: it then sets itself anew. */
  #setAlarm(at: number): void {
    if (at === this.#alarm) return;
    const now = Date.now();
    const isSoon = at <= now + RESUME_AFTER_MS;
    if (isSoon && this.#alarm !== null && this.#alarm > now && this.#alarm <= at) return;
    this.#alarm = at;
    this.#storage.setAlarm(at);
  }

  /** When the run itself needs to be looked at again, in milliseconds since 1970. */
  #nextLook(): number | null {
    if (waitingFor(this.#run).for !== "nothing") return restsUntil(this.#run, this.#retention);
    const pause =
      this.#failures === 0 ? RESUME_AFTER_MS : Math.min(MAX_BACKOFF_MS, 1000 * 2 ** this.#failures);
    return Date.now() + pause;
  }
}
