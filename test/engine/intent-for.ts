// What a reviewer signs for a decision on the open proposal of a run; alice, unless it says another.
import { type Intent, intentOf } from "../../src/chain/index.ts";
import { type DecisionRequest, intend } from "../../src/engine/index.ts";
import type { TestRun } from "./worker.ts";

export async function intentFor(run: TestRun, decision: Partial<DecisionRequest> = {}): Promise<Intent> {
  const { context } = await run.engine();
  const reviewer = { id: "alice", method: "test" };
  const meant = intend(context, { decision: "approve", reason: "", reviewer, ...decision });
  const intent = meant.ok && intentOf(context.chain.state, meant.value);
  if (!intent) throw new Error("expected a decision to be due");
  return intent;
}
