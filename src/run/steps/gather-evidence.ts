// Due: evidence. Runs the planner's read-only script in the sandbox; the evidence is what the connectors answered, as the
// durable log recorded it, never what the script says it saw.
import { investigationSchema } from "../../agent/read-plan.ts";
import type { Pass, RecordedCall } from "../../codemode/script-runtime.ts";
import { canonicalBytes, LIMITS, NotCanonicalError } from "../../receipt/index.ts";
import { askPlanner } from "../ask-planner.ts";
import { readHandedOn } from "../handed-on.ts";
import { fitEvidence, keepableCode } from "../limits.ts";
import { fitText, mustCommit, type RunContext } from "../run-context.ts";

export async function gatherEvidence(run: RunContext): Promise<void> {
  const handedOn = readHandedOn(run);
  const question = () => run.planner.investigate(run.request.alert, handedOn);
  const plan = await askPlanner(run, question, investigationSchema);
  const code = keepableCode(plan.code);
  await run.scripts.forgetAll();
  const pass = await run.scripts.execute(code);
  const { kept: items, left } = fitEvidence(pass.calls.flatMap(toItem), LIMITS.items);
  const note = left === 0 ? "" : ` ${left} further calls were too many or too large to keep as evidence.`;
  mustCommit(
    run.chain.commit(({ append }) =>
      append(
        "evidence",
        [
          ["code", new TextEncoder().encode(code)],
          ...items.map(({ bytes }, i) => [`item-${i + 1}`, bytes] as const),
        ],
        {
          items: items.map(({ connector, method }, i) => ({ name: `item-${i + 1}`, connector, method })),
          summary: `${fitText(summarize(pass), LIMITS.summary - note.length)}${note}`,
        },
      ),
    ),
  );
}

/** One finished call as an artifact. A call that is not plain JSON is no evidence. */
function toItem({ connector, method, args = null, result = null }: RecordedCall) {
  try {
    return [{ connector, method, bytes: canonicalBytes({ connector, method, args, result }) }];
  } catch (error) {
    if (error instanceof NotCanonicalError) return [];
    throw error;
  }
}

function summarize(pass: Pass): string {
  switch (pass.status) {
    case "error":
      return `The investigation stopped early: ${pass.error}`;
    case "paused":
      return "The investigation asked for a gated call, which an investigation may not; it was stopped there.";
    case "completed": {
      const { result } = pass;
      const said =
        typeof result === "object" && result !== null && "summary" in result ? result.summary : null;
      return typeof said === "string" ? said : `The investigation made ${pass.calls.length} calls.`;
    }
  }
}
