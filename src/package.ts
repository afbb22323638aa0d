// What `countersign` offers to a Worker: the port to write a domain with, and the objects and the edge that serve its runs.
export { CodemodeRuntime } from "@cloudflare/codemode";
export type { ReviewerEntry } from "./chain/index.ts";
export * from "./domain/index.ts";
export {
  configuredPlanner,
  type Deployment,
  type IndexApi,
  type LogApi,
  LogDurableObject,
  type Named,
  type RunApi,
  RunDurableObject,
  type RunEnv,
  RunIndex,
  type Settings,
} from "./host/index.ts";
export { countersign, type EdgeEnv } from "./http/index.ts";
