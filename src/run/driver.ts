// The loop of a run: fold, ask what is due, do that one thing, sign it; until a human or nothing is due.
// One pass at a time per instance, so a pass that is still under way is never taken for one that died. A step that keeps failing
// is given up after a few tries: no run is for ever.
import { nextStep } from "../chain/index.ts";
import { logFailure } from "./log.ts";
import type { RunContext } from "./run-context.ts";
import { conclude, handOff } from "./steps/conclude.ts";
import { execute, giveUpExecution } from "./steps/execute.ts";
import { gatherEvidence } from "./steps/gather-evidence.ts";
import { propose } from "./steps/propose.ts";
import { raiseAlert } from "./steps/raise-alert.ts";
import { MAX_TRIES } from "./tries.ts";

/** What the run waits for after a step: nothing (it goes on), a human until an instant, or no one any more. */
export type Waiting =
  | { readonly for: "nothing" }
  | { readonly for: "human"; readonly until: string }
  | { readonly for: "end" };

/** What the run waits for now, from the fold and the clock alone. */
export function waitingFor(run: Pick<RunContext, "chain" | "now">): Waiting {
  const due = nextStep(run.chain.state);
  if (due === null) return { for: "end" };
  if (due.kind !== "decision" || isExpired(run, due.expiresAt)) return { for: "nothing" };
  return { for: "human", until: due.expiresAt };
}

/** Performs the one thing that is due, if it is the run's to do. */
export async function step(run: RunContext): Promise<void> {
  const due = nextStep(run.chain.state);
  switch (due?.kind) {
    case undefined:
      return;
    case "alert":
      return raiseAlert(run);
    case "evidence":
      return gatherEvidence(run);
    case "proposal":
      return propose(run);
    case "preview":
      // propose() commits a proposal together with its preview.
      throw new Error("expected no proposal without its preview");
    case "decision":
      return isExpired(run, due.expiresAt) ? execute(run) : undefined;
    case "execution":
      return execute(run);
    case "outcome":
      return conclude(run);
    case "handoff":
      return handOff(run);
  }
}

/** Tries the step that is due, or gives it up when it has failed too often. Throws what it failed with, if there is a next try. */
async function tryStep(run: RunContext): Promise<void> {
  const { count: seq, head } = run.chain.state;
  const { count, reason } = run.tries.of(seq);
  if (count >= MAX_TRIES) return giveUp(run, reason ?? "it was cut off each time");
  const due = nextStep(run.chain.state)?.kind;
  run.tries.begin(seq, due === "evidence" || due === "proposal");
  try {
    await step(run);
  } catch (error) {
    // What came after the receipt has failed, and is not this step's to try again.
    if (run.chain.state.count > seq) throw error;
    const tries = run.tries.fail(seq, error);
    if (tries < MAX_TRIES) throw error;
    logFailure("step_failed", error, { run: run.chain.run, head, tries });
    await giveUp(run, run.tries.of(seq).reason ?? "");
  }
}

/** Ends what cannot be done, as far as the grammar of a chain allows: with the reason, in the receipt that then stands there. */
async function giveUp(run: RunContext, reason: string): Promise<void> {
  const due = nextStep(run.chain.state)?.kind;
  const times = `failed ${MAX_TRIES} times, at last so: ${reason}`;
  switch (due) {
    case "alert":
      return raiseAlert(run, true);
    case "evidence":
      return conclude(run, `The agent's investigation ${times}`);
    case "proposal":
      return conclude(run, `The agent's proposal ${times}`);
    case "execution":
      if (run.chain.state.round?.decision?.statement.predicate.decision !== "approve") return step(run);
      return giveUpExecution(run, `The approved call ${times}`);
    case "outcome":
      return conclude(run, undefined, true);
    default:
      return step(run);
  }
}

function isExpired(run: Pick<RunContext, "now">, expiresAt: string): boolean {
  return run.now() >= Date.parse(expiresAt);
}

/** Drives one run. `drive` may be called at any time and as often as one likes. */
export class Driver {
  readonly #run: RunContext;
  #driving: Promise<Waiting> | null = null;

  constructor(run: RunContext) {
    this.#run = run;
  }

  /** Whether a pass is under way. */
  get isDriving(): boolean {
    return this.#driving !== null;
  }

  /**
   * Carries the run on until it waits, or its next try is not due yet. Joins the pass that is under way, if there is one.
   * @param isDue whether a step that has failed is due again, whatever the clock says.
   */
  drive(isDue = false): Promise<Waiting> {
    this.#driving ??= this.#loop(isDue);
    return this.#driving;
  }

  async #loop(isDue: boolean): Promise<Waiting> {
    await null; // lets drive() note this pass before it can end
    try {
      for (;;) {
        const waiting = waitingFor(this.#run);
        const { tries, chain, now } = this.#run;
        const isPause = !isDue && tries.of(chain.state.count).due > now();
        if (waiting.for !== "nothing" || isPause) return waiting;
        await tryStep(this.#run);
      }
    } finally {
      // In the same turn as the last look at the state: a decision that comes later finds no pass to join.
      this.#driving = null;
    }
  }
}
