// The rules of a round: proposal, preview, decision, execution. Each is about the one before it and about one action.
// Each rule returns the next state or a typed refusal; links, order and artifacts have been checked by fold.ts.
import {
  accept,
  type ExecutionPoint,
  type ReceiptOf,
  type Result,
  refuse,
  subjectDigest,
} from "../receipt/index.ts";
import { type Action, changesOf, readAction } from "./action.ts";
import { type Artifacts, hexOf } from "./artifacts.ts";
import type { ChainCode } from "./chain-code.ts";
import { type ChainState, type Round, someEnded } from "./chain-state.ts";

type Next = Result<ChainState, ChainCode>;

/** A first proposal, a revision that was asked for, or the same script's next gated call; nothing else opens a round. */
export function applyProposal(state: ChainState, receipt: ReceiptOf<"proposal">, artifacts: Artifacts): Next {
  const { policy, round } = state;
  const { revision, supersedes, feedback } = receipt.statement.predicate;
  if (!policy) return refuse("ERR_POLICY", "expected an alert with a policy before a proposal");
  const revises = round?.decision?.statement.predicate.decision === "request_changes" ? round : null;
  const continues = round?.execution?.statement.predicate.more ? round : null;
  if (round && !revises && !continues) {
    return refuse(
      "ERR_ROUND_NOT_DUE",
      "a round may follow only a request for changes or an execution with more to do",
    );
  }
  const wanted = revises ? revises.proposal.statement.predicate.revision + 1 : 1;
  if (revision !== wanted) return refuse("ERR_REVISION", `expected revision ${wanted}, got ${revision}`);
  if (revision > policy.revisions) {
    return refuse("ERR_REVISION_LIMIT", `expected at most ${policy.revisions} revisions, got ${revision}`);
  }
  const replaced = revises?.proposal.digest ?? null;
  if (supersedes !== replaced)
    return refuse("ERR_SUPERSEDES", `expected supersedes ${replaced}, got ${supersedes}`);
  const asked = revises?.decision?.statement.predicate.reason ?? null;
  if ((feedback?.text ?? null) !== asked) {
    return refuse(
      "ERR_FEEDBACK",
      "expected the feedback to be the reviewer's words, and none where none were given",
    );
  }
  if (
    continues &&
    subjectDigest(receipt.statement, "code") !== subjectDigest(continues.proposal.statement, "code")
  ) {
    return refuse("ERR_CODE", "expected the same script to go on to its next gated call, got another");
  }
  const action = openAction(receipt, artifacts);
  if (!action.ok) return action;
  if (action.value.connector !== policy.connector || action.value.method !== policy.method) {
    const [wantedCall, got] = [policy, action.value].map((call) => `${call.connector}.${call.method}`);
    return refuse("ERR_NOT_GATED", `expected the policy's gated call ${wantedCall}, got ${got}`);
  }
  const changes = changesOf(action.value);
  if (!changes.ok) return changes;
  const from = continues?.preview?.statement.predicate.execution ?? null;
  return accept({
    ...state,
    changes: changes.value,
    round: { continues: from, proposal: receipt, preview: null, decision: null, execution: null },
  });
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
  if (!sameAction(receipt, round))
    return refuse("ERR_ACTION_MISMATCH", "expected the action of the open proposal");
  if (subjectDigest(receipt.statement, "code") !== subjectDigest(round.proposal.statement, "code")) {
    return refuse("ERR_CODE", "expected the script of the open proposal");
  }
  const refusal = checkExecutionId(state, round, predicate.execution);
  if (refusal) return refusal;
  const limit = Date.parse(predicate.issuedAt) + policy.decisionSeconds * 1000;
  if (Date.parse(predicate.expiresAt) > limit) {
    return refuse(
      "ERR_EXPIRY",
      `expected expiry at most ${policy.decisionSeconds} s after ${predicate.issuedAt}`,
    );
  }
  if (!sameChanges(predicate.changes, state.changes)) {
    return refuse("ERR_CHANGES", "expected the changes that follow from the action's arguments");
  }
  const before = predicate.changes[0]?.before ?? null;
  if ((before && hexOf(before)) !== (subjectDigest(receipt.statement, "before") ?? null)) {
    return refuse("ERR_CHANGES", "expected the subject before to be the file that the change starts from");
  }
  return accept({ ...state, round: { ...round, preview: receipt } });
}

/** A human's word on exactly what the preview showed, in time, by someone who may. */
export function applyDecision(state: ChainState, receipt: ReceiptOf<"decision">): Next {
  const { policy, round, alert } = state;
  if (!policy || !alert || !round?.preview)
    return refuse("ERR_PREVIEW", "expected an open preview before a decision");
  const { predicate } = receipt.statement;
  if (predicate.proposal !== round.proposal.digest) {
    return refuse(
      "ERR_PROPOSAL",
      `expected the open proposal ${round.proposal.digest}, got ${predicate.proposal}`,
    );
  }
  if (predicate.preview !== round.preview.digest) {
    return refuse(
      "ERR_PREVIEW",
      `expected the open preview ${round.preview.digest}, got ${predicate.preview}`,
    );
  }
  if (!sameAction(receipt, round))
    return refuse("ERR_ACTION_MISMATCH", "expected the action of the open proposal");
  const { expiresAt } = round.preview.statement.predicate;
  if (predicate.issuedAt >= expiresAt) {
    return refuse("ERR_DECISION_LATE", `expected a decision before ${expiresAt}, got ${predicate.issuedAt}`);
  }
  if (policy.separateReviewer && predicate.reviewer.id === alert.statement.predicate.startedBy.id) {
    return refuse("ERR_REVIEWER", "expected a reviewer other than the one who started the run");
  }
  if (predicate.decision === "request_changes") {
    if (predicate.reason === "")
      return refuse("ERR_DECISION_REASON", "expected a request for changes to say what to change");
    if (round.proposal.statement.predicate.revision >= policy.revisions) {
      return refuse(
        "ERR_REVISION_LIMIT",
        `the policy allows ${policy.revisions} revisions and this is the last`,
      );
    }
  }
  return accept({ ...state, round: { ...round, decision: receipt } });
}

/** How the round ended. The write is told as executed only after an approval, and only with the previewed changes. */
export function applyExecution(state: ChainState, receipt: ReceiptOf<"execution">): Next {
  const { round } = state;
  if (!round?.preview) return refuse("ERR_PREVIEW", "expected an open preview before an execution");
  const { predicate } = receipt.statement;
  const { execution, changes, expiresAt } = round.preview.statement.predicate;
  const decided = round.decision?.digest ?? null;
  if (predicate.decision !== decided)
    return refuse("ERR_DECISION", `expected decision ${decided}, got ${predicate.decision}`);
  if (!sameAction(receipt, round))
    return refuse("ERR_ACTION_MISMATCH", "expected the action of the open proposal");
  if (predicate.execution.id !== execution.id || predicate.execution.seq !== execution.seq) {
    return refuse("ERR_EXECUTION_ID", `expected the previewed call ${execution.id} #${execution.seq}`);
  }
  const approved = round.decision?.statement.predicate.decision === "approve";
  if ((predicate.status === "withheld") === approved) {
    return refuse(
      "ERR_EXECUTION_STATUS",
      approved ? "expected executed or failed after an approval" : "expected withheld without an approval",
    );
  }
  if (!round.decision && predicate.issuedAt < expiresAt) {
    return refuse("ERR_EXECUTION_EARLY", `expected a decision, or ${expiresAt} to have passed`);
  }
  const refusal = checkEffect(predicate, changes);
  if (refusal) return refusal;
  return accept({
    ...state,
    written: state.written || predicate.written,
    ended: { execution: execution.id, decision: decided, changes: predicate.changes, before: state.ended },
    round: { ...round, execution: receipt },
  });
}

/** `executed` and `written` are one claim, and it comes with the changes of the preview or with none. */
function checkEffect(
  predicate: ReceiptOf<"execution">["statement"]["predicate"],
  changes: Readonly<Changes>,
) {
  const executed = predicate.status === "executed";
  if (predicate.written !== executed) return refuse("ERR_WRITTEN", `expected written to be ${executed}`);
  if (!sameChanges(predicate.changes, executed ? changes : [])) {
    return refuse("ERR_CHANGES", executed ? "expected the changes of the preview" : "expected no changes");
  }
  if (predicate.more && !executed) return refuse("ERR_MORE", "expected more only after an executed call");
  return undefined;
}

/** The same execution goes on with a higher call; a revision must come from an execution never seen before. */
function checkExecutionId(state: ChainState, round: Round, point: ExecutionPoint) {
  const before = round.continues;
  if (before) {
    if (point.id === before.id && point.seq > before.seq) return undefined;
    return refuse(
      "ERR_EXECUTION_ID",
      `expected execution ${before.id} beyond #${before.seq}, got ${point.id} #${point.seq}`,
    );
  }
  if (!someEnded(state, ({ execution }) => execution === point.id)) return undefined;
  return refuse("ERR_EXECUTION_ID", `expected an execution that no earlier preview named, got ${point.id}`);
}

function openAction(receipt: ReceiptOf<"proposal">, artifacts: Artifacts): Result<Action, ChainCode> {
  const bytes = artifacts(subjectDigest(receipt.statement, "action") ?? "");
  return bytes ? readAction(bytes) : refuse("ERR_ARTIFACT_MISSING", "the action's artifact is missing");
}

function sameAction(receipt: { statement: Parameters<typeof subjectDigest>[0] }, round: Round): boolean {
  return subjectDigest(receipt.statement, "action") === subjectDigest(round.proposal.statement, "action");
}

type Changes = ReceiptOf<"preview">["statement"]["predicate"]["changes"];

function sameChanges(left: Readonly<Changes>, right: readonly Changes[number][]): boolean {
  return (
    left.length === right.length &&
    left.every((change, i) => {
      const other = right[i];
      return change.path === other?.path && change.before === other.before && change.after === other.after;
    })
  );
}
