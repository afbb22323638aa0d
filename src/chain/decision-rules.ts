// The rules of a decision (§8.5): a human's word on exactly what the preview showed, in time, by someone who may, and where the
// policy asks for it, under a key of their own.

import { accept, digestOf, type Refusal, refuse, subjectDigest } from "../receipt/index.ts";
import { readAction } from "./action.ts";
import { type Artifacts, digestFromHex } from "./artifacts.ts";
import type { ChainCode } from "./chain-code.ts";
import type { ChainState, Next, Round } from "./chain-state.ts";
import { intentBytes } from "./intent.ts";
import { effectsOf, type Policy } from "./policy.ts";
import { isSameAction } from "./proposal-rules.ts";
import type { VerifiedOf } from "./verified-receipt.ts";

type Decision = VerifiedOf<"decision">;
type Fault = Refusal<ChainCode> | null;

/** Adds a decision to the open round, and settles the round where it is the one that does. */
export function applyDecision(state: ChainState, receipt: Decision, artifacts: Artifacts): Next {
  const { policy, round, alert } = state;
  if (!policy || !alert || !round?.preview)
    return refuse("ERR_PREVIEW", "expected an open preview before a decision");
  const refusal =
    targetFault(receipt, round) ??
    reviewerFault(receipt, round, policy, alert.statement.predicate.startedBy.id) ??
    wordsFault(receipt, round, policy) ??
    approvalFault(receipt, round, policy) ??
    editFault(receipt, round, policy, artifacts) ??
    assertionFault(receipt, alert.statement.predicate.issuer) ??
    keyFault(receipt, round, policy);
  if (refusal) return { ok: false, refusal };
  const decisions = [...round.decisions, receipt];
  const settles =
    receipt.statement.predicate.decision !== "approve" || missingApprovals(policy, decisions).length === 0;
  return accept({ ...state, round: { ...round, decisions, settledBy: settles ? receipt : null } });
}

/** The approvals that a round still misses: of each role, how many. Empty once it has all. */
export function missingApprovals(
  { approvals }: Policy,
  decisions: readonly Decision[],
): readonly { readonly role: string; readonly count: number }[] {
  return approvals.flatMap(({ role, count }) => {
    const missing = count - approvalsOf(decisions).filter((given) => given.role === role).length;
    return missing > 0 ? [{ role, count: missing }] : [];
  });
}

/** The approvals among decisions: in which role, by whom, and with which key of their own. */
function approvalsOf(decisions: readonly Decision[]) {
  return decisions.flatMap(({ statement, found }) => {
    const { decision, role, reviewer } = statement.predicate;
    return decision === "approve" ? [{ role, reviewer: reviewer.id, key: found.assertion?.key ?? null }] : [];
  });
}

function targetFault(receipt: Decision, round: Round): Fault {
  const { predicate } = receipt.statement;
  if (predicate.proposal !== round.proposal.digest) {
    const message = `expected the open proposal ${round.proposal.digest}, got ${predicate.proposal}`;
    return refuse("ERR_PROPOSAL", message).refusal;
  }
  if (predicate.preview !== round.preview?.digest) {
    const message = `expected the open preview ${round.preview?.digest}, got ${predicate.preview}`;
    return refuse("ERR_PREVIEW", message).refusal;
  }
  if (!isSameAction(receipt, round))
    return refuse("ERR_ACTION_MISMATCH", "expected the action of the open proposal").refusal;
  const { expiresAt } = round.preview.statement.predicate;
  if (predicate.issuedAt < expiresAt) return null;
  return refuse("ERR_DECISION_LATE", `expected a decision before ${expiresAt}, got ${predicate.issuedAt}`)
    .refusal;
}

/** Who started a run, and who wrote a proposal, may not approve it where somebody else is asked for. */
function reviewerFault({ statement }: Decision, { proposal }: Round, policy: Policy, starter: string): Fault {
  const { decision, reviewer } = statement.predicate;
  if (decision !== "approve") return null;
  if (policy.separateReviewer && reviewer.id === starter) {
    return refuse("ERR_REVIEWER", "expected an approval by someone other than the one who started the run")
      .refusal;
  }
  const { author } = proposal.statement.predicate;
  const asked = policy.approvals.reduce((sum, { count }) => sum + count, 0);
  if ((policy.separateReviewer || asked > 1) && author.kind === "reviewer" && author.id === reviewer.id) {
    return refuse("ERR_REVIEWER", "expected an approval by someone other than the proposal's author").refusal;
  }
  return null;
}

function wordsFault({ statement }: Decision, { proposal }: Round, policy: Policy): Fault {
  const { decision, reason, edit } = statement.predicate;
  if (decision !== "request_changes") return null;
  if (reason === "" && edit === null)
    return refuse("ERR_DECISION_REASON", "expected a request for changes to say what to change").refusal;
  if (proposal.statement.predicate.revision < policy.revisions) return null;
  return refuse("ERR_REVISION_LIMIT", `the policy allows ${policy.revisions} revisions and this is the last`)
    .refusal;
}

function approvalFault({ statement, found }: Decision, { decisions }: Round, policy: Policy): Fault {
  const { decision, role, reviewer } = statement.predicate;
  if (!policy.approvals.some((asked) => asked.role === role) || !found.roles.includes(role)) {
    return refuse("ERR_ROLE", `expected a role of the policy that ${reviewer.id} holds, got ${role}`).refusal;
  }
  if (decision !== "approve") return null;
  if (!missingApprovals(policy, decisions).some((missing) => missing.role === role)) {
    return refuse("ERR_APPROVALS", `the role ${role} has all its approvals`).refusal;
  }
  if (approvalsOf(decisions).some((given) => given.reviewer === reviewer.id)) {
    return refuse("ERR_APPROVALS", `${reviewer.id} has approved already`).refusal;
  }
  return null;
}

/** An edit is an action like a proposal's: the same call, with other arguments. */
function editFault(
  { statement }: Decision,
  { action, proposal }: Round,
  policy: Policy,
  artifacts: Artifacts,
): Fault {
  const { decision, edit } = statement.predicate;
  if (edit === null) return null;
  const sha256 = subjectDigest(statement, "edit") ?? "";
  if (digestFromHex(sha256) !== edit) {
    return refuse("ERR_SUBJECTS", `expected the subject edit to be ${edit}`).refusal;
  }
  const fail = (message: string) => refuse("ERR_EDIT", `edit: ${message}`).refusal;
  if (decision !== "request_changes") return fail(`expected a request for changes, got ${decision}`);
  const wanted = readAction(artifacts(sha256) ?? new Uint8Array());
  if (!wanted.ok) return fail(wanted.refusal.message);
  const { connector, method } = wanted.value;
  if (connector !== action.connector || method !== action.method) {
    return fail(`expected the call ${action.connector}.${action.method}, got ${connector}.${method}`);
  }
  if (sha256 === subjectDigest(proposal.statement, "action"))
    return fail("expected another action than the proposal's");
  const call = effectsOf(policy, wanted.value);
  return call.ok ? null : fail(call.refusal.message);
}

/** The reviewer's own signature: over this very decision, and holding. */
function assertionFault(receipt: Decision, issuer: string): Fault {
  const { statement, found } = receipt;
  const { assertion } = statement.predicate;
  if (assertion === null) return null;
  if (digestFromHex(subjectDigest(statement, "intent") ?? "") !== digestOf(intentBytes(issuer, receipt))) {
    return refuse("ERR_INTENT", "expected the intent of this decision").refusal;
  }
  const fault = found.assertion ? found.assertion.fault : "expected an assertion";
  if (fault !== null) return refuse("ERR_ASSERTION", fault).refusal;
  if (found.assertion?.type === assertion) return null;
  return refuse("ERR_ASSERTION", `expected an assertion of the type ${assertion}`).refusal;
}

/** Whose key it is, what the policy asks of it, and that one key approves once. */
function keyFault({ statement, found }: Decision, { decisions }: Round, { reviewerKey }: Policy): Fault {
  const { decision, reviewer } = statement.predicate;
  const { assertion } = found;
  const fail = (message: string) => refuse("ERR_REVIEWER_KEY", message).refusal;
  if (assertion && assertion.refused !== null) return fail(assertion.refused);
  if (reviewerKey !== "optional" && !assertion?.listed) {
    return fail(`expected a signature by a key of ${reviewer.id} that the trust policy lists`);
  }
  if (reviewerKey === "present" && !assertion?.presence) return fail("expected a key that proves presence");
  if (decision !== "approve" || !assertion) return null;
  if (!approvalsOf(decisions).some(({ key }) => key === assertion.key)) return null;
  return refuse("ERR_APPROVALS", "this key has approved already").refusal;
}
