// Due: outcome, and with it the handoff. The runtime measures for itself what came of the run, and the agent hands on what the
// next one needs. Both commit together: there is nothing to wait for between them.
import { readAction, roundsOf } from "../../chain/index.ts";
import { canonicalBytes, LIMITS, type ReceiptOf, subjectDigest } from "../../receipt/index.ts";
import type { ProbeReport } from "../../workload/probe.ts";
import { type Measured, measureAnyway } from "../measure-anyway.ts";
import type { ChainTransaction } from "../run-chain.ts";
import { fitText, mustCommit, type RunContext } from "../run-context.ts";

/** What the checkout answered as the run found it, and after what it wrote. */
interface Report {
  readonly before: ProbeReport;
  readonly after: ProbeReport | null;
}

/**
 * Measures, and signs the outcome and the handoff. A run that has no evidence gets one of nothing first, for no outcome may follow
 * an alert.
 * @param why why there was nothing (more) to run, where the receipts do not say it.
 * @param anyway also where the checkout cannot be measured. It is so where there is a `why`: such a run has to end.
 */
export async function conclude(run: RunContext, why?: string, anyway = why !== undefined): Promise<void> {
  const { state } = run.chain;
  const measure = async (contents: () => Readonly<Record<string, string>>): Promise<Measured> => {
    const now = async () => run.measure(contents());
    return anyway ? measureAnyway(now) : { report: await now(), unmeasured: null };
  };
  const before = await measure(() => run.repository.originalContents());
  const after = state.written ? await measure(() => run.repository.contents()) : null;
  const last = state.round?.execution ?? null;
  const reason = [why ?? last?.statement.predicate.reason, describe(before, after)].filter(Boolean).join(" ");
  const report = { before: before.report, after: after?.report ?? null };
  mustCommit(
    run.chain.commit(({ append }) => {
      if (state.last === "alert") appendNoEvidence(append, reason);
      const outcome = append("outcome", [["report", canonicalBytes(report)]], {
        execution: last?.digest ?? null,
        status: report.after === null ? "not_run" : isCured(report.after) ? "resolved" : "unresolved",
        reason: fitText(reason, LIMITS.reason),
        before: report.before.tally,
        after: report.after?.tally ?? null,
      });
      appendHandoff(run, append, outcome, report);
    }),
  );
}

/** Of an investigation that never came about: no script was run, and nothing was found. */
function appendNoEvidence(append: ChainTransaction["append"], reason: string): void {
  const summary = fitText(`There was no investigation. ${reason}`, LIMITS.summary);
  append("evidence", [["code", new Uint8Array()]], { items: [], summary });
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

/** What was measured, in a sentence; nothing where nothing was written and the measurement is there to be read. */
function describe(before: Measured, after: Measured | null): string {
  if (after?.unmeasured || (before.unmeasured && !after)) {
    return `The checkout could not be measured, so every request counts as failed: ${after?.unmeasured ?? before.unmeasured}`;
  }
  if (after === null) return "";
  const { requests, failed, good, goodFailed } = after.report.tally;
  return `Before, ${before.report.tally.failed} of ${before.report.tally.requests} requests failed; now ${failed} of ${requests}, and ${good - goodFailed} of ${good} valid checkouts are answered 200.`;
}
