// The one-word status of a run, read off the fold. There is no status column anywhere.
import { type ChainState, isSentBack } from "./chain-state.ts";
import { nextStep } from "./next-step.ts";

/** Every status a run can have. The last five are final. */
export const RUN_STATUSES = [
  "investigating",
  "awaiting_decision",
  "executing",
  "completed",
  "rejected",
  "expired",
  "failed",
  "unknown",
] as const;
/** One of {@link RUN_STATUSES}. */
export type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * Where a run is. The last five are final and are given only once the handoff is signed; until then a run that a
 * decision has set going is `executing`, and one that looks for a proposal is `investigating`.
 */
export function runStatus(state: ChainState): RunStatus {
  const due = nextStep(state)?.kind ?? null;
  if (due === null) return finalStatus(state);
  if (due === "decision") return "awaiting_decision";
  if (due === "execution") {
    return isSentBack(state.round) ? "investigating" : "executing";
  }
  return due === "outcome" || due === "handoff" ? "executing" : "investigating";
}

function finalStatus({ round }: ChainState): RunStatus {
  const last = round?.execution?.statement.predicate;
  switch (last?.status) {
    case "executed":
      return "completed";
    case "unknown":
      return "unknown";
    case "withheld":
      if (last.decision === null) return "expired";
      return round?.settledBy?.statement.predicate.decision === "reject" ? "rejected" : "failed";
    default:
      return "failed";
  }
}
