// The demo's Worker: the checkout, served. What a user's Worker looks like, too: a domain, a planner, and where its runs are kept.
import { CodemodeRuntime } from "@cloudflare/codemode";
import { type CheckoutEnv, checkout } from "./checkout/domain.ts";
import { checkoutPlanner } from "./checkout/planner.ts";
import type { Planner } from "./domain/index.ts";
import {
  configuredPlanner,
  LogDurableObject,
  RunDurableObject,
  type RunEnv,
  RunIndex,
} from "./host/index.ts";
import { countersign } from "./http/index.ts";

interface Env extends RunEnv, CheckoutEnv {
  readonly RUN: DurableObjectNamespace<CheckoutRun>;
  readonly INDEX: DurableObjectNamespace<RunIndex>;
  readonly LOG: DurableObjectNamespace<LogDurableObject>;
}

export class CheckoutRun extends RunDurableObject<Env> {
  domain = checkout;
  planner: Planner | ((env: Env) => Planner) = (env) => configuredPlanner(env, checkoutPlanner);
}

export { CodemodeRuntime, LogDurableObject, RunIndex };
export default countersign<Env>({
  runs: (env) => env.RUN,
  index: (env) => env.INDEX,
  log: (env) => env.LOG,
  reviewers: [],
  button: { words: "Fire the demo alert", title: "Checkout is answering 5xx" },
});
