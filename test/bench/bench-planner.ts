// The planner of both sides of the benchmark: the product's own, but for an alert that asks for a long chain. Its script then
// makes as many gated calls as the alert says, each of which gives four receipts.
import { deterministicPlanner } from "../../src/agent/deterministic-planner.ts";
import type { AlertBrief, Planner } from "../../src/agent/planner.ts";

const SOURCE = "bench-writes";

/** An alert that asks for a script of so many gated calls. */
export function manyWrites(calls: number): Pick<AlertBrief, "source" | "title"> {
  return { source: SOURCE, title: String(calls) };
}

/** Writes one file over and over. It reads nothing, so that only the gated calls make its log grow. */
function writeManyScript(calls: number): string {
  return `async () => {
  let before = null;
  for (let i = 0; i < ${calls}; i += 1) {
    const { digest } = await repository.write_file({ path: "src/counter.js", content: "export default " + i + ";\\n", before });
    before = digest;
  }
}`;
}

export const benchPlanner: Planner = {
  investigate: deterministicPlanner.investigate,
  propose(input) {
    if (input.alert.source !== SOURCE) return deterministicPlanner.propose(input);
    const code = writeManyScript(Number(input.alert.title));
    return { propose: true, code, summary: "Counts up.", risk: "low", feedback: null };
  },
};
