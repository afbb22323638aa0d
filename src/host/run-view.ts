// The run as the API shows it: a projection of the fold. Adds no fact that the receipts do not hold, but whom a held-back call waits for.
import {
  type Artifacts,
  approvalAtHead,
  type ChainState,
  hexOf,
  missingApprovals,
  nextStep,
  type Round,
  type RunStatus,
  runStatus,
} from "../chain/index.ts";
import type { Json } from "../domain/index.ts";
import type { RunContext } from "../engine/index.ts";
import {
  type Author,
  type Digest,
  type Effect,
  isDigest,
  type Kind,
  type Predicate,
  readCanonical,
  subjectDigest,
} from "../receipt/index.ts";
import { type GivenApproval, givenApprovals } from "./given-approvals.ts";

/** Longest content that a view holds, in bytes. A longer one is an artifact to be fetched by its digest. */
const MAX_CONTENT = 64 * 1024;

/** What stands at one side of an effect. `text` and `json` are null where it is none, or too long to show here. */
export interface ContentView {
  readonly digest: Digest | null | "unknown";
  readonly bytes: number | null;
  readonly text: string | null;
  readonly json: Json;
}

/** One effect of the call that waits. */
export interface EffectView {
  readonly resource: string;
  readonly before: ContentView;
  readonly after: ContentView;
}

/** The approvals that the policy asks for, and those that were given. */
export interface ApprovalsView {
  readonly asked: readonly { readonly role: string; readonly count: number }[];
  readonly given: readonly GivenApproval[];
  readonly missing: readonly { readonly role: string; readonly count: number }[];
}

/** The proposal that waits for a human. `proposal` is the digest to send with a decision. */
export interface PendingView {
  readonly proposal: Digest;
  readonly preview: Digest;
  readonly action: Digest;
  readonly author: Author;
  readonly revision: number;
  readonly title: string;
  readonly summary: string;
  readonly risk: "low" | "medium" | "high";
  readonly connector: string;
  readonly method: string;
  readonly args: unknown;
  readonly effects: readonly EffectView[];
  readonly checks: Predicate<"preview">["checks"];
  readonly plan: string | null;
  readonly approvals: ApprovalsView;
  readonly expiresAt: string;
}

/** How a run ended, as the runtime measured it. */
export type OutcomeView = Pick<Predicate<"outcome">, "status" | "reason" | "checks">;

/** A run, as `GET /api/runs/:run` answers it. */
export interface RunView {
  readonly run: string;
  readonly domain: string | null;
  readonly status: RunStatus;
  readonly head: Digest | null;
  readonly count: number;
  readonly createdAt: string;
  readonly due: Kind | null;
  readonly pending: PendingView | null;
  readonly outcome: OutcomeView | null;
  /** Of an approved call that is held back until its approval is in the log: whom that still waits for, as far as it is known. */
  readonly held?: { readonly waitsFor: readonly string[] } | undefined;
  readonly links: Readonly<Record<string, string>>;
}

/**
 * What a runtime may do now. `allowsCall` is positive evidence: an approval at the head that nothing has consumed yet, and that, where the
 * policy asks for it, the log has under its quorum.
 */
export interface Gate {
  readonly run: string;
  readonly head: Digest | null;
  readonly verified: boolean;
  readonly due: Kind | null;
  readonly allowsCall: boolean;
  readonly decision: {
    readonly digest: Digest;
    readonly decision: "approve" | "reject" | "request_changes";
  } | null;
}

/** Projects a run to its view. `trust` is the path of the trust policy of the run's issuer. */
export function runView(context: RunContext, trust: string): RunView {
  const { chain, request, store } = context;
  const { run, state } = chain;
  const { createdAt } = request;
  const { artifacts } = store;
  const held = heldOf(context);
  const due = nextStep(state)?.kind ?? null;
  const ended = state.outcome?.statement.predicate;
  return {
    run,
    domain: state.policy?.domain ?? null,
    status: runStatus(state),
    head: state.head,
    count: state.count,
    createdAt,
    due,
    pending: due === "decision" && state.round ? pendingView(state, state.round, artifacts) : null,
    outcome: ended ? { status: ended.status, reason: ended.reason, checks: ended.checks } : null,
    ...(held && { held }),
    links: linksOf(run, trust),
  };
}

/** An approval that the log must have first, and on which no call was begun. */
function heldOf({ chain: { state }, store, log }: RunContext): RunView["held"] | null {
  const approval = approvalAtHead(state);
  if (state.policy?.logged !== "decisions" || !approval || store.fence(approval.digest)) return null;
  return { waitsFor: log.waitsFor };
}

function pendingView({ policy }: ChainState, round: Round, artifacts: Artifacts): PendingView | null {
  const { proposal, preview, action } = round;
  if (!preview || !policy) return null;
  const { author, revision, title, summary, risk } = proposal.statement.predicate;
  const { effects, checks, expiresAt } = preview.statement.predicate;
  const plan = artifacts(subjectDigest(preview.statement, "plan") ?? "");
  return {
    proposal: proposal.digest,
    preview: preview.digest,
    action: `sha256:${subjectDigest(proposal.statement, "action") ?? ""}`,
    author,
    revision,
    title,
    summary,
    risk,
    connector: action.connector,
    method: action.method,
    args: action.args,
    effects: effects.map((effect, i) => effectView(effect, afterOf(round, policy, i), artifacts)),
    checks,
    plan: plan && plan.length <= MAX_CONTENT ? new TextDecoder().decode(plan) : null,
    approvals: approvalsView(round, policy),
    expiresAt,
  };
}

function approvalsView({ decisions }: Round, policy: NonNullable<ChainState["policy"]>): ApprovalsView {
  return {
    asked: policy.approvals,
    given: givenApprovals(decisions),
    missing: missingApprovals(policy, decisions),
  };
}

/** The argument that an effect puts, where its template says which. */
function afterOf({ action }: Round, policy: NonNullable<ChainState["policy"]>, i: number): Json {
  const entry = policy.effects.find(
    ({ connector, method }) => connector === action.connector && method === action.method,
  );
  const after = entry?.effects[i]?.after;
  if (!after?.startsWith("$")) return null;
  return Object.getOwnPropertyDescriptor(action.args ?? {}, after.slice(1))?.value ?? null;
}

function effectView(effect: Effect, after: Json, artifacts: Artifacts): EffectView {
  const bytes = isDigest(effect.before) ? artifacts(hexOf(effect.before)) : undefined;
  return {
    resource: effect.resource,
    before: bytes
      ? bytesView(effect.before, bytes)
      : { digest: effect.before, bytes: null, text: null, json: null },
    after: valueView(effect.after, after),
  };
}

function bytesView(digest: Effect["before"], bytes: Uint8Array): ContentView {
  if (bytes.length > MAX_CONTENT) return { digest, bytes: bytes.length, text: null, json: null };
  const value = readCanonical(bytes);
  if (value.ok) return { digest, bytes: bytes.length, text: null, json: value.value as Json };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { digest, bytes: bytes.length, text, json: null };
  } catch {
    return { digest, bytes: bytes.length, text: null, json: null };
  }
}

function valueView(digest: Effect["after"], value: Json): ContentView {
  if (!isDigest(digest)) return { digest, bytes: null, text: null, json: null };
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_CONTENT) return { digest, bytes, text: null, json: null };
  return typeof value === "string"
    ? { digest, bytes, text: value, json: null }
    : { digest, bytes, text: null, json: value };
}

function linksOf(run: string, trust: string): Record<string, string> {
  const api = `/api/runs/${run}`;
  return {
    self: api,
    page: `/runs/${run}`,
    receipts: `${api}/receipts`,
    bundle: `${api}/bundle`,
    gate: `${api}/gate`,
    intent: `${api}/intent`,
    approve: `${api}/approve`,
    reject: `${api}/reject`,
    "request-changes": `${api}/request-changes`,
    revert: `${api}/revert`,
    trust,
  };
}

/**
 * Projects a verified state to a gate.
 * @param allowsCall whether the approval at its head is unused and, where the policy asks for it, in the log.
 */
export function gateOf(run: string, state: ChainState, allowsCall: boolean): Gate {
  const decision = state.round?.settledBy ?? null;
  return {
    run,
    head: state.head,
    verified: true,
    due: nextStep(state)?.kind ?? null,
    allowsCall,
    decision: decision && { digest: decision.digest, decision: decision.statement.predicate.decision },
  };
}

/** The gate of a chain that does not verify: nothing is allowed and nothing is said of it. */
export function closedGate(run: string): Gate {
  return { run, head: null, verified: false, due: null, allowsCall: false, decision: null };
}
