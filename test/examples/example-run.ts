// An example's domain and planner in a real engine: started by an alert, approved, and verified from its own chain.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { VerifiedRun } from "../../src/chain/index.ts";
import type { Domain, Planner } from "../../src/domain/index.ts";
import { verified } from "../engine/in-run.ts";
import type { TestEnv, TestRun } from "../engine/worker.ts";

/** An example, and what its Worker is given besides. `title` is the alert's, as the planner hears it. */
export interface Example {
  readonly domain: Domain<never>;
  readonly planner: Planner;
  readonly env?: object;
  readonly title?: string;
}

/** The bindings of the test Worker. */
export const bindings = env as unknown as TestEnv & { readonly DB: D1Database };

let count = 0;

/** Starts a run of an example and drives it until somebody is waited for; then does `work` in it. */
export function inExample<Value>(example: Example, work: (run: TestRun) => Promise<Value>): Promise<Value> {
  const stub = bindings.RUN.getByName(`example-${++count}`);
  return runInDurableObject(stub, async (run: TestRun) => {
    Object.assign(run, { env: { ...bindings, ...example.env } });
    run.domain = example.domain as Domain<unknown>;
    const { planner, title } = example;
    run.planner = {
      id: planner.id,
      next: (situation, asking) =>
        planner.next(
          { ...situation, alert: { ...situation.alert, ...(title !== undefined && { title }) } },
          asking,
        ),
    };
    run.create();
    await run.drive();
    return work(run);
  });
}

/** What a reviewer of the open proposal is shown: the preview and the text of its plan. */
export async function shown(run: TestRun) {
  const { context } = await run.engine();
  const { proposal, preview } = context.chain.state.round ?? {};
  const plan = preview?.statement.subject.find(({ name }) => name === "plan")?.digest.sha256;
  return {
    title: proposal?.statement.predicate.title,
    ...preview?.statement.predicate,
    plan: plan === undefined ? null : new TextDecoder().decode(context.store.artifact(plan)),
  };
}

/** Approves the open proposal and carries the run to its end. */
export async function approve(run: TestRun): Promise<VerifiedRun> {
  const decided = await run.decide("approve");
  if (!decided.ok) throw new Error(decided.refusal.message);
  await run.drive();
  return verified(run);
}
