// Due: outcome, then handoff. The runtime measures for itself what came of the run, and hands on what the next agent needs.
import { readAction, roundsOf } from "../../chain/index.ts";
import { canonicalBytes, LIMITS, subjectDigest } from "../../receipt/index.ts";
import type { ProbeReport } from "../../workload/probe.ts";
import { fitText, mustCommit, type RunContext } from "../run-context.ts";

/** Measures and signs the outcome. `why` says why there was nothing (more) to run, where the receipts do not say it. */
export async function conclude(run: RunContext, why?: string): Promise<void> {
  const { state } = run.chain;
  const before = await run.measure(run.repository.originalContents());
  const after = state.written ? await run.measure(run.repository.contents()) : null;
  const last = state.round?.execution ?? null;
  const reason = [why ?? last?.statement.predicate.reason, after ? describe(before, after) : ""]
    .filter(Boolean)
    .join(" ");
  mustCommit(
    run.chain.commit(({ append }) =>
      append("outcome", [["report", canonicalBytes({ before, after })]], {
        execution: last?.digest ?? null,
        status: after === null ? "not_run" : isCured(after) ? "resolved" : "unresolved",
        reason: fitText(reason, LIMITS.reason),
        before: before.tally,
        after: after?.tally ?? null,
      }),
    ),
  );
}

/** Signs the handoff: what was tried, what came of it, what still fails, and the repository as it stands. */
export async function handOff(run: RunContext): Promise<void> {
  const outcome = run.chain.state.outcome;
  if (!outcome) throw new Error("expected an outcome before the handoff");
  const { status, reason, before, after } = outcome.statement.predicate;
  const report = readReport(run, subjectDigest(outcome.statement, "report") ?? "");
  const { source, title, firedAt } = run.request.alert;
  const summary = {
    version: 1,
    run: run.chain.run,
    alert: { source, title, firedAt },
    tried: attempts(run),
    outcome: { status, reason, before, after },
    stillFailing: (report.after ?? report.before).failures,
  };
  mustCommit(
    run.chain.commit(({ append }) =>
      append(
        "handoff",
        [
          ["summary", canonicalBytes(summary)],
          ["repository", canonicalBytes(run.repository.manifest())],
        ],
        { outcome: outcome.digest },
      ),
    ),
  );
}

/** Every proposal in order, with what was decided and what then happened. */
function attempts(run: RunContext) {
  return roundsOf(run.chain.receipts).map(({ proposal, decision, execution }) => {
    const action = readAction(
      run.store.artifact(subjectDigest(proposal.statement, "action") ?? "") ?? new Uint8Array(),
    );
    const { revision, summary } = proposal.statement.predicate;
    return {
      proposal: proposal.digest,
      revision,
      summary,
      call: action.ok ? `${action.value.connector}.${action.value.method}` : null,
      decision: decision?.statement.predicate.decision ?? null,
      reason: decision?.statement.predicate.reason ?? "",
      status: execution?.statement.predicate.status ?? null,
    };
  });
}

function readReport(run: RunContext, sha256: string): { before: ProbeReport; after: ProbeReport | null } {
  const bytes = run.store.artifact(sha256);
  if (!bytes) throw new Error("the outcome's report is missing or altered");
  return JSON.parse(new TextDecoder().decode(bytes));
}

function isCured({ tally }: ProbeReport): boolean {
  return tally.failed === 0 && tally.goodFailed === 0;
}

function describe(before: ProbeReport, after: ProbeReport): string {
  const { requests, failed, good, goodFailed } = after.tally;
  return `Before, ${before.tally.failed} of ${before.tally.requests} requests failed; now ${failed} of ${requests}, and ${good - goodFailed} of ${good} valid checkouts are answered 200.`;
}
