// The state of a run: what its receipts say when folded. Plain data, no methods.
// A state shares with the one before it whatever has not changed, so that folding a chain costs in proportion to its length.
import type { Change, Digest, ExecutionPoint, Kind, ReceiptOf } from "../receipt/index.ts";
import type { Policy } from "./policy.ts";

/** One trip from a proposal to the end of its execution. Later members are null until their receipt exists. */
export interface Round {
  /** The call that the same execution has already made, when this round is about its next one; else null. */
  readonly continues: ExecutionPoint | null;
  readonly proposal: ReceiptOf<"proposal">;
  readonly preview: ReceiptOf<"preview"> | null;
  readonly decision: ReceiptOf<"decision"> | null;
  readonly execution: ReceiptOf<"execution"> | null;
}

/** What later receipts may need of a round that has ended, and the one that ended before it. */
export interface EndedRound {
  /** The Code Mode execution that its preview named: it may not come back under another proposal. */
  readonly execution: string;
  /** The decision that its execution answered, null when there was none: it may not be answered twice. */
  readonly decision: Digest | null;
  /** What its execution wrote. */
  readonly changes: readonly Change[];
  readonly before: EndedRound | null;
}

/** The fold of a chain of receipts. `last` names the newest kind; `round` is the newest round, open or ended. */
export interface ChainState {
  readonly run: string | null;
  readonly count: number;
  readonly head: Digest | null;
  readonly issuedAt: string | null;
  readonly last: Kind | null;
  readonly alert: ReceiptOf<"alert"> | null;
  readonly policy: Policy | null;
  readonly round: Round | null;
  /** The changes that the newest proposal's action would make, from its arguments alone. */
  readonly changes: readonly Change[];
  /** The newest round that has ended. */
  readonly ended: EndedRound | null;
  /** True once any execution has executed. */
  readonly written: boolean;
  readonly outcome: ReceiptOf<"outcome"> | null;
}

/** The state before any receipt. */
export const EMPTY: ChainState = {
  run: null,
  count: 0,
  head: null,
  issuedAt: null,
  last: null,
  alert: null,
  policy: null,
  round: null,
  changes: [],
  ended: null,
  written: false,
  outcome: null,
};

/** True when some round that has ended is as asked. Walks back through all of them, so ask only where it matters. */
export function someEnded({ ended }: ChainState, is: (round: EndedRound) => boolean): boolean {
  for (let round = ended; round !== null; round = round.before) if (is(round)) return true;
  return false;
}
