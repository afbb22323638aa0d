// The state of a run: what its receipts say when folded. Plain data, no methods, small however long the chain.
import type { Digest, ExecutionPoint, Kind, ReceiptOf } from "../receipt/index.ts";
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
  /** Code Mode executions that some preview has named: none may come back under another proposal. */
  readonly executions: readonly string[];
  /** Decisions that an execution has answered: none may be answered twice. */
  readonly consumed: readonly Digest[];
  /** What the executed writes left behind, by path. */
  readonly writes: Readonly<Record<string, Digest>>;
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
  executions: [],
  consumed: [],
  writes: {},
  written: false,
  outcome: null,
};
