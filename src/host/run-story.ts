// A run as its page tells it: plain data out of one answer of the run, so that no part of it is newer than another. A projection of the
// verified chain and the bytes that it names; adds no fact that they do not hold, but for the domain's own words for a call.
import {
  type Action,
  type AnchoredReceipt,
  type Artifacts,
  hexOf,
  missingApprovals,
  type Policy,
  type Round,
  roundsBackward,
} from "../chain/index.ts";
import type { Domain, Json } from "../domain/index.ts";
import { contentOf, type RunContext } from "../engine/index.ts";
import {
  type Digest,
  type Effect,
  isDigest,
  type Predicate,
  type ReceiptOf,
  SIGNER_OF,
  subjectDigest,
} from "../receipt/index.ts";
import { lineageView } from "./lineage.ts";
import type { LineageView, ListedReceipt, Note } from "./run-records.ts";
import { type RunView, runView } from "./run-view.ts";
import type { SideStore } from "./side-store.ts";

/** An artifact's content. `text` is null when the bytes are missing or not UTF-8. */
export interface ToldArtifact {
  readonly digest: Digest;
  readonly bytes: number;
  readonly text: string | null;
}

/** What stands at one side of an effect. `value` is its text or JSON value; null where nothing stands, or it is not known here. */
export interface ToldContent {
  readonly digest: Digest | null | "unknown";
  readonly value: Json;
}

/** One effect, with its contents. */
export interface ToldEffect {
  readonly resource: string;
  readonly before: ToldContent;
  readonly after: ToldContent;
}

/** A call of an investigation. `line` is the domain's plain line for it, or null. */
export interface ToldCall {
  readonly name: string;
  readonly digest: Digest;
  readonly connector: string;
  readonly method: string;
  readonly args: Json;
  readonly result: Json;
  readonly line: string | null;
}

/** A decision as it was signed, and the reviewer's own signature if it has one. */
export type ToldDecision = Pick<
  Predicate<"decision">,
  "decision" | "reason" | "reviewer" | "role" | "edit" | "issuedAt" | "assertion"
> & { readonly digest: Digest; readonly listed: boolean };

/** One trip from a proposal to the end of its execution. */
export interface ToldRound {
  readonly proposal: Predicate<"proposal"> & { readonly digest: Digest };
  readonly preview: (Predicate<"preview"> & { readonly digest: Digest }) | null;
  readonly action: Action & { readonly digest: Digest };
  readonly code: ToldArtifact | null;
  readonly effects: readonly ToldEffect[];
  readonly plan: ToldArtifact | null;
  readonly decisions: readonly ToldDecision[];
  readonly missing: readonly { readonly role: string; readonly count: number }[];
  readonly execution:
    | (Predicate<"execution"> & { readonly digest: Digest; readonly result: ToldArtifact | null })
    | null;
  /** Whether the domain knows a call that undoes this one. */
  readonly isRevertible: boolean;
}

/** A run, whole. Rounds and evidence are oldest first; `told` is the transcript of what the planner and its model said. */
export interface RunStory {
  readonly view: RunView;
  readonly issuer: string | null;
  readonly policy: Policy | null;
  readonly startedBy: string | null;
  readonly alert: (Predicate<"alert"> & { readonly digest: Digest; readonly artifact: ToldArtifact }) | null;
  readonly evidence: readonly (Predicate<"evidence"> & {
    readonly digest: Digest;
    readonly code: ToldArtifact;
    readonly calls: readonly ToldCall[];
    readonly told: ToldArtifact | null;
  })[];
  readonly rounds: readonly ToldRound[];
  readonly outcome: (Predicate<"outcome"> & { readonly digest: Digest; readonly report: Json }) | null;
  readonly handoff:
    | (Predicate<"handoff"> & {
        readonly digest: Digest;
        readonly resources: Readonly<Record<string, Digest>>;
      })
    | null;
  readonly receipts: readonly ListedReceipt[];
  readonly lineage: LineageView;
  readonly notes: { readonly resolved: Note | null; readonly repeated: Note | null };
  /** What the log is shown to have of it. */
  readonly logged: readonly AnchoredReceipt[];
  /** Feedback that the domain offers. */
  readonly suggestions: readonly string[];
}

/** Tells an opened run. `trust` is the path of the trust policy of the run's issuer. */
export function runStory(
  run: RunContext,
  side: SideStore,
  trust: string,
  logged: readonly AnchoredReceipt[],
): RunStory {
  const { chain, store, domain } = run;
  const { state } = chain;
  const { artifacts } = store;
  const [handoff] = chain.all("handoff");
  return {
    view: runView(run, trust),
    issuer: state.alert?.statement.predicate.issuer ?? null,
    policy: state.policy,
    startedBy: state.alert?.statement.predicate.startedBy.id ?? null,
    alert: state.alert && {
      ...state.alert.statement.predicate,
      digest: state.alert.digest,
      artifact: told(state.alert, "alert", artifacts),
    },
    evidence: chain.all("evidence").map((receipt) => ({
      ...receipt.statement.predicate,
      digest: receipt.digest,
      code: told(receipt, "code", artifacts),
      calls: receipt.statement.predicate.items.map((item) => toldCall(receipt, item, domain, artifacts)),
      told: receipt.statement.predicate.transcript ? told(receipt, "transcript", artifacts) : null,
    })),
    rounds: [...roundsBackward(state)].reverse().map((round) => toldRound(run, round)),
    outcome: state.outcome && {
      ...state.outcome.statement.predicate,
      digest: state.outcome.digest,
      report: parsed(told(state.outcome, "report", artifacts)),
    },
    handoff: handoff
      ? {
          ...handoff.statement.predicate,
          digest: handoff.digest,
          resources: Object.fromEntries(state.resources ?? []),
        }
      : null,
    receipts: chain.receipts.map(({ kind, digest, envelope, statement }) => ({
      seq: statement.predicate.seq,
      kind,
      role: SIGNER_OF[kind],
      digest,
      envelope,
      statement,
    })),
    lineage: lineageView(run, side),
    notes: {
      resolved: side.notes("alert_resolved", 1)[0] ?? null,
      repeated: side.notes("alert_repeated", 1)[0] ?? null,
    },
    logged,
    suggestions: domain.suggestions ?? [],
  };
}

type AnyReceipt = {
  readonly statement: ReceiptOf<
    "alert" | "evidence" | "proposal" | "preview" | "execution" | "outcome"
  >["statement"];
};

function told({ statement }: AnyReceipt, subject: string, artifacts: Artifacts): ToldArtifact {
  const sha256 = subjectDigest(statement, subject) ?? "";
  const bytes = artifacts(sha256);
  return { digest: `sha256:${sha256}`, bytes: bytes?.length ?? 0, text: bytes ? textOf(bytes) : null };
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parsed({ text }: ToldArtifact): Json {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function toldCall(
  receipt: ReceiptOf<"evidence">,
  { name, connector, method }: Predicate<"evidence">["items"][number],
  domain: Domain<unknown>,
  artifacts: Artifacts,
): ToldCall {
  const artifact = told(receipt, name, artifacts);
  const item = parsed(artifact);
  const member = (of: string): Json => (item && Object.getOwnPropertyDescriptor(item, of)?.value) ?? null;
  const call = { connector, method, args: member("args"), result: member("result") };
  return { name, digest: artifact.digest, ...call, line: lineOf(domain, call) };
}

/** A domain's plain line for a call: one line of at most 200 UTF-16 code units; null where it has none, or throws. */
function lineOf(
  domain: Domain<unknown>,
  call: { connector: string; method: string; args: Json; result: Json },
): string | null {
  try {
    const line = domain.describe?.(call);
    return typeof line === "string" ? line.replace(/\s+/g, " ").slice(0, 200).toWellFormed() : null;
  } catch {
    return null;
  }
}

function toldRound(run: RunContext, round: Round): ToldRound {
  const { proposal, preview, action, decisions, execution } = round;
  const { artifacts } = run.store;
  const policy = run.chain.state.policy;
  const isExecuted = execution?.statement.predicate.status === "executed";
  return {
    proposal: { ...proposal.statement.predicate, digest: proposal.digest },
    preview: preview && { ...preview.statement.predicate, digest: preview.digest },
    action: { ...action, digest: `sha256:${subjectDigest(proposal.statement, "action") ?? ""}` },
    code: proposal.statement.predicate.author.kind === "agent" ? told(proposal, "code", artifacts) : null,
    effects: (preview?.statement.predicate.effects ?? []).map((effect, i) =>
      toldEffect(run, round, effect, i),
    ),
    plan: preview?.statement.predicate.plan ? told(preview, "plan", artifacts) : null,
    decisions: decisions.map(({ digest, statement, found }) => {
      const { decision, reason, reviewer, role, edit, issuedAt, assertion } = statement.predicate;
      return {
        digest,
        decision,
        reason,
        reviewer,
        role,
        edit,
        issuedAt,
        assertion,
        listed: found.assertion?.listed ?? false,
      };
    }),
    missing: policy && !round.settledBy ? missingApprovals(policy, decisions) : [],
    execution: execution && {
      ...execution.statement.predicate,
      digest: execution.digest,
      result: isExecuted ? told(execution, "result", artifacts) : null,
    },
    isRevertible: isExecuted && isRevertible(run, round),
  };
}

function isRevertible({ domain }: RunContext, { action, preview }: Round): boolean {
  const declared = domain.calls.find(
    ({ connector, method }) => connector === action.connector && method === action.method,
  );
  const effects = preview?.statement.predicate.effects ?? [];
  const isKnown = effects.every(({ before, after }) => before !== "unknown" && after !== "unknown");
  return Boolean(declared?.revert) && effects.length > 0 && isKnown;
}

function toldEffect(run: RunContext, { action }: Round, effect: Effect, i: number): ToldEffect {
  const { resource, before, after } = effect;
  const bytes = isDigest(before) ? run.store.artifact(hexOf(before)) : undefined;
  return {
    resource,
    before: { digest: before, value: bytes ? contentIfText(run, resource, bytes) : null },
    after: { digest: after, value: isDigest(after) ? argumentOf(run, action, i) : null },
  };
}

function contentIfText({ domain }: RunContext, resource: string, bytes: Uint8Array): Json {
  try {
    return contentOf(domain, resource, bytes);
  } catch {
    return null;
  }
}

/** The argument that the call's i-th effect puts, where its template says which. */
function argumentOf({ chain }: RunContext, { connector, method, args }: Action, i: number): Json {
  const entry = chain.state.policy?.effects.find(
    (one) => one.connector === connector && one.method === method,
  );
  const after = entry?.effects[i]?.after;
  if (!after?.startsWith("$") || typeof args !== "object" || args === null) return null;
  return Object.getOwnPropertyDescriptor(args, after.slice(1))?.value ?? null;
}
