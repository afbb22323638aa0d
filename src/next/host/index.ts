// What the edge and a user's Worker use of the host.

export { trustPath, underName } from "./deployment-names.ts";
export {
  type Deployment,
  declareDeployment,
  deploymentOf,
  type Named,
  type RunEnv,
  type Settings,
} from "./env.ts";
export type { Firing, FiringEnd } from "./firings.ts";
export { claimedAncestors } from "./lineage.ts";
export { MAX_SOCKETS } from "./live-sockets.ts";
export { readPolicySettings } from "./policy-settings.ts";
export { missingForRuns, readyToStart } from "./ready.ts";
export type * from "./run-api.ts";
export { RunDurableObject } from "./run-durable-object.ts";
export type { RunEntry } from "./run-entry.ts";
export { type Desk, type ListedRun, type Listing, type Place, RunIndex } from "./run-index.ts";
export type * from "./run-story.ts";
export type * from "./run-view.ts";
export { loadSigningKeys, SECRET_OF, type SigningKeys } from "./signing-keys.ts";
export { loadTrustedIssuers } from "./trusted-issuers.ts";
export { hasReceiver, readReceiver } from "./webhook.ts";
