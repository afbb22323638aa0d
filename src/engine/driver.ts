// The loop of a run: fold, ask what is due, do that one thing, sign it; until a human, a time or nothing is due. A step that keeps
// failing ends the run with the reason. One pass at a time per instance, so a pass under way is never taken for one that died.
import { nextStep } from "../chain/index.ts";
import { wordsOf } from "./in-time.ts";
import { RUN_LIMITS } from "./limits.ts";
import { logFailure } from "./log.ts";
import { CorruptChainError } from "./run-chain.ts";
import type { RunContext } from "./run-context.ts";
import { StepFailure } from "./step-failure.ts";
import { conclude, handOff } from "./steps/conclude.ts";
import { execute, giveUp } from "./steps/execute.ts";
import { plan } from "./steps/plan.ts";
import { raiseAlert } from "./steps/raise-alert.ts";

/** What the run waits for: nothing (it goes on), a human until an instant, a time (ms since 1970), or no one any more. */
export type Waiting =
  | { readonly for: "nothing" }
  | { readonly for: "human"; readonly until: string }
  | { readonly for: "time"; readonly until: number }
  | { readonly for: "end" };

/** Drives one run. `drive` may be called at any time and as often as one likes. */
export class Driver {
  readonly #run: RunContext;
  #driving: Promise<Waiting> | null = null;
  /** When the step that is due at a head may be tried again, in ms since 1970. */
  #again: { readonly head: string | null; readonly at: number } | null = null;

  constructor(run: RunContext) {
    this.#run = run;
  }

  /** What the run waits for now, from the fold and the clock. */
  waiting(): Waiting {
    const { state } = this.#run.chain;
    const due = nextStep(state);
    if (due === null) return { for: "end" };
    if (due.kind === "decision") {
      return this.#isExpired(due.expiresAt) ? { for: "nothing" } : { for: "human", until: due.expiresAt };
    }
    const again = this.#again?.head === state.head ? this.#again.at : 0;
    return again > this.#run.now() ? { for: "time", until: again } : { for: "nothing" };
  }

  /** Carries the run on until it waits. Joins the pass that is under way, if there is one. */
  drive(): Promise<Waiting> {
    this.#driving ??= this.#loop();
    return this.#driving;
  }

  async #loop(): Promise<Waiting> {
    await null; // lets drive() note this pass before it can end
    try {
      for (;;) {
        const waiting = this.waiting();
        if (waiting.for !== "nothing") return waiting;
        await this.#try();
      }
    } finally {
      // In the same turn as the last look at the state: a decision that comes later finds no pass to join.
      this.#driving = null;
    }
  }

  async #try(): Promise<void> {
    const { chain, store, account } = this.#run;
    const { head } = chain.state;
    try {
      const tried = store.attempts(head);
      if (tried.tries >= RUN_LIMITS.tries) return await this.#endAfter(tried.reason);
      const until = await this.#step();
      if (until !== null) this.#again = { head, at: until };
    } catch (error) {
      if (error instanceof CorruptChainError) throw error;
      // Part of the step may have been signed: what failed is then what is due now.
      const { state } = chain;
      const words = error instanceof StepFailure ? error.message : `A step failed: ${wordsOf(error)}`;
      const { tries } = store.noteAttempt(state.head, words);
      account.noteFailure(error instanceof StepFailure ? error.script : null);
      logFailure("step_failed", error, { run: chain.run, head: state.head, tries });
      this.#again = { head: state.head, at: this.#run.now() + this.#pause(tries) };
    }
  }

  /** Concludes a run whose next step has failed too often. */
  async #endAfter(reason: string): Promise<void> {
    const { state } = this.#run.chain;
    const why = `The run was ended after ${RUN_LIMITS.tries} attempts. ${reason}`;
    const due = nextStep(state)?.kind;
    if (due === "execution") return giveUp(this.#run, why);
    if (due === "alert") throw new Error("expected an alert to be signed before a run can end");
    return due === "handoff" ? handOff(this.#run) : conclude(this.#run, why);
  }

  /** Performs the one thing that is due, if it is the run's to do. @returns when to come back, where it is not done yet. */
  async #step(): Promise<number | null> {
    const run = this.#run;
    const due = nextStep(run.chain.state);
    switch (due?.kind) {
      case undefined:
        return null;
      case "alert":
        await raiseAlert(run);
        return null;
      case "evidence":
      case "proposal":
        await plan(run);
        return null;
      case "preview":
        // A proposal is committed together with its preview.
        throw new Error("expected no proposal without its preview");
      case "decision":
        return this.#isExpired(due.expiresAt) ? execute(run) : null;
      case "execution":
        return execute(run);
      case "outcome":
        await conclude(run);
        return null;
      case "handoff":
        handOff(run);
        return null;
    }
  }

  #pause(tries: number): number {
    return this.#run.patience.retry * 2 ** (Math.min(tries, RUN_LIMITS.tries) - 1);
  }

  #isExpired(expiresAt: string): boolean {
    return this.#run.now() >= Date.parse(expiresAt);
  }
}
