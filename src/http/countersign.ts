// What a user's Worker exports: the whole of Countersign over HTTP, around the runs of their domain.
import type { Hono } from "hono";
import { type Deployment, declareDeployment } from "../host/index.ts";
import { createApp } from "./app.ts";
import type { EdgeEnv } from "./edge-env.ts";

/**
 * Declares where a Worker keeps its runs and who its reviewers are, and makes the app that serves them. `Env` is the Worker's bindings;
 * `wrangler types` declares it as `Cloudflare.Env`.
 * @example
 * export class FlagRun extends RunDurableObject<Env> { domain = flags; planner = planner; }
 * export { CodemodeRuntime, RunIndex } from "countersign";
 * export default countersign({ runs: (env) => env.RUN, index: (env) => env.INDEX, reviewers });
 */
export function countersign<Env = Cloudflare.Env>(deployment: Deployment<Env>): Hono<{ Bindings: EdgeEnv }> {
  declareDeployment(deployment);
  return createApp();
}
