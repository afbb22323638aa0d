// Keeps the desk's list told of where the run is. What the list has been told is stored nowhere: after a restart it is told again,
// which does no harm; and until it has been told, or is given up, the alarm is set to the next try. No step waits for it or fails.
import { type RunEntry, runEntry } from "../chain/index.ts";
import type { Digest } from "../receipt/index.ts";
import { waitingFor } from "./driver.ts";
import { logFailure } from "./log.ts";
import type { RunContext } from "./run-context.ts";
import { MAX_RETRY_MS, RESUME_AFTER_MS, spread, type Teller, TRY_WITHIN_MS } from "./teller.ts";
import { inTime } from "./within.ts";

/** When the list is told again after a first failure, in milliseconds. */
const FIRST_RETRY_MS = 5_000;
/** How long after its last receipt a run goes on trying, in milliseconds: a little more than a day. */
const GIVEN_UP_AFTER_MS = 26 * 3_600_000;

export class IndexReport implements Teller {
  readonly #run: Pick<RunContext, "chain" | "request" | "now">;
  readonly #send: (entry: RunEntry) => Promise<void>;
  /** The head that this instance has told the list. */
  #told: Digest | null | undefined;
  /** The head that an instance before this one has told it, or has given up. */
  readonly #toldBefore: Digest | null | undefined;
  /** The head that could not be told, and when to try again, in milliseconds since 1970; never, when that is infinite. */
  #failed: { readonly head: Digest | null; readonly again: number } | null = null;
  #underWay: Promise<void> | null = null;

  /**
   * @param isTold whether an instance before this one has told the list where the run is. It is told again all the same, for it may
   *   have been lost; but the alarm need not see to that.
   * @param send brings the list an entry. Must be safe to repeat.
   */
  constructor(
    run: Pick<RunContext, "chain" | "request" | "now">,
    isTold: boolean,
    send: (entry: RunEntry) => Promise<void>,
  ) {
    this.#run = run;
    this.#send = send;
    this.#toldBefore = isTold ? run.chain.state.head : undefined;
  }

  nextDue(): number | null {
    const { head } = this.#run.chain.state;
    if (head === this.#told) return null;
    if (head === this.#failed?.head) return Number.isFinite(this.#failed.again) ? this.#failed.again : null;
    // A first try follows at once; this counts if it dies with its host.
    return head === this.#toldBefore ? null : Date.now() + RESUME_AFTER_MS;
  }

  deliver(): Promise<void> {
    this.#underWay ??= this.#tell();
    return this.#underWay;
  }

  /** Tells where the run is, and once more if it rests elsewhere by then. Where it is still going on, its next rest is told. */
  async #tell(): Promise<void> {
    await null; // lets deliver() note this pass before it can end
    try {
      while (this.#isRipe()) {
        await this.#tellOnce();
        if (waitingFor(this.#run).for === "nothing") return;
      }
    } finally {
      // In the same turn as the last look at the run: a rest that comes later finds no pass to join.
      this.#underWay = null;
    }
  }

  async #tellOnce(): Promise<void> {
    const { chain, request, now } = this.#run;
    const entry = runEntry(chain.run, request.createdAt, chain.state);
    try {
      await inTime(this.#send(entry), TRY_WITHIN_MS);
      this.#told = entry.head;
    } catch (error) {
      logFailure("delivery_failed", error, { run: chain.run, message: "index" });
      const age = now() - Date.parse(chain.state.issuedAt ?? request.createdAt);
      this.#failed = { head: entry.head, again: now() + pauseAt(age) };
    }
  }

  #isRipe(): boolean {
    const { head } = this.#run.chain.state;
    return head !== this.#told && (head !== this.#failed?.head || this.#failed.again <= this.#run.now());
  }
}

/** As long again as the run's last receipt is old: so pauses double, also when the run sleeps and wakes in between. */
function pauseAt(age: number): number {
  if (age > GIVEN_UP_AFTER_MS) return Number.POSITIVE_INFINITY;
  return spread(Math.min(MAX_RETRY_MS, Math.max(FIRST_RETRY_MS, age)));
}
