// Due: proposal. Runs the planner's script until it waits at the gated call, and signs that call twice over: the agent's
// proposal and the runtime's preview. Both commit together, so there is never a proposal that nothing can preview.
import type { EvidenceItem, ProposalPlan } from "../../agent/planner.ts";
import { planSchema } from "../../agent/read-plan.ts";
import { changesOf, hexOf, type Policy, readAction } from "../../chain/index.ts";
import {
  type Change,
  canonicalBytes,
  LIMITS,
  NotCanonicalError,
  type ReceiptOf,
  type Subject,
  subjectDigest,
} from "../../receipt/index.ts";
import { askPlanner } from "../ask-planner.ts";
import { readEarlier, readHandedOn } from "../handed-on.ts";
import { keepableCode, whyNoRoom } from "../limits.ts";
import { fitText, type RunContext } from "../run-context.ts";
import { conclude } from "./conclude.ts";

/** A gated call that waits in Code Mode, and the script that made it. */
interface WaitingCall {
  readonly plan: ProposalPlan;
  readonly code: Uint8Array;
  readonly execution: { readonly id: string; readonly seq: number };
  readonly action: Uint8Array;
}

export async function propose(run: RunContext): Promise<void> {
  const continuing = run.chain.state.round?.execution?.statement.predicate.more === true;
  const waiting = continuing ? await nextCall(run) : await firstCall(run);
  if (typeof waiting === "string") return conclude(run, waiting);
  const refusal = signRound(run, waiting);
  if (refusal !== null) return conclude(run, refusal);
}

/** A fresh script's first gated call, or why there is none. */
async function firstCall(run: RunContext): Promise<WaitingCall | string> {
  const { round } = run.chain.state;
  const input = {
    alert: run.request.alert,
    evidence: readEvidence(run),
    feedback: round?.decision?.statement.predicate.reason ?? null,
    earlier: readEarlier(run),
    handedOn: readHandedOn(run),
  };
  const plan = await askPlanner(run, () => run.planner.propose(input), planSchema);
  if (!plan.propose) return `The agent proposes nothing: ${plan.reason}`;
  // Whatever Code Mode still holds was never signed for: a pass that died with its host, or a round that is over.
  await run.scripts.forgetAll();
  const code = keepableCode(plan.code);
  const pass = await run.scripts.execute(code);
  if (pass.status === "error") return `The script ended before it asked for a write: ${pass.error}`;
  if (pass.status === "completed" || !pass.pending) return "The script ended without asking for a write.";
  const action = actionBytes(pass.pending);
  if (!action) return "The script asked for a call whose arguments are not plain JSON data.";
  const { executionId: id, seq } = pass.pending;
  return { plan, code: new TextEncoder().encode(code), execution: { id, seq }, action };
}

/** The next gated call of a script whose last one has been executed, or why there is none. */
async function nextCall(run: RunContext): Promise<WaitingCall | string> {
  const { round } = run.chain.state;
  const before = round?.preview?.statement.predicate.execution;
  const code = round && run.store.artifact(subjectDigest(round.proposal.statement, "code") ?? "");
  const pending = before && (await run.scripts.pending(before.id));
  if (!round || !before || !code || !pending) return "The script's further call is no longer there.";
  const action = actionBytes(pending);
  if (!action) return "The script asked for a call whose arguments are not plain JSON data.";
  const { summary, risk } = round.proposal.statement.predicate;
  const plan = {
    code: "",
    summary: `The same script goes on to its next write. ${summary}`,
    risk,
    feedback: null,
  };
  return { plan, code, execution: { id: before.id, seq: pending.seq }, action };
}

/** Signs proposal and preview in one transaction. Returns why the call may not be proposed, or null when it has been. */
function signRound(run: RunContext, { plan, code, execution, action }: WaitingCall): string | null {
  const { policy, round } = run.chain.state;
  const call = readAction(action);
  const changes = call.ok ? changesOf(call.value) : call;
  if (!policy || !changes.ok)
    return `The script asked for a call that cannot be proposed: ${changes.ok ? "" : changes.refusal.message}`;
  const before = fileBefore(run, changes.value);
  if (typeof before === "string") return before;
  const full = whyNoRoom(run, [action, code]);
  if (full !== null) return full;
  const revised = round?.decision?.statement.predicate.decision === "request_changes" ? round : null;
  const committed = run.chain.commit(({ append }) => {
    const proposal = append(
      "proposal",
      [
        ["action", action],
        ["code", code],
      ],
      {
        revision: revised ? revised.proposal.statement.predicate.revision + 1 : 1,
        supersedes: revised?.proposal.digest ?? null,
        summary: fitText(plan.summary, LIMITS.summary),
        risk: plan.risk,
        // What was said, the receipts know; of the planner is only what became of it.
        feedback: revised && {
          text: revised.decision?.statement.predicate.reason ?? "",
          applied: fitNotes(plan.feedback?.applied),
          notApplied: fitNotes(plan.feedback?.notApplied),
        },
      },
    );
    append("preview", [...proposal.statement.subject, ...before], {
      proposal: proposal.digest,
      execution,
      changes: [...changes.value],
      expiresAt: expiry(proposal, policy),
    });
  });
  return committed.ok
    ? null
    : `The script asked for a call that cannot be proposed: ${committed.refusal.message}`;
}

function fitNotes(notes: readonly string[] = []): string[] {
  return notes
    .filter((note) => note !== "")
    .slice(0, LIMITS.notes)
    .map((note) => fitText(note, LIMITS.note));
}

/** The file that a change starts from, as the preview's `before`; or why the script is wrong about it. */
function fileBefore(run: RunContext, changes: readonly Change[]): Subject[] | string {
  const [change] = changes;
  if (!change) return [];
  const file = run.repository.read(change.path);
  if ((file?.digest ?? null) !== change.before) {
    return `The script would write ${change.path} over ${change.before}, but the file is ${file?.digest ?? "not there"}.`;
  }
  return file ? [{ name: "before", digest: { sha256: hexOf(file.digest) } }] : [];
}

function expiry(proposal: ReceiptOf<"proposal">, policy: Policy): string {
  return new Date(
    Date.parse(proposal.statement.predicate.issuedAt) + policy.decisionSeconds * 1000,
  ).toISOString();
}

function actionBytes({
  connector,
  method,
  args,
}: {
  connector: string;
  method: string;
  args: unknown;
}): Uint8Array | null {
  try {
    return canonicalBytes({ connector, method, args });
  } catch (error) {
    if (error instanceof NotCanonicalError) return null;
    throw error;
  }
}

function readEvidence(run: RunContext): EvidenceItem[] {
  const evidence = run.chain.receipts.find((receipt) => receipt.kind === "evidence");
  return (evidence?.statement.subject ?? []).flatMap(({ name, digest }) => {
    const bytes = name === "code" ? undefined : run.store.artifact(digest.sha256);
    return bytes ? [JSON.parse(new TextDecoder().decode(bytes)) as EvidenceItem] : [];
  });
}
