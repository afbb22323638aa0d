// What a planner is told: everything is read from receipts and the bytes they name, of this run and of those that it continues.
// A summary that an earlier agent wrote of its own run is not.
import {
  type Artifacts,
  type ChainState,
  type FollowedRun,
  type Round,
  roundsBackward,
} from "../chain/index.ts";
import type { EarlierProposal, Evidence, Inherited, Json, Situation } from "../domain/index.ts";
import { type ReceiptOf, subjectDigest } from "../receipt/index.ts";
import type { RunContext } from "./run-context.ts";
import { StepFailure } from "./step-failure.ts";

/** Whose words the agent's are. @throws {StepFailure} for a planner whose id no receipt can hold. */
export function plannerId({ planner }: Pick<RunContext, "planner">): string {
  const { id }: { readonly id: unknown } = planner();
  if (typeof id === "string" && id.length >= 1 && id.length <= 200 && id.isWellFormed()) return id;
  throw new StepFailure("The planner cannot be used: expected its id to be a text of 1 to 200 characters.");
}

/** Where the run stands, in a planner's words. */
export async function readSituation(run: RunContext): Promise<Situation> {
  const { chain, store, request, scripts, account } = run;
  scripts.renew();
  const [declarations, gated, lineage] = await Promise.all([
    scripts.declarations(),
    scripts.gated(),
    run.lineage(),
  ]);
  const lastFailure = store.attempts(chain.state.head).reason || null;
  return {
    rule: (chain.state.policy ?? request.policy).rule,
    // What a planner does with what it is told changes nothing here.
    alert: structuredClone(request.alert),
    declarations,
    gated,
    evidence: chain.all("evidence").map((receipt) => readEvidence(receipt, store.artifacts)),
    proposals: readProposals(chain.state),
    lastFailure,
    lastScript: lastFailure === null ? null : account.failedScript(),
    spent: account.spent(),
    inherited: lineage && readInherited(lineage),
  };
}

/** Every proposal of a chain, oldest first. */
export function readProposals(state: ChainState): EarlierProposal[] {
  return [...roundsBackward(state)].reverse().map((round) => readProposal(state.run ?? "", round));
}

function readProposal(run: string, { proposal, action, decisions, execution }: Round): EarlierProposal {
  const { revision, title, summary } = proposal.statement.predicate;
  const ended = execution?.statement.predicate;
  return {
    run,
    revision,
    title,
    summary,
    action: structuredClone(action),
    decisions: decisions.map(({ statement }) => {
      const { decision, reviewer, role, reason } = statement.predicate;
      return { decision, reviewer: reviewer.id, role, reason };
    }),
    status: ended?.status ?? null,
    reason: ended?.reason ?? "",
  };
}

function readEvidence({ statement }: ReceiptOf<"evidence">, artifacts: Artifacts): Evidence {
  const code = artifacts(subjectDigest(statement, "code") ?? "") ?? new Uint8Array();
  const items = statement.predicate.items.flatMap(({ name }) => {
    const item = readJson(artifacts(subjectDigest(statement, name) ?? ""));
    return isItem(item) ? [item] : [];
  });
  return { code: new TextDecoder().decode(code), summary: statement.predicate.summary, items };
}

/** Of bytes that this engine wrote as `{connector, method, args, result}`. */
function isItem(item: unknown): item is Evidence["items"][number] {
  return typeof item === "object" && item !== null && "connector" in item && "method" in item;
}

/** What runs that were verified hand on to the one that continues them, the newest first. */
export function readInherited(runs: readonly Pick<FollowedRun, "state" | "artifacts">[]): Inherited | null {
  const [parent] = runs;
  const outcome = parent?.state.outcome?.statement;
  if (!parent || !outcome) return null;
  const { status, checks } = outcome.predicate;
  return {
    run: parent.state.run ?? "",
    outcome: status,
    checks: checks.map(({ name, before, after }) => ({ name, ...(after ?? before) })),
    report: readJson(parent.artifacts(subjectDigest(outcome, "report") ?? "")),
    proposals: [...runs].reverse().flatMap(({ state }) => readProposals(state)),
  };
}

function readJson(bytes: Uint8Array | undefined): Json {
  try {
    return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
  } catch {
    return null;
  }
}
