// Due: outcome, and with it the handoff. The runtime measures for itself what came of the run, and hands on what the next one needs.
// Both commit together. Concluding cannot fail for what a domain or a planner does: what cannot be measured is told as unmeasured.
import { outcomeStatus, ownContents, previewedEffects, roundsBackward } from "../../chain/index.ts";
import type { Measurement } from "../../domain/index.ts";
import { canonicalBytes, LIMITS, type Predicate, type ReceiptOf } from "../../receipt/index.ts";
import { wordsOf } from "../in-time.ts";
import { type ChainTransaction, mustCommit } from "../run-chain.ts";
import type { RunContext } from "../run-context.ts";
import { plannerId, readProposals } from "../situation.ts";
import { fitJson, fitText } from "../texts.ts";
import { readWorld } from "../world.ts";
import { appendNoEvidence, appendTranscript } from "./gather-evidence.ts";

type Checks = Predicate<"outcome">["checks"];

/** Measures, and signs the outcome and the handoff. `why` says why there was nothing (more) to run, where the receipts do not say it. */
export async function conclude(run: RunContext, why?: string): Promise<void> {
  const signed = signEnd(run, why, await measureNow(run));
  if (signed.ok) return;
  // Whatever the domain measured that no receipt can hold, the run ends.
  const failure = `What came of it could not be told: ${signed.refusal.message}`;
  mustCommit(signEnd(run, why, { measurement: null, failure }));
}

/** What was measured, or why nothing was. */
interface Measured {
  readonly measurement: Measurement | null;
  readonly failure: string;
}

function signEnd(run: RunContext, why: string | undefined, { measurement, failure }: Measured) {
  return run.chain.commit(({ state, append }) => {
    const told = appendTranscript(run, append, plannerIdOrNone(run));
    if (state.last === "alert" && !told) {
      const summary = fitText(why ?? "Nothing was looked at.", LIMITS.summary);
      appendNoEvidence(append, plannerIdOrNone(run), summary);
    }
    const last = state.round?.execution ?? null;
    const checks = outcomeChecks(run, measurement);
    const reason = [why ?? last?.statement.predicate.reason, failure].filter(Boolean).join(" ");
    const outcome = append("outcome", [["report", fitJson(measurement?.report ?? null)]], {
      execution: last?.digest ?? null,
      status: outcomeStatus(state, checks),
      reason: fitText(reason, LIMITS.reason),
      checks,
    });
    appendHandoff(run, append, outcome);
  });
}

/** Concluding cannot fail for what a planner is. */
function plannerIdOrNone(run: RunContext): string {
  try {
    return plannerId(run);
  } catch {
    return "unknown";
  }
}

/** Signs the handoff alone, for a chain that ends in an outcome. */
export function handOff(run: RunContext): void {
  const { outcome } = run.chain.state;
  if (!outcome) throw new Error("expected an outcome before the handoff");
  mustCommit(run.chain.commit(({ append }) => appendHandoff(run, append, outcome)));
}

async function measureNow(run: RunContext): Promise<Measured> {
  try {
    const world = await readWorld(run, namesOfEffects(run));
    return {
      measurement: await run.measurer.measure(world.all, { afresh: run.chain.state.acted }),
      failure: "",
    };
  } catch (error) {
    return { measurement: null, failure: `What came of it could not be measured: ${wordsOf(error)}` };
  }
}

/** The resources of the outside that a call of this run was on. */
function namesOfEffects({ chain }: RunContext): string[] {
  const remote = [...roundsBackward(chain.state)].filter(({ call }) => !call.own);
  return remote.flatMap(previewedEffects).map(({ resource }) => resource);
}

/** What the first preview measured, beside what is measured now; now only counts where something was executed, or may have been. */
function outcomeChecks({ chain }: RunContext, measurement: Measurement | null): Checks {
  const { measured, acted } = chain.state;
  const now = new Map(measurement?.checks.map(({ name, total, failed }) => [name, { total, failed }]));
  if (!measured) return [...now].map(([name, before]) => ({ name, before, after: null }));
  return measured.map(({ name, before }) => ({ name, before, after: (acted && now.get(name)) || null }));
}

function appendHandoff(
  run: RunContext,
  append: ChainTransaction["append"],
  outcome: ReceiptOf<"outcome">,
): void {
  const { status, reason, checks } = outcome.statement.predicate;
  const { state } = run.chain;
  const summary = { outcome: status, reason, checks, attempts: readProposals(state).map(withoutArguments) };
  // Nobody can tell what stands at an own resource whose call may have happened.
  const unsure = ownContents(state);
  const manifest = Object.entries(run.own.manifest()).filter(([name]) => unsure.get(name) !== "unknown");
  append(
    "handoff",
    [
      ["summary", canonicalBytes(summary)],
      ["resources", canonicalBytes(Object.fromEntries(manifest))],
    ],
    { outcome: outcome.digest },
  );
}

/** A proposal in brief: its arguments stand in its own receipt. */
function withoutArguments({ action, run: _, ...rest }: ReturnType<typeof readProposals>[number]) {
  return { ...rest, call: `${action.connector}.${action.method}` };
}
