// The run as the API shows it: a pure projection of the fold. Adds no fact that the receipts do not hold.
import type { Digest, Kind, Tally } from "../receipt/index.ts";
import { subjectDigest } from "../receipt/index.ts";
import { readAction, readWriteFileArgs } from "./action.ts";
import type { Artifacts } from "./artifacts.ts";
import { digestFromHex } from "./artifacts.ts";
import type { ChainState, Round } from "./chain-state.ts";
import { unifiedPatch } from "./compare-texts.ts";
import { nextStep } from "./next-step.ts";
import { type RunStatus, runStatus } from "./run-status.ts";

/** The proposal that waits for a human. `proposal` is the digest to send with a decision. */
export interface PendingView {
  readonly proposal: Digest;
  readonly preview: Digest;
  readonly action: Digest;
  readonly revision: number;
  readonly summary: string;
  readonly risk: "low" | "medium" | "high";
  readonly connector: string;
  readonly method: string;
  readonly path: string | null;
  readonly before: Digest | null;
  readonly after: Digest | null;
  readonly diff: string;
  readonly expiresAt: string;
}

/** How a run ended, as the runtime measured it. */
export interface OutcomeView {
  readonly status: "resolved" | "unresolved" | "not_run";
  readonly reason: string;
  readonly before: Tally;
  readonly after: Tally | null;
}

/** A run, as `GET /api/runs/:run` answers it. */
export interface RunView {
  readonly run: string;
  readonly status: RunStatus;
  readonly head: Digest | null;
  readonly count: number;
  readonly createdAt: string;
  readonly due: Kind | null;
  readonly pending: PendingView | null;
  readonly outcome: OutcomeView | null;
  readonly links: Readonly<Record<string, string>>;
}

/** Projects a state to its view. `createdAt` is an instant. */
export function runView(run: string, createdAt: string, state: ChainState, artifacts: Artifacts): RunView {
  const due = nextStep(state)?.kind ?? null;
  const ended = state.outcome?.statement.predicate;
  return {
    run,
    status: runStatus(state),
    head: state.head,
    count: state.count,
    createdAt,
    due,
    pending: due === "decision" && state.round ? pendingView(state.round, artifacts) : null,
    outcome: ended
      ? { status: ended.status, reason: ended.reason, before: ended.before, after: ended.after }
      : null,
    links: linksOf(run),
  };
}

function pendingView(round: Round, artifacts: Artifacts): PendingView | null {
  if (!round.preview) return null;
  const { proposal, preview } = round;
  const actionHex = subjectDigest(proposal.statement, "action") ?? "";
  const action = readAction(artifacts(actionHex) ?? new Uint8Array());
  if (!action.ok) return null;
  const change = preview.statement.predicate.changes[0];
  const { revision, summary, risk } = proposal.statement.predicate;
  return {
    proposal: proposal.digest,
    preview: preview.digest,
    action: digestFromHex(actionHex),
    revision,
    summary,
    risk,
    connector: action.value.connector,
    method: action.value.method,
    path: change?.path ?? null,
    before: change?.before ?? null,
    after: change?.after ?? null,
    diff: unifiedDiff(round, artifacts),
    expiresAt: preview.statement.predicate.expiresAt,
  };
}

/** The unified diff of a round's change, rendered from the signed bytes. Empty when the call changes no file. */
export function unifiedDiff(round: Round, artifacts: Artifacts): string {
  const texts = changedTexts(round, artifacts);
  if (!texts) return "";
  const { path, before, after } = texts;
  return unifiedPatch(path, before, after);
}

/**
 * The file that a round's call would change, before and after, as text; null when it changes none. `isText` is false when the file
 * before is not UTF-8: `before` then has U+FFFD in place of the bytes that are none.
 */
export function changedTexts(round: Round, artifacts: Artifacts) {
  const action = readAction(
    artifacts(subjectDigest(round.proposal.statement, "action") ?? "") ?? new Uint8Array(),
  );
  if (!action.ok || !round.preview?.statement.predicate.changes[0]) return null;
  const args = readWriteFileArgs(action.value.args);
  if (!args.ok) return null;
  const bytes = artifacts(subjectDigest(round.preview.statement, "before") ?? "");
  return { path: args.value.path, ...decodeText(bytes ?? new Uint8Array()), after: args.value.content };
}

/** Every character as it stands, a byte order mark too: it is part of what changes. */
function decodeText(bytes: Uint8Array): { before: string; isText: boolean } {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { before: decoder.decode(bytes), isText: true };
  } catch {
    return {
      before: new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(bytes),
      isText: false,
    };
  }
}

function linksOf(run: string): Record<string, string> {
  const api = `/api/runs/${run}`;
  return {
    self: api,
    page: `/runs/${run}`,
    receipts: `${api}/receipts`,
    bundle: `${api}/bundle`,
    gate: `${api}/gate`,
    approve: `${api}/approve`,
    reject: `${api}/reject`,
    "request-changes": `${api}/request-changes`,
    trust: "/.well-known/countersign.json",
  };
}
