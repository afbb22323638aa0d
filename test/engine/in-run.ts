// One run of the engine, in a Durable Object of its own, with a domain and a planner of the test's choosing.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type VerifiedRun, verify } from "../../src/chain/index.ts";
import type { PolicySettings } from "../../src/engine/index.ts";
import { type FaultPoints, STOPPED } from "./fault-points.ts";
import type { Setup, TestEnv, TestRun } from "./worker.ts";

let file: string | null = null;
let count = 0;

/** A name that no run has had, of this file or another: they share a forge. */
export function newRun(): string {
  file ??= crypto.randomUUID().slice(0, 8);
  count += 1;
  return `run-${file}-${count}`;
}

/** The object of a run. */
export const stubOf = (name: string) => (env as unknown as TestEnv).RUN.getByName(name);

/** Runs `work` inside the object of a fresh run, or of the one named. */
export function inRun<Value>(work: (run: TestRun) => Promise<Value>, name = newRun()): Promise<Value> {
  return runInDurableObject(stubOf(name), work);
}

/** Runs `work` inside the object of a run that may be stopped, as often as it takes to come through. */
export async function insist<Value>(
  name: string,
  points: FaultPoints,
  work: (run: TestRun) => Promise<Value>,
): Promise<Value> {
  for (;;) {
    try {
      return await runInDurableObject(stubOf(name), async (run, state) => {
        points.watch(run, state);
        return work(run);
      });
    } catch (error) {
      if (!String(error).includes(STOPPED)) throw error;
    }
  }
}

/** Starts a run, has its first proposal approved, and gives what its verified chain says in the end. */
export async function runApproved(
  setup: Setup,
  settings: Partial<PolicySettings> = {},
): Promise<VerifiedRun> {
  return inRun(async (run) => {
    run.configure(setup);
    run.create(settings);
    if ((await run.drive()).for === "human") await run.decide("approve");
    await run.drive();
    return verified(run);
  });
}

/** What an ended run's chain says, once it verifies. */
export async function verified(run: TestRun): Promise<VerifiedRun> {
  const { report, run: said } = await verify(await run.bundle(), run.trust);
  const failures = report.checks.filter(({ ok }) => !ok);
  if (failures.length > 0 || !said) throw new Error(JSON.stringify(failures));
  return said;
}
