// What a verified chain says, typed: so that nobody parses a bundle again after verifying it. A pure projection of the fold.

import { type Digest, type Effect, type Predicate, subjectDigest } from "../receipt/index.ts";
import type { Action } from "./action.ts";
import { digestFromHex } from "./artifacts.ts";
import { type ChainState, previewedEffects, type Round, roundsBackward } from "./chain-state.ts";
import type { Policy } from "./policy.ts";
import { type RunStatus, runStatus } from "./run-status.ts";

/** A decision of a round, and by whose key it was signed besides the server's. */
export interface VerifiedDecision {
  readonly decision: "approve" | "reject" | "request_changes";
  readonly reviewer: string;
  readonly role: string;
  readonly reason: string;
  readonly edit: Digest | null;
  readonly issuedAt: string;
  /** The form of the reviewer's own signature, and whether the trust policy lists their key; null where only the server signed. */
  readonly signed: { readonly type: "webauthn" | "ssh"; readonly listed: boolean } | null;
}

/** One round: what was proposed, what it would change, what was decided, and what became of it. */
export interface VerifiedRound {
  readonly action: Action & { readonly digest: Digest };
  readonly title: string;
  readonly effects: readonly Effect[];
  readonly checks: Predicate<"preview">["checks"];
  readonly decisions: readonly VerifiedDecision[];
  readonly execution: Pick<Predicate<"execution">, "status" | "reason"> | null;
}

/** A verified run. `rounds` are oldest first; `outcome` and `resources` are null until they are signed. */
export interface VerifiedRun {
  readonly issuer: string;
  readonly domain: string;
  readonly status: RunStatus;
  readonly policy: Policy;
  readonly rounds: readonly VerifiedRound[];
  readonly outcome: Pick<Predicate<"outcome">, "status" | "reason" | "checks"> | null;
  readonly resources: Readonly<Record<string, Digest>> | null;
}

/** Projects the state of a verified chain; null for an empty one. */
export function verifiedRun(state: ChainState): VerifiedRun | null {
  const { alert, policy, outcome, resources } = state;
  if (!alert || !policy) return null;
  const ended = outcome?.statement.predicate;
  return {
    issuer: alert.statement.predicate.issuer,
    domain: policy.domain,
    status: runStatus(state),
    policy,
    rounds: [...roundsBackward(state)].reverse().map(verifiedRound),
    outcome: ended ? { status: ended.status, reason: ended.reason, checks: ended.checks } : null,
    resources: resources && Object.fromEntries(resources),
  };
}

function verifiedRound(round: Round): VerifiedRound {
  const { proposal, action, preview, decisions, execution } = round;
  const ended = execution?.statement.predicate;
  return {
    action: { ...action, digest: digestFromHex(subjectDigest(proposal.statement, "action") ?? "") },
    title: proposal.statement.predicate.title,
    effects: previewedEffects(round),
    checks: preview?.statement.predicate.checks ?? [],
    decisions: decisions.map(({ statement, found }) => {
      const { decision, reviewer, role, reason, edit, issuedAt } = statement.predicate;
      const signed = found.assertion && { type: found.assertion.type, listed: found.assertion.listed };
      return { decision, reviewer: reviewer.id, role, reason, edit, issuedAt, signed };
    }),
    execution: ended ? { status: ended.status, reason: ended.reason } : null,
  };
}
