// The one-word status of a run, read off the fold. There is no status column anywhere.
import type { ChainState } from "./chain-state.ts";
import { nextStep } from "./next-step.ts";

/** Every status a run can have. The last four are final. */
export const RUN_STATUSES = [
  "investigating",
  "awaiting_decision",
  "executing",
  "completed",
  "rejected",
  "expired",
  "failed",
] as const;
/** One of {@link RUN_STATUSES}. */
export type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * Where a run is. The last four are final and are given only once the handoff is signed; until then a run that a
 * decision has set going is `executing`, and one that looks for a proposal is `investigating`.
 */
export function runStatus(state: ChainState): RunStatus {
  const due = nextStep(state)?.kind ?? null;
  if (due === null) return finalStatus(state);
  if (due === "decision") return "awaiting_decision";
  if (due === "execution") {
    return state.round?.decision?.statement.predicate.decision === "request_changes"
      ? "investigating"
      : "executing";
  }
  return due === "outcome" || due === "handoff" ? "executing" : "investigating";
}

function finalStatus({ round }: ChainState): RunStatus {
  const last = round?.execution?.statement.predicate;
  if (last?.status === "executed") return "completed";
  if (last?.status !== "withheld") return "failed";
  if (last.decision === null) return "expired";
  return round?.decision?.statement.predicate.decision === "reject" ? "rejected" : "failed";
}
