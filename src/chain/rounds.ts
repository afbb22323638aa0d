// The rounds of a chain that has been folded before: each proposal with what became of it. Checks nothing again.
import type { Receipt } from "../receipt/index.ts";
import type { Round } from "./chain-state.ts";

/** The rounds of a lawful chain, oldest first. The last may still be open. */
export function roundsOf(receipts: readonly Receipt[]): Round[] {
  const rounds: Round[] = [];
  for (const receipt of receipts) {
    const open = rounds.pop();
    switch (receipt.kind) {
      case "proposal": {
        const goesOn = open?.execution?.statement.predicate.more === true;
        const continues = (goesOn && open?.preview?.statement.predicate.execution) || null;
        if (open) rounds.push(open);
        rounds.push({ continues, proposal: receipt, preview: null, decision: null, execution: null });
        break;
      }
      case "preview":
        if (open) rounds.push({ ...open, preview: receipt });
        break;
      case "decision":
        if (open) rounds.push({ ...open, decision: receipt });
        break;
      case "execution":
        if (open) rounds.push({ ...open, execution: receipt });
        break;
      default:
        if (open) rounds.push(open);
    }
  }
  return rounds;
}
