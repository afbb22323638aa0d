// What `countersign/chain` offers: many receipts, folded and verified. Pure; runs in workerd, Node and browsers.
export { type Action, changesOf, readAction, readWriteFileArgs, type WriteFileArgs } from "./action.ts";
export { type Ancestor, ancestorsOf } from "./ancestors.ts";
export { type Artifacts, digestFromHex, hexOf } from "./artifacts.ts";
export {
  BUNDLE_MEDIA_TYPE,
  type Bundle,
  createBundle,
  decodeArtifacts,
  MAX_ENTRIES,
  namedArtifacts,
  readBundle,
} from "./bundle.ts";
export type { ChainCode } from "./chain-code.ts";
export { type ChainState, EMPTY, type Round } from "./chain-state.ts";
export { type ComparedTexts, compareTexts, unifiedPatch } from "./compare-texts.ts";
export { apply } from "./fold.ts";
export { type FollowedRun, follow, type Lineage } from "./follow.ts";
export { approvalAtHead, closedGate, type Gate, gateOf } from "./gate.ts";
export { nextStep, type Step } from "./next-step.ts";
export { openReceipt } from "./open-receipt.ts";
export {
  claimedIssuer,
  handedOnFiles,
  type ParentCode,
  parentLink,
  readParentBundle,
} from "./parent-link.ts";
export { POLICY_LIMITS, type Policy } from "./policy.ts";
export { MAX_DOCUMENT, MAX_VALUES, readDocument } from "./read-document.ts";
export { type Replay, type ReplayedReceipt, replay } from "./replay.ts";
export { readManifest } from "./repository-manifest.ts";
export type { ExpectedHead, Requirement } from "./requirement.ts";
export { roundsOf } from "./rounds.ts";
export { type RunEntry, runEntry } from "./run-entry.ts";
export { RUN_STATUSES, type RunStatus, runStatus } from "./run-status.ts";
export {
  changedTexts,
  type OutcomeView,
  type PendingView,
  type RunView,
  runView,
  unifiedDiff,
} from "./run-view.ts";
export { type Draft, type OwnFields, signNext } from "./sign-next.ts";
export {
  createTrustPolicy,
  readTrustPolicy,
  type Trust,
  type TrustedKeyEntry,
  type TrustPolicy,
} from "./trust-policy.ts";
export {
  type Check,
  type Report,
  UnusableInputError,
  type Verdict,
  type VerifyOptions,
  verify,
} from "./verify.ts";
