// A run as a list shows it: one line of the desk. A pure projection of the fold, small enough to be sent whenever the run rests.
// Adds no fact that the receipts do not hold.
import { type ChainState, missingApprovals, nextStep, type RunStatus, runStatus } from "../chain/index.ts";
import type { Digest, Effect, Predicate } from "../receipt/index.ts";
import { type GivenApproval, givenApprovals } from "./given-approvals.ts";

/** Most resources that an entry names. */
const MAX_RESOURCES = 3;

/**
 * A run, as `GET /api/runs` lists it. `alert` is null until the alert is signed; `proposal` is the newest one, `resources` the first of
 * what it changes. `expiresAt`, `given` and `missing` are set while a decision is awaited.
 */
export interface RunEntry {
  readonly run: string;
  readonly domain: string | null;
  readonly status: RunStatus;
  readonly head: Digest | null;
  readonly count: number;
  readonly createdAt: string;
  readonly alert: string | null;
  readonly proposal: {
    readonly title: string;
    readonly call: string;
    readonly resources: readonly string[];
    readonly revision: number;
    readonly risk: "low" | "medium" | "high";
  } | null;
  readonly expiresAt: string | null;
  /** The approvals that it has already. */
  readonly given: readonly GivenApproval[];
  readonly missing: readonly { readonly role: string; readonly count: number }[];
  /** Who settled the newest round, and how. */
  readonly decided: {
    readonly decision: "approve" | "reject" | "request_changes";
    readonly by: string;
  } | null;
  readonly outcome: Pick<Predicate<"outcome">, "status" | "reason" | "checks"> | null;
  readonly links: { readonly self: string; readonly page: string };
}

/** Projects a state to its entry. `createdAt` is an instant. */
export function runEntry(run: string, createdAt: string, state: ChainState): RunEntry {
  const due = nextStep(state);
  const { round, policy, outcome } = state;
  const settled = round?.settledBy?.statement.predicate;
  const ended = outcome?.statement.predicate;
  const waits = due?.kind === "decision";
  return {
    run,
    domain: policy?.domain ?? null,
    status: runStatus(state),
    head: state.head,
    count: state.count,
    createdAt,
    alert: state.alert?.statement.predicate.title ?? null,
    proposal: round && {
      title: round.proposal.statement.predicate.title,
      call: `${round.action.connector}.${round.action.method}`,
      resources: resourcesOf(round.preview?.statement.predicate.effects ?? []),
      revision: round.proposal.statement.predicate.revision,
      risk: round.proposal.statement.predicate.risk,
    },
    expiresAt: waits ? due.expiresAt : null,
    given: waits && round ? givenApprovals(round.decisions) : [],
    missing: waits && policy && round ? missingApprovals(policy, round.decisions) : [],
    decided: settled ? { decision: settled.decision, by: settled.reviewer.id } : null,
    outcome: ended ? { status: ended.status, reason: ended.reason, checks: ended.checks } : null,
    links: { self: `/api/runs/${run}`, page: `/runs/${run}` },
  };
}

function resourcesOf(effects: readonly Effect[]): string[] {
  return effects.slice(0, MAX_RESOURCES).map(({ resource }) => resource);
}
