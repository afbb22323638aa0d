// Due: execution. Resumes the approved call, or withholds it; then tells what the fence says happened. What `approve()`
// returned is never the answer: a write may have been made by a script that threw, or refused to one that went on.
import type { PendingAction } from "@cloudflare/codemode";
import { type Round, readAction } from "../../chain/index.ts";
import {
  canonicalBytes,
  type Digest,
  type ExecutionPoint,
  LIMITS,
  NotCanonicalError,
  sha256Hex,
  subjectDigest,
} from "../../receipt/index.ts";
import { actionOf, fitText, mustCommit, type RunContext } from "../run-context.ts";
import { WriteRefusedError } from "../write-gate.ts";

export async function execute(run: RunContext): Promise<void> {
  const { round } = run.chain.state;
  if (!round?.preview) throw new Error("expected an open preview");
  const decision = round.decision;
  if (decision?.statement.predicate.decision !== "approve") return withhold(run, round);
  const point = round.preview.statement.predicate.execution;
  settle(run, round, decision.digest, await resume(run, round.proposal, point, decision.digest));
}

/** Ends an approved round whose call cannot be made, however often it is tried: closes the fence, and tells what it then says. */
export function giveUpExecution(run: RunContext, why: string): void {
  const { round } = run.chain.state;
  const decision = round?.decision;
  if (!round || !decision) throw new Error("expected a decision");
  const note = run.store.fence(decision.digest) ? AFTER_WRITE : why;
  settle(run, round, decision.digest, { recovered: true, note, more: false });
}

/**
 * Ends a round whose call nobody approved. Signed first, for a clock that steps back may still let a reviewer decide; Code Mode is
 * told after it. If that is lost, what it holds is no more than a call that no approval will ever name.
 */
async function withhold(run: RunContext, { proposal, preview, decision }: Round): Promise<void> {
  if (!preview) return;
  const { execution, expiresAt } = preview.statement.predicate;
  const said = decision?.statement.predicate;
  const reason = !said
    ? `Nobody decided before ${expiresAt}.`
    : said.decision === "reject"
      ? "The reviewer rejected the proposal."
      : "The reviewer asked for changes.";
  mustCommit(
    run.chain.commit(({ append }) => {
      if (decision) run.store.setFence(decision.digest, { state: "closed" });
      append("execution", [actionOf(proposal)], {
        decision: decision?.digest ?? null,
        execution,
        status: "withheld",
        reason,
        written: false,
        changes: [],
        more: false,
        recovered: false,
      });
    }),
  );
  await run.scripts.reject(execution.id, execution.seq);
}

/**
 * What is told of an execution beside what the fence says. `note` says why nothing was written, and of a recovered one what was
 * left undone; `failure` is what the script ended with. `more`: the script now waits at a further gated call.
 */
interface Told {
  readonly recovered: boolean;
  readonly note: string;
  readonly failure?: string;
  readonly more: boolean;
}

const AFTER_WRITE =
  "The run was interrupted after the write: whatever the script had left to do was not done.";

/** Lets the paused script go on, if Code Mode still holds exactly the call that was approved and nothing has used it up. */
async function resume(
  run: RunContext,
  proposal: Round["proposal"],
  point: ExecutionPoint,
  decision: Digest,
): Promise<Told> {
  const pending = await run.scripts.pending(point.id);
  if (run.store.fence(decision)) {
    return { recovered: true, note: AFTER_WRITE, more: waitsBeyond(point, pending) };
  }
  if (!pending) return makeCall(run, proposal, point, decision);
  if (pending.seq !== point.seq || digestOfCall(pending) !== subjectDigest(proposal.statement, "action")) {
    const note = "The call that waits is not the one that was approved.";
    return { recovered: false, note, more: false };
  }
  run.gate.forgetRefusal();
  const pass = await run.scripts.approve(point.id);
  const more = pass.status === "paused" && waitsBeyond(point, pass.pending);
  if (pass.status === "error") {
    const note = run.gate.refusal ?? `The script failed: ${pass.error}`;
    return { recovered: false, note, failure: pass.error, more };
  }
  return { recovered: false, note: run.gate.refusal ?? "The script never made the approved call.", more };
}

/**
 * Makes the approved call itself, from its signed bytes: a restart has ended the script that was to make it, and nothing was
 * written. The gate checks this call like one of the script; should that still come, the fence lets one of them through.
 */
async function makeCall(
  run: RunContext,
  proposal: Round["proposal"],
  point: ExecutionPoint,
  decision: Digest,
): Promise<Told> {
  const bytes = run.store.artifact(subjectDigest(proposal.statement, "action") ?? "");
  const action = readAction(bytes ?? new Uint8Array());
  if (!action.ok) throw new Error(action.refusal.message);
  try {
    await run.gate.write(point.id, action.value.args);
    const note =
      "The run was interrupted before the write. After the restart the runtime made the approved call; whatever the script had left to do was not done.";
    return { recovered: true, note, more: false };
  } catch (error) {
    if (!(error instanceof WriteRefusedError)) throw error;
    if (run.store.fence(decision)) return { recovered: true, note: AFTER_WRITE, more: false };
    const note = `The run was interrupted before the write, and then the call could not be made: ${error.message}.`;
    return { recovered: true, note, more: false };
  }
}

function waitsBeyond(point: ExecutionPoint, pending: PendingAction | null): boolean {
  return pending !== null && pending.seq > point.seq;
}

/** Of a script that made its call and went on to its end or to its next call there is nothing to tell. */
function afterWrite({ recovered, note, failure, more }: Told): string {
  if (more) return "";
  if (recovered) return note;
  return failure === undefined ? "" : `The write was made; after it the script failed: ${failure}`;
}

/** Closes the fence and signs what it says. The first insert wins, so a write that comes later finds it closed. */
function settle(run: RunContext, { proposal, preview }: Round, decision: Digest, told: Told): void {
  if (!preview) return;
  const { execution, changes } = preview.statement.predicate;
  mustCommit(
    run.chain.commit(({ append }) => {
      const row = run.store.setFence(decision, { state: "closed" });
      const written = row.state === "written";
      const result = written ? [{ name: "result", digest: { sha256: row.result } }] : [];
      const more = written && told.more;
      append("execution", [actionOf(proposal), ...result], {
        decision,
        execution,
        status: written ? "executed" : "failed",
        reason: fitText(written ? afterWrite({ ...told, more }) : told.note, LIMITS.reason),
        written,
        changes: written ? changes : [],
        more,
        recovered: told.recovered,
      });
    }),
  );
}

function digestOfCall({ connector, method, args }: PendingAction): string | null {
  try {
    return sha256Hex(canonicalBytes({ connector, method, args }));
  } catch (error) {
    if (error instanceof NotCanonicalError) return null;
    throw error;
  }
}
