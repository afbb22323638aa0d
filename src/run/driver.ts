// The loop of a run: fold, ask what is due, do that one thing, sign it; until a human or nothing is due.
// One pass at a time per instance, so a pass that is still under way is never taken for one that died.
import { nextStep } from "../chain/index.ts";
import type { RunContext } from "./run-context.ts";
import { conclude, handOff } from "./steps/conclude.ts";
import { execute } from "./steps/execute.ts";
import { gatherEvidence } from "./steps/gather-evidence.ts";
import { propose } from "./steps/propose.ts";
import { raiseAlert } from "./steps/raise-alert.ts";

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

  /** Carries the run on until it waits. Joins the pass that is under way, if there is one. */
  drive(): Promise<Waiting> {
    this.#driving ??= this.#loop();
    return this.#driving;
  }

  async #loop(): Promise<Waiting> {
    await null; // lets drive() note this pass before it can end
    try {
      for (;;) {
        const waiting = waitingFor(this.#run);
        if (waiting.for !== "nothing") return waiting;
        await step(this.#run);
      }
    } finally {
      // In the same turn as the last look at the state: a decision that comes later finds no pass to join.
      this.#driving = null;
    }
  }
}
