// Signs a proposal and its preview, in one transaction: what is proposed, what it changes, what a dry run says, and what is measured
// now and would be after. What cannot be previewed is not proposed.
import {
  type ChainState,
  contentBytes,
  effectsOf,
  isInverse,
  isSentBack,
  type Policy,
} from "../../chain/index.ts";
import type { Call, Json, Measurement } from "../../domain/index.ts";
import {
  type Author,
  type Digest,
  digestOf,
  type Effect,
  type ExecutionPoint,
  isDigest,
  LIMITS,
  type Predicate,
} from "../../receipt/index.ts";
import { inTime, wordsOf } from "../in-time.ts";
import { whyNoRoom } from "../limits.ts";
import { argumentsFault, argumentsFor, declaredCall } from "../policy.ts";
import { type Contents, digestOfContent } from "../resources.ts";
import type { NamedBytes } from "../run-chain.ts";
import type { RunContext } from "../run-context.ts";
import { StepFailure } from "../step-failure.ts";
import { fitJson, fitText } from "../texts.ts";
import { readWorld } from "../world.ts";
import { appendTranscript } from "./gather-evidence.ts";

/** A call that is to be proposed. `bytes` is its action; `notes` says what became of a request for changes. */
export interface ProposedCall {
  readonly call: Call;
  readonly bytes: Uint8Array;
  readonly author: Author;
  /** The execution of the run before that this undoes, and the effects that it had. */
  readonly reverts: { readonly execution: Digest; readonly effects: readonly Effect[] } | null;
  /** The script that waits at the call, and where; null for a reviewer's call. */
  readonly code: Uint8Array | null;
  readonly execution: ExecutionPoint | null;
  readonly title: string;
  readonly summary: string;
  readonly risk: "low" | "medium" | "high";
  readonly notes: { readonly applied: readonly string[]; readonly notApplied: readonly string[] } | null;
}

/** @throws {StepFailure} saying why the call cannot be proposed. */
export async function signRound(run: RunContext, proposed: ProposedCall): Promise<void> {
  const { call, bytes } = proposed;
  const { policy } = run.chain.state;
  if (!policy) throw new Error("expected an alert before a proposal");
  checkArguments(run, call);
  const { effects, befores, world } = await findEffects(run, policy, call);
  if (proposed.reverts && !isInverse(effects, proposed.reverts.effects)) {
    throw new StepFailure("It cannot be undone: what the call would change is not what the other one left.");
  }
  const plan = await dryRun(run, call);
  const measured = await measureBoth(run, world, effects, call);
  const named: NamedBytes[] = [
    ...befores,
    ...(plan === null ? [] : [["plan", plan] as const]),
    ...(measured.checks.length > 0 ? [["report", measured.report] as const] : []),
  ];
  const code: NamedBytes[] = proposed.code ? [["code", proposed.code]] : [];
  const full = whyNoRoom(run, [bytes, ...[...code, ...named].map(([, content]) => content)]);
  if (full !== null) throw new StepFailure(full);
  const committed = run.chain.commit(({ state, append }) => {
    if (proposed.author.kind === "agent") appendTranscript(run, append, proposed.author.id);
    const proposal = append("proposal", [["action", bytes], ...code], {
      ...place(state),
      author: proposed.author,
      reverts: proposed.reverts?.execution ?? null,
      title: fitText(proposed.title, LIMITS.title),
      summary: fitText(proposed.summary, LIMITS.summary),
      risk: proposed.risk,
      feedback: feedback(state, proposed.notes),
    });
    append("preview", [...proposal.statement.subject, ...named], {
      proposal: proposal.digest,
      execution: proposed.execution,
      effects: [...effects],
      plan: plan && digestOf(plan),
      checks: measured.checks,
      expiresAt: expiry(proposal.statement.predicate.issuedAt, policy),
    });
  });
  if (!committed.ok) throw new StepFailure(`The call cannot be proposed: ${committed.refusal.message}`);
}

function checkArguments(run: RunContext, call: Call): void {
  const declared = declaredCall(run.domain, call);
  const fault = declared && argumentsFault(declared, call);
  if (fault) throw new StepFailure(`The call cannot be proposed: ${fault}`);
}

/** The call's effects as they are now, and the contents that they start from. */
async function findEffects(run: RunContext, policy: Policy, call: Call) {
  const expanded = effectsOf(policy, call);
  if (!expanded.ok) throw new StepFailure(`The call cannot be proposed: ${expanded.refusal.message}`);
  const { own, effects: templates } = expanded.value;
  const names = templates.map(({ resource }) => resource);
  const { all: world, outside } = await readWorld(run, own ? [] : names);
  const found: Contents = own ? run.own.contents() : outside;
  const effects = templates.map(({ resource, before, after }): Effect => {
    if (before === "unknown") return { resource, before, after };
    const now = digestOfContent(found.get(resource));
    if (before !== "read" && before !== now) {
      const knows = own || run.domain.read;
      const why = knows ? `is ${now ?? "not there"} now` : "cannot be read: the domain has no read()";
      throw new StepFailure(`The call expects ${resource} to be ${before ?? "absent"}, but it ${why}.`);
    }
    return { resource, before: now, after };
  });
  const befores = effects.flatMap(({ resource, before }, i): NamedBytes[] =>
    isDigest(before) ? [[`before-${i + 1}`, contentBytes(found.get(resource) ?? null)]] : [],
  );
  return { effects, befores, world };
}

/** What the call's own dry run says, as UTF-8; null where it has none. */
async function dryRun(run: RunContext, call: Call): Promise<Uint8Array | null> {
  const declared = declaredCall(run.domain, call);
  if (!declared?.plan) return null;
  try {
    const text = await inTime("the dry run", run.patience.read, (signal) =>
      declared.plan?.(argumentsFor(declared, call), { env: run.env, signal }),
    );
    if (typeof text !== "string") throw new Error(`expected a text, got ${typeof text}`);
    return new TextEncoder().encode(text.toWellFormed());
  } catch (error) {
    throw new StepFailure(`The dry run of ${call.connector}.${call.method} failed: ${wordsOf(error)}`);
  }
}

type Checks = Predicate<"preview">["checks"];

/** The state as it is, and as the call would leave it. */
async function measureBoth(run: RunContext, world: Contents, effects: readonly Effect[], call: Call) {
  const [before, rehearsed] = await Promise.all([
    run.measurer.measure(world),
    run.measurer.rehearse(world, effects, afterContents(run, effects, call)),
  ]);
  const counts = new Map(rehearsed?.checks.map(({ name, total, failed }) => [name, { total, failed }]));
  const checks: Checks = (before?.checks ?? []).map(({ name, total, failed }) => ({
    name,
    before: { total, failed },
    rehearsed: counts.get(name) ?? null,
  }));
  const reportOf = (measurement: Measurement | null): Json => measurement?.report ?? null;
  return { checks, report: fitJson({ before: reportOf(before), rehearsed: reportOf(rehearsed) }) };
}

/** The contents that the call's arguments put, in the order of its effects; null where it puts none. */
export function afterContents(run: RunContext, effects: readonly Effect[], call: Call): Json[] {
  const templates = run.chain.state.policy?.effects.find(
    ({ connector, method }) => connector === call.connector && method === call.method,
  )?.effects;
  return effects.map(({ after }, i) => {
    const from = templates?.[i]?.after;
    if (!isDigest(after) || !from?.startsWith("$")) return null;
    return Object.getOwnPropertyDescriptor(call.args ?? {}, from.slice(1))?.value ?? null;
  });
}

/** Where the proposal stands: a revision of what was sent back, or the first of its round. */
function place({ round }: ChainState) {
  const revised = isSentBack(round) ? round : null;
  return {
    revision: revised ? revised.proposal.statement.predicate.revision + 1 : 1,
    supersedes: revised?.proposal.digest ?? null,
  };
}

/** The reviewer's own words, and the agent's of what became of them. */
function feedback({ round }: ChainState, notes: ProposedCall["notes"]): Predicate<"proposal">["feedback"] {
  const text = isSentBack(round) ? round?.settledBy?.statement.predicate.reason : "";
  if (!text) return null;
  const bounded = (list: readonly string[] = []) =>
    list.slice(0, LIMITS.notes).flatMap((note) => fitText(note, LIMITS.note) || []);
  return { text, applied: bounded(notes?.applied), notApplied: bounded(notes?.notApplied) };
}

function expiry(issuedAt: string, policy: Policy): string {
  return new Date(Date.parse(issuedAt) + policy.decisionSeconds * 1000).toISOString();
}
