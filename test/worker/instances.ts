// Reaches into the Durable Object of a run: another planner, another clock, one step at a time.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import type { Planner } from "../../src/agent/planner.ts";
import { nextStep, type Policy, type RunView } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { type Digest, digestOf, subjectDigest } from "../../src/receipt/index.ts";
import { step } from "../../src/run/driver.ts";
import type { RunContext } from "../../src/run/run-context.ts";
import type { RunDurableObject } from "../../src/run/run-durable-object.ts";
import { signDecision } from "../../src/run/sign-decision.ts";
import { stubOf } from "./client.ts";

export const POLICY: Policy = {
  version: 1,
  rule: "A test's policy.",
  connector: "repository",
  method: "write_file",
  decisionSeconds: 600,
  revisions: 4,
  separateReviewer: false,
};

export const ASKED = digestOf(new TextEncoder().encode("test"));

/** A request as the HTTP edge would make it. */
export function runRequest(policy: Partial<Policy> = {}) {
  const createdAt = new Date().toISOString();
  return {
    alert: { source: "test", title: "Checkout is answering 5xx", firedAt: createdAt },
    policy: { ...POLICY, ...policy },
    startedBy: { id: "starter", method: "test" },
    createdAt,
    asked: ASKED,
  };
}

/** The context of an opened run, inside its own Durable Object. */
export async function contextOf(instance: RunDurableObject): Promise<RunContext> {
  const opened = await instance.open();
  if (!opened.ok) throw new Error(opened.refusal.message);
  return opened.value.context;
}

/** Does something inside the Durable Object of a run, with its context. */
export function inside<Value>(
  run: string,
  work: (
    context: RunContext,
    instance: RunDurableObject,
    state: DurableObjectState,
  ) => Promise<Value> | Value,
): Promise<Value> {
  return runInDurableObject(stubOf(run), async (instance, state) =>
    work(await contextOf(instance), instance, state),
  );
}

/** Starts a run under a planner of the test's own and returns its view once it waits. */
export async function startWith(planner: Partial<Planner>, policy: Partial<Policy> = {}): Promise<RunView> {
  const run = nameRun(null);
  const view = await runInDurableObject(stubOf(run), async (instance) => {
    instance.planner = { ...instance.planner, ...planner };
    return instance.start(run, runRequest(policy), { waitMs: 10_000 });
  });
  if (!view.ok) throw new Error(view.refusal.message);
  return view.value;
}

/** A planner whose proposal is this script, whatever the evidence. */
export function proposing(code: string): Partial<Planner> {
  return {
    propose: ({ feedback }) => ({
      propose: true,
      code,
      summary: "A test's proposal.",
      risk: "low",
      feedback: feedback === null ? null : { applied: [], notApplied: [feedback] },
    }),
  };
}

/** Stores a run without letting its loop run, so that a test can walk it. */
export async function storeRun(run: string, policy: Partial<Policy> = {}): Promise<void> {
  await runInDurableObject(stubOf(run), async (instance, state) => {
    // A clock that stands before the alarm, and no loop: start() would carry on at once.
    await instance.store(run, runRequest(policy));
    await state.storage.deleteAlarm();
  });
}

/** Performs the one step that is due, then throws the instance away, so that the next thing starts from storage alone. */
export async function stepAndEvict(run: string): Promise<string | null> {
  const due = await inside(run, async (context) => {
    await step(context);
    return nextStep(context.chain.state)?.kind ?? null;
  });
  await evictDurableObject(stubOf(run));
  return due;
}

/** Signs a decision and nothing more: what would carry it out goes with the instance. */
export async function onlyDecide(
  run: string,
  decision: "approve" | "reject" | "request_changes",
): Promise<Digest> {
  const digest = await inside(run, ({ chain, store }) => {
    const { round } = chain.state;
    const action = store.artifact(
      subjectDigest(round?.proposal.statement ?? { subject: [] }, "action") ?? "",
    );
    if (!round?.preview || !action) throw new Error("expected an open preview");
    const fields = {
      ...{ decision, proposal: round.proposal.digest, preview: round.preview.digest },
      ...{ reason: "Because.", reviewer: { id: "r", method: "test" } },
    };
    const committed = chain.commit(({ append }) => append("decision", [["action", action]], fields).digest);
    if (!committed.ok) throw new Error(committed.refusal.message);
    return committed.value;
  });
  await evictDurableObject(stubOf(run));
  return digest;
}

/** Signs a rejection of the open proposal from inside a run's Durable Object, and does not drive the run on. */
export async function rejectIn(instance: RunDurableObject): Promise<void> {
  const opened = await instance.open();
  if (!opened.ok) throw new Error(opened.refusal.message);
  const { proposal } = opened.value.context.chain.state.round ?? {};
  if (!proposal) throw new Error("expected an open proposal");
  const signed = signDecision(opened.value, {
    decision: "reject",
    proposal: proposal.digest,
    reason: "Because.",
    reviewer: { id: "r", method: "test" },
  });
  if (!signed.ok) throw new Error(signed.refusal.message);
}
