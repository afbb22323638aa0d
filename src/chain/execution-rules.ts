// The rules of an execution (§8.6): how the round ended. A call is told as made only after its approvals, and an approval that
// nobody gave is never told.
import { accept, refuse } from "../receipt/index.ts";
import { type ChainState, effectsMade, type Next } from "./chain-state.ts";
import { isSameAction } from "./proposal-rules.ts";
import type { VerifiedOf } from "./verified-receipt.ts";

/** Ends the open round. */
export function applyExecution(state: ChainState, receipt: VerifiedOf<"execution">): Next {
  const { round } = state;
  if (!round?.preview) return refuse("ERR_PREVIEW", "expected an open preview before an execution");
  const { predicate } = receipt.statement;
  const { execution, expiresAt } = round.preview.statement.predicate;
  const settling = round.settledBy?.digest ?? null;
  if (predicate.decision !== settling) {
    return refuse("ERR_DECISION", `expected the settling decision ${settling}, got ${predicate.decision}`);
  }
  if (!isSameAction(receipt, round))
    return refuse("ERR_ACTION_MISMATCH", "expected the action of the open proposal");
  if (predicate.execution?.id !== execution?.id || predicate.execution?.seq !== execution?.seq) {
    return refuse("ERR_EXECUTION_ID", "expected the execution that the preview names");
  }
  const approved = round.settledBy?.statement.predicate.decision === "approve";
  if (approved === (predicate.status === "withheld")) {
    const wanted = approved ? "executed, failed or unknown after the approvals" : "withheld without them";
    return refuse("ERR_EXECUTION_STATUS", `expected ${wanted}, got ${predicate.status}`);
  }
  if (!round.settledBy && predicate.issuedAt < expiresAt) {
    return refuse("ERR_EXECUTION_EARLY", `expected a decision, or a time from ${expiresAt} on`);
  }
  if (predicate.more && (predicate.status !== "executed" || predicate.execution === null)) {
    return refuse("ERR_MORE", "only a script whose call was executed goes on to another");
  }
  const ended = { ...round, execution: receipt };
  return accept({ ...state, acted: state.acted || effectsMade(ended) !== null, round: ended });
}
