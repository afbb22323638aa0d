// A run as a list shows it: one line of the desk. A pure projection of the fold, small enough to be sent at every receipt.
// Adds no fact that the receipts do not hold.
import type { Digest } from "../receipt/index.ts";
import type { ChainState } from "./chain-state.ts";
import { nextStep } from "./next-step.ts";
import { type RunStatus, runStatus } from "./run-status.ts";
import type { OutcomeView, PendingView } from "./run-view.ts";

/**
 * A run, as `GET /api/runs` lists it. `title` is null until the alert is signed, `risk` is the newest proposal's, and
 * `expiresAt` is set while a decision is awaited.
 */
export interface RunEntry {
  readonly run: string;
  readonly status: RunStatus;
  readonly head: Digest | null;
  readonly count: number;
  readonly createdAt: string;
  readonly title: string | null;
  readonly risk: PendingView["risk"] | null;
  readonly expiresAt: string | null;
  readonly outcome: Omit<OutcomeView, "reason"> | null;
  readonly links: { readonly self: string; readonly page: string };
}

/** Projects a state to its entry. `createdAt` is an instant. */
export function runEntry(run: string, createdAt: string, state: ChainState): RunEntry {
  const due = nextStep(state);
  const ended = state.outcome?.statement.predicate;
  return {
    run,
    status: runStatus(state),
    head: state.head,
    count: state.count,
    createdAt,
    title: state.alert?.statement.predicate.title ?? null,
    risk: state.round?.proposal.statement.predicate.risk ?? null,
    expiresAt: due?.kind === "decision" ? due.expiresAt : null,
    outcome: ended ? { status: ended.status, before: ended.before, after: ended.after } : null,
    links: { self: `/api/runs/${run}`, page: `/runs/${run}` },
  };
}
