// From a deployment to the Durable Object that is its list of runs.
import type { Env } from "./env.ts";
import type { RunIndex } from "./run-index.ts";

export type RunIndexStub = DurableObjectStub<RunIndex>;

/** The deployment's list, to be asked one thing: after it has failed, a stub may go on failing. */
export function runIndexOf({ INDEX }: Env): RunIndexStub {
  return INDEX.getByName("runs");
}
