// Due: execution. Has the approved call made, lets the script go on with its result, and signs what the fence says happened; or ends
// a round whose call nobody approved.
import type { PendingAction } from "@cloudflare/codemode";
import type { Round } from "../../chain/index.ts";
import { type Digest, LIMITS, type Subject, sha256Hex, subjectDigest } from "../../receipt/index.ts";
import { perform } from "../performing.ts";
import { mustCommit } from "../run-chain.ts";
import type { RunContext } from "../run-context.ts";
import { callBytes, fitText, quote } from "../texts.ts";

/** @returns when to come back, in ms since 1970, where the call is not settled yet. */
export async function execute(run: RunContext): Promise<number | null> {
  const { round } = run.chain.state;
  if (!round?.preview) throw new Error("expected an open preview");
  const decision = round.settledBy;
  if (decision?.statement.predicate.decision !== "approve") {
    await withhold(run, round);
    return null;
  }
  const recovered = !run.fresh.has(decision.digest);
  const performed = await perform(run, round, decision.digest);
  switch (performed.status) {
    case "waiting":
      return performed.until;
    case "done":
      signExecuted(run, round, decision.digest, recovered, await resume(run, round, decision.digest));
      return null;
    case "failed":
    case "unknown":
      await signUndone(run, round, decision.digest, recovered, performed.status, performed.reason);
      return null;
  }
}

/** Ends a settled round without its call, for a step that goes on failing. A call that was begun may have happened. */
export async function giveUp(run: RunContext, reason: string): Promise<void> {
  const { round } = run.chain.state;
  const decision = round?.settledBy?.digest;
  if (!round || !decision) throw new Error("expected a settled round");
  const recovered = !run.fresh.has(decision);
  const row = run.store.fence(decision);
  if (row?.state === "done") {
    const note = `The script was not resumed: ${reason}`;
    return signExecuted(run, round, decision, recovered, { more: false, note });
  }
  await signUndone(run, round, decision, recovered, row?.state === "begun" ? "unknown" : "failed", reason);
}

/**
 * Ends a round whose call nobody approved. Signed first, for a clock that steps back may still let a reviewer decide; Code Mode is
 * told after it. If that is lost, what it holds is no more than a call that no approval will ever name.
 */
async function withhold(run: RunContext, round: Round): Promise<void> {
  const predicate = round.preview?.statement.predicate;
  if (!predicate) return;
  const { execution, expiresAt } = predicate;
  const decision = round.settledBy;
  const said = decision?.statement.predicate;
  const reason = !said
    ? `Nobody decided before ${expiresAt}.`
    : said.decision === "reject"
      ? "The reviewer rejected the proposal."
      : "The reviewer asked for changes.";
  mustCommit(
    run.chain.commit(({ append }) => {
      if (decision) run.store.closeFence(decision.digest, run.now());
      append("execution", [actionOf(round)], {
        decision: decision?.digest ?? null,
        execution,
        status: "withheld",
        reason: !said && round.decisions.length > 0 ? `Not all approvals came before ${expiresAt}.` : reason,
        more: false,
        recovered: false,
      });
    }),
  );
  if (execution) await run.scripts.runtime.reject(execution.id, execution.seq);
}

/** How the script went on after its call. `more`: it now waits at a further gated call. */
interface Resumed {
  readonly more: boolean;
  readonly note: string;
}

/** Lets the paused script go on with the call's result, if Code Mode still holds exactly the call that was approved. */
async function resume(run: RunContext, round: Round, decision: Digest): Promise<Resumed> {
  const point = round.preview?.statement.predicate.execution;
  if (!point) return { more: false, note: "" };
  const { runtime, gate } = run.scripts;
  const pending = await runtime.pending(point.id);
  if (!pending || !isSameCall(pending, round)) {
    const goesOn = waitsBeyond(point.seq, pending);
    if (goesOn) return { more: true, note: "" };
    await runtime.forget(point.id);
    return {
      more: false,
      note: "The run was interrupted after the call: what the script had left to do may not have been done.",
    };
  }
  gate.open({ executionId: point.id, sha256: actionHex(round), result: resultOf(run, decision) });
  try {
    const pass = await runtime.approve(point.id);
    if (pass.status === "paused") return { more: waitsBeyond(point.seq, pass.pending), note: "" };
    if (pass.status === "error")
      return { more: false, note: `The call was made; after it the script failed: ${quote(pass.error)}` };
    const { refusal } = gate;
    return {
      more: false,
      note: refusal ? `The call was made; the script then asked otherwise: ${refusal}.` : "",
    };
  } finally {
    gate.close();
  }
}

function waitsBeyond(seq: number, pending: PendingAction | null): boolean {
  return pending !== null && pending.seq > seq;
}

function isSameCall(pending: PendingAction, round: Round): boolean {
  const bytes = callBytes(pending);
  const seq = round.preview?.statement.predicate.execution?.seq;
  return pending.seq === seq && bytes !== null && sha256Hex(bytes) === actionHex(round);
}

function resultOf(run: RunContext, decision: Digest): unknown {
  const row = run.store.fence(decision);
  const bytes = row?.state === "done" ? run.store.artifact(row.result) : undefined;
  return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
}

function signExecuted(
  run: RunContext,
  round: Round,
  decision: Digest,
  recovered: boolean,
  resumed: Resumed,
): void {
  mustCommit(
    run.chain.commit(({ append }) => {
      const row = run.store.fence(decision);
      if (row?.state !== "done") throw new Error("expected the fence to have the call's result");
      const result: Subject = { name: "result", digest: { sha256: row.result } };
      append("execution", [actionOf(round), result], {
        decision,
        execution: round.preview?.statement.predicate.execution ?? null,
        status: "executed",
        reason: fitText(resumed.note, LIMITS.reason),
        more: resumed.more,
        recovered,
      });
    }),
  );
}

/** Closes the fence and signs why; then the script is gone, for nothing may go on as if its call had been made. */
async function signUndone(
  run: RunContext,
  round: Round,
  decision: Digest,
  recovered: boolean,
  status: "failed" | "unknown",
  reason: string,
): Promise<void> {
  const execution = round.preview?.statement.predicate.execution ?? null;
  mustCommit(
    run.chain.commit(({ append }) => {
      const row = run.store.closeFence(decision, run.now());
      if (row?.state !== "closed")
        throw new Error("expected the fence to be closed: the call has its result");
      append("execution", [actionOf(round)], {
        decision,
        execution,
        status,
        reason: fitText(reason, LIMITS.reason),
        more: false,
        recovered,
      });
    }),
  );
  if (execution) await run.scripts.runtime.forget(execution.id);
}

/** How a proposal names its action. What else is about the same action names it so too. */
export function actionOf({ proposal }: Round): Subject {
  const [action] = proposal.statement.subject;
  if (!action) throw new Error("expected a proposal to name its action");
  return action;
}

function actionHex({ proposal }: Round): string {
  return subjectDigest(proposal.statement, "action") ?? "";
}
