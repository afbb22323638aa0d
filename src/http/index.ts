// What a user's Worker uses of the edge.
export { countersign } from "./countersign.ts";
export type { EdgeEnv } from "./edge-env.ts";
