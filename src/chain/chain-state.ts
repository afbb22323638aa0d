// The state of a run: what its receipts say when folded. Plain data, no methods.
// A state shares with the one before it whatever has not changed, so that folding a chain costs in proportion to its length.
import type { Digest, Effect, Kind, Predicate, ReceiptOf, Result } from "../receipt/index.ts";
import type { Action } from "./action.ts";
import type { ChainCode } from "./chain-code.ts";
import type { CallEffects, Policy } from "./policy.ts";
import type { Manifest } from "./resource-manifest.ts";
import type { VerifiedOf } from "./verified-receipt.ts";

/** One trip from a proposal to the end of its execution. Later members are null until their receipt exists. */
export interface Round {
  /** The round before this one, null for the first. */
  readonly before: Round | null;
  readonly proposal: ReceiptOf<"proposal">;
  readonly action: Action;
  /** What the call changes, from its arguments alone. The preview has the `before` of those that are read. */
  readonly call: CallEffects;
  readonly preview: ReceiptOf<"preview"> | null;
  readonly decisions: readonly VerifiedOf<"decision">[];
  /** The decision that settled the round: the completing approval, or the first rejection or request for changes. */
  readonly settledBy: VerifiedOf<"decision"> | null;
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
  /** The newest evidence: its `planner` is the agent that may propose. */
  readonly evidence: ReceiptOf<"evidence"> | null;
  readonly round: Round | null;
  /** The checks of the first preview: what the outcome is measured against. Null before it. */
  readonly measured: Predicate<"preview">["checks"] | null;
  /** True once any execution was executed, or may have been. */
  readonly acted: boolean;
  readonly outcome: ReceiptOf<"outcome"> | null;
  /** What the handoff hands on; null before it. */
  readonly resources: Manifest | null;
}

/** What a rule answers: the next state, or why the receipt may not stand there. */
export type Next = Result<ChainState, ChainCode>;

/** The state before any receipt. */
export const EMPTY: ChainState = {
  run: null,
  count: 0,
  head: null,
  issuedAt: null,
  last: null,
  alert: null,
  policy: null,
  evidence: null,
  round: null,
  measured: null,
  acted: false,
  outcome: null,
  resources: null,
};

/** The rounds of a state, newest first. */
export function* roundsBackward({ round }: ChainState): Generator<Round> {
  for (let at = round; at !== null; at = at.before) yield at;
}

/** True when a reviewer asked for changes, so that a revision may follow. */
export function isSentBack(round: Round | null): boolean {
  return round?.settledBy?.statement.predicate.decision === "request_changes";
}

/** True when the round's script waits at a further gated call. */
export function goesOn(round: Round | null): boolean {
  return round?.execution?.statement.predicate.more === true;
}

/** How the call of a round ended: with its effects, perhaps with them, or without; null while it is open or was held back. */
export function effectsMade(round: Round): "executed" | "unknown" | null {
  const status = round.execution?.statement.predicate.status;
  return status === "executed" || status === "unknown" ? status : null;
}

/** The effects that a round's preview signed. */
export function previewedEffects({ preview }: Round): readonly Effect[] {
  return preview?.statement.predicate.effects ?? [];
}
