// The planner of both sides of the benchmark: the product's own, but for an alert that asks for a long chain. Its script then
// makes as many gated calls as the alert says, each of which gives four receipts.
import { checkoutPlanner } from "../../src/checkout/planner.ts";
import { digestOfText } from "../../src/checkout/repository.ts";
import type { AlertBrief, PlannerAnswer, Situation } from "../../src/domain/index.ts";

const SOURCE = "bench-writes";

/** An alert that asks for a script of so many gated calls. */
export function manyWrites(calls: number): Pick<AlertBrief, "source" | "title"> {
  return { source: SOURCE, title: String(calls) };
}

/** Writes one file over and over. It reads nothing, so that only the gated calls make its log grow. */
function writeManyScript(calls: number): string {
  const contents = Array.from({ length: calls }, (_, i) => `export default ${i};\n`);
  const writes = contents.map((content, i) => [
    content,
    i === 0 ? null : digestOfText(contents[i - 1] ?? ""),
  ]);
  return `async () => {
  for (const [content, before] of ${JSON.stringify(writes)}) {
    await repository.write_file({ path: "src/counter.js", content, before });
  }
}`;
}

export const benchPlanner = {
  id: checkoutPlanner.id,
  async next(situation: Situation): Promise<PlannerAnswer> {
    const { alert, evidence } = situation;
    if (alert.source !== SOURCE || evidence.length === 0) return checkoutPlanner.next(situation);
    const code = writeManyScript(Number(alert.title));
    return { propose: { code, title: "Count up", summary: "Counts up.", risk: "low", feedback: null } };
  },
};
