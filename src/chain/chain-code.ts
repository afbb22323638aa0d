// Every way in which a receipt can be refused because of the chain it stands in. Stable: other programs match on these.
import type { ReceiptCode } from "../receipt/index.ts";

/** Why a receipt or a bundle was refused: the codes of the specification's §10. */
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
  | "ERR_NOT_FREE"
  | "ERR_NOT_GATED"
  // a round: proposal, preview, decisions, execution
  | "ERR_ROUND_NOT_DUE"
  | "ERR_REVISION"
  | "ERR_SUPERSEDES"
  | "ERR_FEEDBACK"
  | "ERR_CODE"
  | "ERR_ACTION"
  | "ERR_EDIT"
  | "ERR_REVERTS"
  | "ERR_AUTHOR"
  | "ERR_EFFECTS"
  | "ERR_PROPOSAL"
  | "ERR_ACTION_MISMATCH"
  | "ERR_EXECUTION_ID"
  | "ERR_EXPIRY"
  | "ERR_CHECKS"
  | "ERR_PREVIEW"
  | "ERR_DECISION_LATE"
  | "ERR_REVIEWER"
  | "ERR_DECISION_REASON"
  | "ERR_REVISION_LIMIT"
  | "ERR_ROLE"
  | "ERR_APPROVALS"
  | "ERR_INTENT"
  | "ERR_ASSERTION"
  | "ERR_REVIEWER_KEY"
  | "ERR_DECISION"
  | "ERR_EXECUTION_STATUS"
  | "ERR_EXECUTION_EARLY"
  | "ERR_MORE"
  // the end
  | "ERR_OUTCOME_EXECUTION"
  | "ERR_OUTCOME_STATUS"
  | "ERR_HANDOFF_OUTCOME"
  | "ERR_RESOURCES"
  // artifacts and the bundle
  | "ERR_ARTIFACT_MISSING"
  | "ERR_ARTIFACT_ALTERED"
  | "ERR_ARTIFACT_UNNAMED"
  | "ERR_BUNDLE_RUN"
  | "ERR_RUN_UNEXPECTED"
  | "ERR_HEAD"
  | "ERR_ANCHOR"
  | "ERR_INCOMPLETE";
