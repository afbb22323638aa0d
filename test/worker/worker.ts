// The Worker that the edge's tests talk to: countersign() around a small domain, as a user of the package writes one.
import { LogDurableObject, RunDurableObject, type RunEnv } from "../../src/host/index.ts";
import type { RunIndex } from "../../src/host/run-index.ts";
import { countersign, type EdgeEnv } from "../../src/http/index.ts";
import { flags, planner } from "./flags.ts";
import { REVIEWERS } from "./reviewers.ts";

export { CodemodeRuntime } from "@cloudflare/codemode";
export { RunIndex } from "../../src/host/index.ts";

export interface TestEnv extends EdgeEnv {
  readonly RUN: DurableObjectNamespace<FlagRun>;
  readonly INDEX: DurableObjectNamespace<RunIndex>;
  readonly LOG: DurableObjectNamespace<TestLog>;
}

/** Variables that runs made from now on find, beside those of wrangler.toml. */
export const overrides: Record<string, string | undefined> = {};

export class FlagRun extends RunDurableObject<RunEnv> {
  domain = flags;
  planner = planner;

  constructor(ctx: DurableObjectState, env: RunEnv) {
    super(ctx, { ...env, ...overrides });
  }
}

export class TestLog extends LogDurableObject<RunEnv> {
  constructor(ctx: DurableObjectState, env: RunEnv) {
    super(ctx, { ...env, ...overrides });
  }
}

export default countersign<TestEnv>({
  runs: (env) => env.RUN,
  index: (env) => env.INDEX,
  log: (env) => env.LOG,
  reviewers: REVIEWERS,
  button: { words: "Start a run", title: "Carts are priced wrong" },
});
