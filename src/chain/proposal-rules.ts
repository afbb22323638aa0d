// The rules of a proposal and its preview (§8.4): who may propose what, and what the runtime says that it would change.
// Links, order and artifacts have been checked by fold.ts.

import {
  type Author,
  accept,
  type Effect,
  isDigest,
  type ReceiptOf,
  type Refusal,
  refuse,
  subjectDigest,
} from "../receipt/index.ts";
import { readAction } from "./action.ts";
import { type Artifacts, digestFromHex, hexOf } from "./artifacts.ts";
import type { ChainCode } from "./chain-code.ts";
import { type ChainState, goesOn, isSentBack, type Next, type Round, roundsBackward } from "./chain-state.ts";
import { checksFault } from "./checks.ts";
import { effectsOf, isFree } from "./policy.ts";
import type { ExpandedEffect } from "./template.ts";

/** A first proposal, a revision that was asked for, or the same script's next gated call; nothing else opens a round. */
export function applyProposal(state: ChainState, receipt: ReceiptOf<"proposal">, artifacts: Artifacts): Next {
  const { policy, round } = state;
  if (!policy) return refuse("ERR_POLICY", "expected an alert with a policy before a proposal");
  if (round && !isSentBack(round) && !goesOn(round)) {
    const message = "a round may follow only a request for changes or an execution with more to do";
    return refuse("ERR_ROUND_NOT_DUE", message);
  }
  const misplaced = placeFault(receipt, round);
  if (misplaced) return { ok: false, refusal: misplaced };
  const bytes = artifacts(subjectDigest(receipt.statement, "action") ?? "");
  const action = readAction(bytes ?? new Uint8Array());
  if (!action.ok) return action;
  if (isFree(policy, action.value)) {
    const { connector, method } = action.value;
    return refuse("ERR_NOT_GATED", `${connector}.${method} is a call that the policy lets run freely`);
  }
  const wrong = authorFault(state, receipt);
  if (wrong) return { ok: false, refusal: wrong };
  const call = effectsOf(policy, action.value);
  if (!call.ok) return call;
  return accept({
    ...state,
    round: {
      before: round,
      proposal: receipt,
      action: action.value,
      call: call.value,
      preview: null,
      decisions: [],
      settledBy: null,
      execution: null,
    },
  });
}

/** Where the proposal stands: its revision, what it supersedes and answers, and the script that goes on. */
function placeFault(receipt: ReceiptOf<"proposal">, round: Round | null): Refusal<ChainCode> | null {
  const { revision, supersedes, feedback } = receipt.statement.predicate;
  const revised = round && isSentBack(round) ? round : null;
  const wanted = revised ? revised.proposal.statement.predicate.revision + 1 : 1;
  if (revision !== wanted)
    return refuse("ERR_REVISION", `expected revision ${wanted}, got ${revision}`).refusal;
  const replaced = revised?.proposal.digest ?? null;
  if (supersedes !== replaced) {
    return refuse("ERR_SUPERSEDES", `expected supersedes ${replaced}, got ${supersedes}`).refusal;
  }
  const asked = revised?.settledBy?.statement.predicate.reason || null;
  if ((feedback?.text ?? null) !== asked) {
    const message = "expected the feedback to be the reviewer's words, and none where none were given";
    return refuse("ERR_FEEDBACK", message).refusal;
  }
  if (!round || !goesOn(round)) return null;
  const code = subjectDigest(receipt.statement, "code");
  if (code !== undefined && code === subjectDigest(round.proposal.statement, "code")) return null;
  return refuse("ERR_CODE", "expected the same script to go on to its next gated call, got another").refusal;
}

/** Who wrote it: the planner; the reviewer whose edit it is; or the one who started a run to revert another. */
function authorFault(state: ChainState, receipt: ReceiptOf<"proposal">): Refusal<ChainCode> | null {
  const { author, reverts } = receipt.statement.predicate;
  const decision = isSentBack(state.round) ? state.round?.settledBy?.statement.predicate : undefined;
  const edit = decision?.edit ?? null;
  if (edit !== null && subjectDigest(receipt.statement, "action") !== hexOf(edit)) {
    return refuse("ERR_EDIT", `expected the action that the reviewer wants, ${edit}`).refusal;
  }
  const alert = state.alert?.statement.predicate;
  if (reverts !== null && (state.round !== null || !alert?.continues)) {
    return refuse("ERR_REVERTS", "only the first proposal of a run that continues another may revert")
      .refusal;
  }
  let wanted: Author = { kind: "agent", id: state.evidence?.statement.predicate.planner ?? "" };
  if (edit !== null && decision) wanted = { kind: "reviewer", id: decision.reviewer.id };
  else if (reverts !== null && alert) wanted = { kind: "reviewer", id: alert.startedBy.id };
  if (author.kind === wanted.kind && author.id === wanted.id) return null;
  const message = `expected the author ${wanted.kind} ${wanted.id}, got ${author.kind} ${author.id}`;
  return refuse("ERR_AUTHOR", message).refusal;
}

/** The runtime's word for the open proposal: the call it really holds, what that call would change, until when. */
export function applyPreview(state: ChainState, receipt: ReceiptOf<"preview">): Next {
  const { policy, round } = state;
  if (!policy || !round) return refuse("ERR_PROPOSAL", "expected an open proposal before a preview");
  const { predicate } = receipt.statement;
  if (predicate.proposal !== round.proposal.digest) {
    return refuse(
      "ERR_PROPOSAL",
      `expected the open proposal ${round.proposal.digest}, got ${predicate.proposal}`,
    );
  }
  if (!isSameAction(receipt, round))
    return refuse("ERR_ACTION_MISMATCH", "expected the action of the open proposal");
  if (subjectDigest(receipt.statement, "code") !== subjectDigest(round.proposal.statement, "code")) {
    return refuse("ERR_CODE", "expected the script of the open proposal");
  }
  const fault = executionIdFault(state, round, receipt) ?? expiryFault(receipt, policy.decisionSeconds);
  if (fault) return { ok: false, refusal: fault };
  if (!areEffectsOf(predicate.effects, round.call.effects)) {
    return refuse("ERR_EFFECTS", "expected the effects that follow from the action's arguments");
  }
  const stray = predicate.effects.find(
    ({ before }, i) =>
      isDigest(before) && subjectDigest(receipt.statement, `before-${i + 1}`) !== hexOf(before),
  );
  if (stray)
    return refuse("ERR_EFFECTS", `expected the content before of ${stray.resource} among the subjects`);
  const plan = subjectDigest(receipt.statement, "plan");
  if (plan !== undefined && digestFromHex(plan) !== predicate.plan) {
    return refuse("ERR_SUBJECTS", `expected the subject plan to be ${predicate.plan}`);
  }
  const wrong = checksFault(
    predicate.checks.map(({ name, before, rehearsed }) => ({ name, counts: [before, rehearsed] })),
  );
  if (wrong !== null) return refuse("ERR_CHECKS", wrong);
  return accept({
    ...state,
    measured: state.measured ?? predicate.checks,
    round: { ...round, preview: receipt },
  });
}

function executionIdFault(
  state: ChainState,
  round: Round,
  { statement }: ReceiptOf<"preview">,
): Refusal<ChainCode> | null {
  const { execution } = statement.predicate;
  const from = goesOn(round.before) ? round.before?.preview?.statement.predicate.execution : null;
  if (from) {
    if (execution?.id === from.id && execution.seq > from.seq) return null;
    return refuse("ERR_EXECUTION_ID", `expected a later call of execution ${from.id}`).refusal;
  }
  if (execution === null) return null;
  for (const { preview } of roundsBackward(state)) {
    if (preview?.statement.predicate.execution?.id !== execution.id) continue;
    return refuse("ERR_EXECUTION_ID", `the execution ${execution.id} stands under an earlier proposal`)
      .refusal;
  }
  return null;
}

function expiryFault({ statement }: ReceiptOf<"preview">, seconds: number): Refusal<ChainCode> | null {
  const { issuedAt, expiresAt } = statement.predicate;
  if (Date.parse(expiresAt) <= Date.parse(issuedAt) + seconds * 1000) return null;
  return refuse("ERR_EXPIRY", `expected expiry at most ${seconds} s after ${issuedAt}`).refusal;
}

function areEffectsOf(effects: readonly Effect[], expanded: readonly ExpandedEffect[]): boolean {
  return (
    effects.length === expanded.length &&
    expanded.every((wanted, i) => {
      const got = effects[i];
      if (got?.resource !== wanted.resource || got.after !== wanted.after) return false;
      return wanted.before === "read" ? got.before !== "unknown" : got.before === wanted.before;
    })
  );
}

/** True when a receipt is about the action of a round's proposal. */
export function isSameAction(
  receipt: ReceiptOf<"preview" | "decision" | "execution">,
  { proposal }: Round,
): boolean {
  return subjectDigest(receipt.statement, "action") === subjectDigest(proposal.statement, "action");
}
