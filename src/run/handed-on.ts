// What a planner is told of the proposals before: of this run, and of the runs that it continues. Everything is read from
// receipts and the bytes they name; the summary that an earlier agent wrote of itself is not.
import { z } from "zod";
import type { EarlierProposal, HandedOn, TriedProposal } from "../agent/planner.ts";
import { type Ancestor, type Artifacts, ancestorsOf, readAction, roundsOf } from "../chain/index.ts";
import { type Receipt, subjectDigest } from "../receipt/index.ts";
import type { RunContext } from "./run-context.ts";

/** Every proposal of this run so far, oldest first. */
export function readEarlier({ chain, store }: RunContext): EarlierProposal[] {
  return readProposals(chain.run, chain.receipts, store.artifacts);
}

/** What the runs before this one handed on, or null for a run that continues none. */
export function readHandedOn({ chain, store }: RunContext): HandedOn | null {
  const { alert } = chain.state;
  if (!alert?.statement.predicate.continues) return null;
  const ancestors = ancestorsOf(alert, store.artifacts);
  const [parent] = ancestors;
  if (!parent) throw new Error("the parent's bundle, which the first receipt names, cannot be read");
  const { status, before, after } = parent.outcome.statement.predicate;
  return {
    run: parent.run,
    outcome: status,
    stillFailing: { tally: after ?? before, requests: readFailures(parent) },
    tried: ancestors
      .toReversed()
      .flatMap(({ run, receipts, artifacts }) => readProposals(run, receipts, artifacts)),
  };
}

function readProposals(run: string, receipts: readonly Receipt[], artifacts: Artifacts): TriedProposal[] {
  return roundsOf(receipts).flatMap(({ proposal, decision, execution }) => {
    const action = readAction(
      artifacts(subjectDigest(proposal.statement, "action") ?? "") ?? new Uint8Array(),
    );
    if (!action.ok) return [];
    const { revision, summary } = proposal.statement.predicate;
    const decided = decision?.statement.predicate;
    return [
      {
        run,
        revision,
        summary,
        action: action.value,
        decision: decided?.decision ?? null,
        reason: decided?.reason ?? "",
        status: execution?.statement.predicate.status ?? null,
      },
    ];
  });
}

const failures = z.array(z.object({ path: z.string(), status: z.number(), error: z.string().nullable() }));
const measured = z.object({ failures });
const report = z.object({ before: measured, after: measured.nullable() });

/** The requests that failed last, from the parent's report. Another deployment may write its reports otherwise. */
function readFailures({ outcome, artifacts }: Ancestor): HandedOn["stillFailing"]["requests"] {
  const bytes = artifacts(subjectDigest(outcome.statement, "report") ?? "");
  try {
    const parsed = report.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? (parsed.data.after ?? parsed.data.before).failures : [];
  } catch {
    return [];
  }
}
