// A reviewer's decision: signed only if it is about the open proposal, which is the one that they saw.
import { nextStep } from "../chain/index.ts";
import { type Digest, type ReceiptOf, refuse } from "../receipt/index.ts";
import type { OpenRun } from "./open-run.ts";
import type { DecisionRequest, RunResult } from "./run-api.ts";
import { actionOf } from "./run-context.ts";

/** Signs a decision, or says why not, and then nothing is signed. What follows from it is the driver's. */
export function signDecision(
  { context, upkeep }: OpenRun,
  { decision, proposal, reason, reviewer }: DecisionRequest,
): RunResult<ReceiptOf<"decision">> {
  const due = nextStep(context.chain.state);
  const round = context.chain.state.round;
  if (due?.kind !== "decision" || !round?.preview || round.proposal.digest !== proposal) {
    const isOpen = due?.kind === "decision";
    return refuse("ERR_DECISION_STALE", describeStale(isOpen, round?.proposal.digest ?? null));
  }
  const preview = round.preview.digest;
  const action = actionOf(round.proposal);
  upkeep.beforeCommit();
  return context.chain.commit(({ append }) =>
    append("decision", [action], { decision, proposal, preview, reason, reviewer }),
  );
}

function describeStale(open: boolean, current: Digest | null): string {
  return open
    ? `the proposal you decided on is no longer the open one; look at ${current} and decide on that`
    : "no proposal is open for a decision now; look at the run again";
}
