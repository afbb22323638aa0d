// What the edge and a user's Worker use of the host.

export type { Json } from "../domain/index.ts";
export { type DecisionRequest, inTime, logFailure } from "../engine/index.ts";
export { CANNOT_OPEN } from "./cannot-open.ts";
export { configuredPlanner } from "./configured-planner.ts";
export {
  type Deployment,
  declareDeployment,
  declaredButton,
  deploymentOf,
  logNamespace,
  type Named,
  type RunEnv,
  type Settings,
} from "./env.ts";
export type { Firing, FiringEnd } from "./firings.ts";
export { claimedAncestors } from "./lineage.ts";
export { MAX_SOCKETS } from "./live-sockets.ts";
export type { Anchored, LogApi } from "./log-api.ts";
export { LogDurableObject } from "./log-durable-object.ts";
export { logOf } from "./log-of.ts";
export { readLogSettings } from "./log-settings.ts";
export { readPolicySettings } from "./policy-settings.ts";
export { missingForRuns, readyToStart } from "./ready.ts";
export type * from "./run-api.ts";
export { RunDurableObject } from "./run-durable-object.ts";
export type { RunEntry } from "./run-entry.ts";
export { RunIndex } from "./run-index.ts";
export type * from "./run-list.ts";
export type * from "./run-story.ts";
export type * from "./run-view.ts";
export { loadSigningKeys, SECRET_OF, type SigningKeys } from "./signing-keys.ts";
export { MAX_PARENT_BYTES } from "./take-over.ts";
export { loadTrustedIssuers } from "./trusted-issuers.ts";
export { trustPath, underName } from "./under-name.ts";
export { readReceiver } from "./webhook.ts";
export { isWebhookSecret, SECRET_FORM } from "./webhook-secret.ts";
