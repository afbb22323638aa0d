// Keeps an opened run going: drives it, and sets its one alarm to the earliest of what it waits for: the end of a step
// (resume), a reviewer (expiry), a delivery (list, outbox), the end of its time (retention). It decides nothing; what is due, the fold says.
import { type Driver, waitingFor } from "./driver.ts";
import { logFailure } from "./log.ts";
import type { Retention } from "./retention.ts";
import type { RunContext } from "./run-context.ts";
import { RESUME_AFTER_MS, type Teller } from "./teller.ts";

/** Two readings of the clock that are no further apart are about the same moment, in milliseconds. */
const A_MOMENT_MS = 500;

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
  /** When the alarm goes off, in milliseconds since 1970; null when it is not set. */
  #alarm: number | null;
  /** Whether the alarm that went off last was set for the next try of a step. */
  #isForRetry = true;
  /** Whether the alarm that loaded this instance was set by one before it, nobody knows for what: it is taken for one for a try. */
  #isUnknown: boolean;
  /** When the next try of a step is due, as the alarm was last set; null where it was set for nothing of the kind. */
  #retry: number | null = null;

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
    // A run that goes on by itself always has one, but in the handler of the one that has gone off.
    this.#isUnknown = alarm === null;
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
    const apart = Math.abs((this.#alarm ?? 0) - (this.#retry ?? 0));
    this.#isForRetry = this.#isUnknown || apart < A_MOMENT_MS;
    this.#isUnknown = false;
    this.#alarm = null;
  }

  /** Drives the run until it waits. Never throws. */
  carryOn(): Promise<void> {
    return this.#carryOn(false);
  }

  /** The same, when the alarm has gone off: what it was set for is due. Never throws. */
  carryOnAtAlarm(): Promise<void> {
    return this.#carryOn(this.#isForRetry);
  }

  async #carryOn(isDue: boolean): Promise<void> {
    const pass = this.#driver.drive(isDue);
    // Armed in the turn before the first effect, and again with each receipt.
    this.#arm();
    try {
      await pass;
    } catch (error) {
      const { run, state } = this.#run.chain;
      const tries = this.#run.tries.of(state.count).count;
      logFailure("step_failed", error, { run, head: state.head, tries });
    }
    if (waitingFor(this.#run).for === "nothing") this.#arm();
  }

  /** To be called in the turn of a commit: the alarm is then set in the same write to disk as the receipts. */
  afterCommit(): void {
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
    this.#retry = null;
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
    const { tries, chain, now } = this.#run;
    const { count, due, reason } = tries.of(chain.state.count);
    // A step that is under way, or was when its host died, cannot say that it has failed.
    if (this.#driver.isDriving || count === 0) return Date.now() + RESUME_AFTER_MS;
    const pause = Math.max(0, due - now());
    this.#retry = Date.now() + (reason === null ? Math.max(RESUME_AFTER_MS, pause) : pause);
    return this.#retry;
  }
}
