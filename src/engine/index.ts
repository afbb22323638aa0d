// What the host uses of the engine.
export { anchorReceipt, isAnchored } from "./anchoring.ts";
export { type DecideCode, type DecisionRequest, decide, intend } from "./decide.ts";
export { Driver, type Waiting } from "./driver.ts";
export { inTime, LateError, wordsOf } from "./in-time.ts";
export { RUN_LIMITS } from "./limits.ts";
export { logEvent, logFailure } from "./log.ts";
export { type Engine, type EngineHost, openEngine } from "./open-engine.ts";
export { PATIENCE, type Patience } from "./patience.ts";
export { type PolicySettings, policyOf } from "./policy.ts";
export { contentOf, holdsJson, OwnResources, toContent } from "./resources.ts";
export { type ChainFinding, type ChainKeys, CorruptChainError, RunChain } from "./run-chain.ts";
export type { RunContext } from "./run-context.ts";
export type { ContinuedRun, RevertRequest, RunRequest } from "./run-request.ts";
export { RunStore, STORE_VERSION } from "./store.ts";
