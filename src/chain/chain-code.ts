// Every way in which a receipt can be refused because of the chain it stands in. Stable: other programs match on these.
import type { ReceiptCode } from "../receipt/index.ts";

/** Why a receipt or a bundle was refused: the codes of docs/receipts.md §10. */
export type ChainCode =
  | ReceiptCode
  // whose key
  | "ERR_KEY_UNKNOWN"
  | "ERR_KEY_ROLE"
  | "ERR_KEY_WINDOW"
  | "ERR_KEY_REVOKED"
  | "ERR_ISSUER"
  // links
  | "ERR_CHAIN_EMPTY"
  | "ERR_RUN"
  | "ERR_SEQ"
  | "ERR_PREV"
  | "ERR_TIME_BACKWARDS"
  | "ERR_KIND_ORDER"
  | "ERR_AFTER_HANDOFF"
  // the policy the run stands under
  | "ERR_POLICY"
  | "ERR_POLICY_CHANGED"
  | "ERR_NOT_GATED"
  | "ERR_REVISION_LIMIT"
  | "ERR_REVIEWER"
  // a round: proposal, preview, decision, execution
  | "ERR_ACTION"
  | "ERR_ROUND_NOT_DUE"
  | "ERR_REVISION"
  | "ERR_SUPERSEDES"
  | "ERR_FEEDBACK"
  | "ERR_CODE"
  | "ERR_PROPOSAL"
  | "ERR_PREVIEW"
  | "ERR_ACTION_MISMATCH"
  | "ERR_EXECUTION_ID"
  | "ERR_CHANGES"
  | "ERR_EXPIRY"
  | "ERR_DECISION_LATE"
  | "ERR_DECISION_REASON"
  | "ERR_DECISION"
  | "ERR_DECISION_CONSUMED"
  | "ERR_EXECUTION_STATUS"
  | "ERR_EXECUTION_EARLY"
  | "ERR_WRITTEN"
  | "ERR_MORE"
  // the sums at the end
  | "ERR_OUTCOME_EXECUTION"
  | "ERR_OUTCOME_STATUS"
  | "ERR_TALLY"
  | "ERR_HANDOFF_OUTCOME"
  | "ERR_REPOSITORY"
  // artifacts and the bundle
  | "ERR_ARTIFACT_MISSING"
  | "ERR_ARTIFACT_ALTERED"
  | "ERR_ARTIFACT_UNNAMED"
  | "ERR_BUNDLE_RUN";
