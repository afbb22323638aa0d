// Keeps an opened run going: drives it, delivers what it has to tell, and sets its one alarm to the earliest of what it waits for: the
// end of a step, a time, a reviewer, a delivery, the end of its own time. It decides nothing; what is due, the fold says.
import { CorruptChainError, type Driver, logFailure, type RunContext } from "../engine/index.ts";
import { type Outbox, RESUME_AFTER_MS } from "./outbox.ts";
import type { Retention } from "./retention.ts";

export class Upkeep {
  readonly #storage: DurableObjectStorage;
  readonly #run: RunContext;
  readonly #driver: Driver;
  readonly #outbox: Outbox;
  readonly #retention: Retention;
  /** When the alarm goes off, in milliseconds since 1970; null when it is not set. */
  #alarm: number | null;
  #isCorrupt = false;

  /** @param alarm when the alarm goes off, as storage has it. */
  constructor(
    storage: DurableObjectStorage,
    run: RunContext,
    driver: Driver,
    outbox: Outbox,
    retention: Retention,
    alarm: number | null,
  ) {
    this.#storage = storage;
    this.#run = run;
    this.#driver = driver;
    this.#outbox = outbox;
    this.#retention = retention;
    this.#alarm = alarm;
  }

  /** True once the stored chain was found altered: the run must be opened anew, and will say so. */
  get isCorrupt(): boolean {
    return this.#isCorrupt;
  }

  /**
   * To be called before something is committed that makes the run go on: a crash in between is then taken up by the alarm.
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
    const pass = this.#driver.drive();
    // Armed in the turn before the first effect, and again with each receipt.
    this.arm();
    try {
      await pass;
    } catch (error) {
      this.#isCorrupt = error instanceof CorruptChainError;
      logFailure("run_stopped", error, { run: this.#run.chain.run });
    }
    this.arm();
  }

  /** Tells the outside what is still to be told. Never throws, and no step waits for it. */
  async deliver(): Promise<void> {
    await this.#outbox.deliver();
    this.arm();
  }

  /** Sets the alarm. To be called in the turn of a commit, too: it is then set in the same write to disk as the receipts. */
  arm(): void {
    // What was under way when the run was deleted may end after it.
    if (this.#retention.isRemoved) return;
    const times = [this.#nextLook(), this.#outbox.nextDue()].filter((at) => at !== null);
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

  /** When the run itself needs to be looked at again, in milliseconds since 1970. Null where that is never. */
  #nextLook(): number | null {
    const waiting = this.#driver.waiting();
    switch (waiting.for) {
      case "nothing":
        return Date.now() + RESUME_AFTER_MS;
      case "human":
        return Date.parse(waiting.until);
      case "time":
        return waiting.until;
      case "end":
        return this.#retention.dueAt();
    }
  }
}
