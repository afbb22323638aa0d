// One run of the engine, in a Durable Object of its own, with a domain and a planner of the test's choosing.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type VerifiedRun, verify } from "../../../src/next/chain/index.ts";
import type { TestEnv, TestRun } from "./worker.ts";

let count = 0;

/** Runs `work` inside the object of a fresh run, or of the one named. */
export function inRun<Value>(
  work: (run: TestRun) => Promise<Value>,
  name = `run-${++count}`,
): Promise<Value> {
  const stub = (env as unknown as TestEnv).RUN.getByName(name);
  return runInDurableObject(stub, work);
}

/** What an ended run's chain says, once it verifies. */
export async function verified(run: TestRun): Promise<VerifiedRun> {
  const { report, run: said } = await verify(await run.bundle(), run.trust);
  const failures = report.checks.filter(({ ok }) => !ok);
  if (failures.length > 0 || !said) throw new Error(JSON.stringify(failures));
  return said;
}
