// Due: outcome, and with it the handoff. The runtime measures for itself what came of the run, and the agent hands on what the
// next one needs. Both commit together: there is nothing to wait for between them.
import { readAction, roundsOf } from "../../chain/index.ts";
import { canonicalBytes, LIMITS, type ReceiptOf, subjectDigest } from "../../receipt/index.ts";
import type { ProbeReport } from "../../workload/probe.ts";
import type { ChainTransaction } from "../run-chain.ts";
import { fitText, mustCommit, type RunContext } from "../run-context.ts";

/** What the checkout answered as the run found it, and after what it wrote. */
interface Report {
  readonly before: ProbeReport;
  readonly after: ProbeReport | null;
}

/** Measures, and signs the outcome and the handoff. `why` says why there was nothing (more) to run, where the receipts do not say it. */
export async function conclude(run: RunContext, why?: string): Promise<void> {
  const { state } = run.chain;
  const before = await run.measure(run.repository.originalContents());
  const after = state.written ? await run.measure(run.repository.contents()) : null;
  const last = state.round?.execution ?? null;
  const reason = [why ?? last?.statement.predicate.reason, after ? describe(before, after) : ""]
    .filter(Boolean)
    .join(" ");
  mustCommit(
    run.chain.commit(({ append }) => {
      const outcome = append("outcome", [["report", canonicalBytes({ before, after })]], {
        execution: last?.digest ?? null,
        status: after === null ? "not_run" : isCured(after) ? "resolved" : "unresolved",
        reason: fitText(reason, LIMITS.reason),
        before: before.tally,
        after: after?.tally ?? null,
      });
      appendHandoff(run, append, outcome, { before, after });
    }),
  );
}

/** Signs the handoff alone, for a run whose outcome was signed before both were committed together. */
export function handOff(run: RunContext): void {
  const { outcome } = run.chain.state;
  if (!outcome) throw new Error("expected an outcome before the handoff");
  const report = readReport(run, subjectDigest(outcome.statement, "report") ?? "");
  mustCommit(run.chain.commit(({ append }) => appendHandoff(run, append, outcome, report)));
}

/** Hands on what was tried, what came of it, what still fails, and the repository as it stands. */
function appendHandoff(
  run: RunContext,
  append: ChainTransaction["append"],
  outcome: ReceiptOf<"outcome">,
  report: Report,
): void {
  const { status, reason, before, after } = outcome.statement.predicate;
  const { source, title, firedAt } = run.request.alert;
  const summary = {
    version: 1,
    run: run.chain.run,
    alert: { source, title, firedAt },
    tried: attempts(run),
    outcome: { status, reason, before, after },
    stillFailing: (report.after ?? report.before).failures,
  };
  append(
    "handoff",
    [
      ["summary", canonicalBytes(summary)],
      ["repository", canonicalBytes(run.repository.manifest())],
    ],
    { outcome: outcome.digest },
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

function readReport(run: RunContext, sha256: string): Report {
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
