// A run of the checkout, from its start to its verified end, for the tests that look at one.
import { expect } from "vitest";
import { checkout } from "../../src/checkout/domain.ts";
import { checkoutPlanner } from "../../src/checkout/planner.ts";
import type { Domain } from "../../src/domain/index.ts";
import { PATIENCE } from "../../src/engine/index.ts";
import { canonicalBytes } from "../../src/receipt/index.ts";
import { verified } from "./in-run.ts";
import type { TestRun } from "./worker.ts";

export const PATH = "src/checkout.js";
export const NAMES = ["requests that failed", "valid checkouts that failed"];
export const counts = (...failed: number[]) => [32, 16].map((total, i) => ({ total, failed: failed[i] }));

type Creation = Parameters<TestRun["create"]>[1];

export function start(
  run: TestRun,
  { planner = checkoutPlanner, ...more }: Creation & { planner?: TestRun["planner"] } = {},
): void {
  run.domain = checkout as Domain<never> as Domain<unknown>;
  run.planner = planner;
  run.patience = { ...PATIENCE, retry: 10 };
  run.create({}, more);
}

export async function waits(run: TestRun) {
  expect(await run.drive()).toMatchObject({ for: "human" });
  const { round } = (await run.engine()).context.chain.state;
  if (!round?.preview) throw new Error("expected a preview");
  const { proposal, preview, action } = round;
  const { path, content } = action.args as { path: string; content: string };
  return { proposal: proposal.statement.predicate, preview: preview.statement.predicate, path, content };
}

export async function ends(run: TestRun) {
  expect(await run.drive()).toEqual({ for: "end" });
  return verified(run);
}

export const contentOf = async (run: TestRun, path = PATH) =>
  (await run.engine()).context.own.contents().get(`file:${path}`);

/** What a run that continues this one starts with. */
export async function handed(run: TestRun) {
  const { chain, own } = (await run.engine()).context;
  const bundle = canonicalBytes(await run.bundle());
  const [handoff] = chain.all("handoff");
  if (!handoff) throw new Error("expected a handoff");
  const resources = [...own.contents()];
  const continues = {
    issuer: chain.issuer,
    run: chain.run,
    handoff: handoff.digest,
    bundle: Buffer.from(await crypto.subtle.digest("SHA-256", bundle)).toString("hex"),
  };
  return { continues, bundle, resources };
}
