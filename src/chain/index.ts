// What `countersign/chain` offers: the fold, the verifier, and what a server signs receipts with. Pure; runs in workerd, Node and browsers.

export type { Logged, LogLeaf } from "../log/index.ts";
export { type Action, readAction } from "./action.ts";
export { type AnchoredReceipt, checkAnchor, checkAnchors, leafOf } from "./anchor.ts";
export { type Artifacts, digestFromHex, hexOf } from "./artifacts.ts";
export { type CheckedAssertion, checkAssertion } from "./assertion.ts";
export {
  type Anchor,
  BUNDLE_MEDIA_TYPE,
  type Bundle,
  createBundle,
  decodeArtifacts,
  namedArtifacts,
  readBundle,
  type UnverifiedBundle,
} from "./bundle.ts";
export type { ChainCode } from "./chain-code.ts";
export {
  type ChainState,
  EMPTY,
  effectsMade,
  goesOn,
  isSentBack,
  previewedEffects,
  type Round,
  roundsBackward,
} from "./chain-state.ts";
export { missingApprovals } from "./decision-rules.ts";
export { outcomeStatus, ownContents } from "./end-rules.ts";
export { apply, policyDigest } from "./fold.ts";
export { type FollowedRun, follow, type Lineage } from "./follow.ts";
export { type IntendedDecision, type Intent, intentOf } from "./intent.ts";
export { approvalAtHead, nextStep, type Step } from "./next-step.ts";
export { openReceipt } from "./open-receipt.ts";
export { claimedIssuer, isInverse, type ParentCode, parentLink, readParentBundle } from "./parent-link.ts";
export { type CallEffects, effectsOf, isFree, POLICY_LIMITS, type Policy, readPolicy } from "./policy.ts";
export { MAX_DOCUMENT, readDocument } from "./read-document.ts";
export { type Replay, type ReplayedReceipt, replay } from "./replay.ts";
export type { Requirements } from "./requirements.ts";
export { type Manifest, readManifest } from "./resource-manifest.ts";
export { RUN_STATUSES, type RunStatus, runStatus } from "./run-status.ts";
export { type Draft, type OwnFields, signNext } from "./sign-next.ts";
export { contentBytes, type ExpandedEffect, type Template } from "./template.ts";
export {
  createTrustPolicy,
  type ListedPasskey,
  passkeysOf,
  type ReviewerEntry,
  readReviewers,
  readTrustPolicy,
  rolesOf,
  type Trust,
  type TrustedKeyEntry,
  type TrustPolicy,
} from "./trust-policy.ts";
export type { VerifiedOf, VerifiedReceipt } from "./verified-receipt.ts";
export type { VerifiedDecision, VerifiedRound, VerifiedRun } from "./verified-run.ts";
export {
  type Check,
  type Inspection,
  inspect,
  type Report,
  UnusableInputError,
  type Verdict,
  type Verification,
  type VerifyOptions,
  verify,
} from "./verify.ts";
