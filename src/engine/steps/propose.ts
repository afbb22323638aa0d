// Due: proposal. Finds the call that is to be proposed: where a script waits, or what a reviewer wants. Signing it is sign-round.ts's.
import { hexOf, previewedEffects, roundsBackward } from "../../chain/index.ts";
import type { Call, ProposalPlan } from "../../domain/index.ts";
import { type Digest, LIMITS, subjectDigest } from "../../receipt/index.ts";
import { keepableCode } from "../limits.ts";
import { logFailure } from "../log.ts";
import { argumentsFault, argumentsFor, declaredCall } from "../policy.ts";
import { mustCommit } from "../run-chain.ts";
import type { RunContext } from "../run-context.ts";
import type { RevertRequest } from "../run-request.ts";
import { plannerId } from "../situation.ts";
import { StepFailure } from "../step-failure.ts";
import { callBytes, fitText, quote } from "../texts.ts";
import { appendNoEvidence } from "./gather-evidence.ts";
import { type ProposedCall, signRound } from "./sign-round.ts";

const encoder = new TextEncoder();

/** Runs a planner's script until it waits at a gated call, and proposes that call. */
export async function proposeScript(run: RunContext, plan: ProposalPlan): Promise<void> {
  if (run.chain.state.last === "alert") {
    const summary = "The agent proposed without an investigation.";
    mustCommit(run.chain.commit(({ append }) => appendNoEvidence(append, plannerId(run), summary)));
  }
  const code = keepableCode(plan.code);
  const pass = await run.scripts.execute(code);
  if (pass.status === "error") {
    throw new StepFailure(`The script ended before it asked for a gated call: ${quote(pass.error)}`);
  }
  if (pass.status === "completed" || !pass.pending) {
    throw new StepFailure("The script ended without asking for a gated call.");
  }
  const { executionId: id, seq } = pass.pending;
  await signRound(run, {
    ...agentsCall(run, pass.pending),
    code: encoder.encode(code),
    execution: { id, seq },
    title: plan.title,
    summary: plan.summary,
    risk: plan.risk,
    notes: plan.feedback,
  });
}

/** Proposes the next gated call of a script whose last one was executed. */
export async function proposeNextCall(run: RunContext): Promise<void> {
  const { round } = run.chain.state;
  const before = round?.preview?.statement.predicate.execution;
  const code = round && run.store.artifact(subjectDigest(round.proposal.statement, "code") ?? "");
  const pending = before && (await run.scripts.runtime.pending(before.id));
  if (!round || !before || !code || !pending)
    throw new StepFailure("The script's further call is no longer there.");
  const { title, summary, risk } = round.proposal.statement.predicate;
  await signRound(run, {
    ...agentsCall(run, pending),
    code,
    execution: { id: before.id, seq: pending.seq },
    title: fitText(`Next: ${title}`, LIMITS.title),
    summary: `The same script goes on to its next gated call. ${summary}`,
    risk,
    notes: null,
  });
}

/** Proposes what a reviewer wants in place of the last proposal. Nobody's script waits for it. */
export async function proposeEdit(run: RunContext): Promise<void> {
  const decision = run.chain.state.round?.settledBy;
  const edit = decision?.statement.predicate.edit;
  const bytes = edit && run.store.artifact(hexOf(edit));
  if (!decision || !bytes) throw new StepFailure("The reviewer's edit is missing or altered.");
  const call: Call = JSON.parse(new TextDecoder().decode(bytes));
  await signRound(run, {
    ...reviewersCall(run, call, bytes),
    author: { kind: "reviewer", id: decision.statement.predicate.reviewer.id },
    reverts: null,
  });
}

/** Proposes the call that undoes one of the run before. */
export async function proposeRevert(run: RunContext, { execution, call }: RevertRequest): Promise<void> {
  if (run.chain.state.last === "alert") {
    const summary = "Nothing was investigated: a reviewer asked to undo a call.";
    mustCommit(run.chain.commit(({ append }) => appendNoEvidence(append, "revert", summary)));
  }
  const bytes = callBytes(call);
  if (!bytes) throw new StepFailure("The call that undoes it has arguments that are not plain JSON.");
  await signRound(run, {
    ...reviewersCall(run, call, bytes),
    author: { kind: "reviewer", id: run.request.startedBy.id },
    reverts: { execution, effects: await effectsToUndo(run, execution) },
  });
}

/** The effects of an execution of the run before this one, as its chain has them. */
async function effectsToUndo(run: RunContext, execution: Digest) {
  const parent = (await run.lineage())?.[0];
  const round =
    parent && [...roundsBackward(parent.state)].find((one) => one.execution?.digest === execution);
  if (!round) throw new StepFailure("The call that is to be undone is not in the run before this one.");
  return previewedEffects(round);
}

function agentsCall(
  run: RunContext,
  call: Call,
): Pick<ProposedCall, "call" | "bytes" | "author" | "reverts"> {
  const bytes = callBytes(call);
  if (!bytes) throw new StepFailure("The script asked for a call whose arguments are not plain JSON.");
  const { connector, method, args } = call;
  const id = run.chain.state.evidence?.statement.predicate.planner ?? plannerId(run);
  return { call: { connector, method, args }, bytes, author: { kind: "agent", id }, reverts: null };
}

function reviewersCall(
  run: RunContext,
  call: Call,
  bytes: Uint8Array,
): Omit<ProposedCall, "author" | "reverts"> {
  return {
    call,
    bytes,
    code: null,
    execution: null,
    title: titleOf(run, call),
    summary: "",
    risk: "high",
    notes: { applied: [], notApplied: [] },
  };
}

function titleOf(run: RunContext, call: Call): string {
  const plain = fitText(`${call.connector}.${call.method}`, LIMITS.title);
  const declared = declaredCall(run.domain, call);
  if (!declared?.title || argumentsFault(declared, call) !== null) return plain;
  try {
    return fitText(declared.title(argumentsFor(declared, call)), LIMITS.title) || plain;
  } catch (error) {
    // A title is decoration: what is approved is the call.
    logFailure("title_failed", error, { run: run.chain.run });
    return plain;
  }
}
