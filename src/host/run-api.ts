// What the HTTP edge, a run and the list of runs say to each other: requests in, results out, every refusal with a stable code.
// Results cross Durable Object RPC as plain data; nothing is thrown at a caller for what the caller sent.
import type { Bundle, ChainCode, ParentCode } from "../chain/index.ts";
import type { Json } from "../domain/index.ts";
import type { DecideCode, DecisionRequest } from "../engine/index.ts";
import type { Actor, Digest, Refusal } from "../receipt/index.ts";
import type { Firing, FiringEnd } from "./firings.ts";
import type { RunEntry } from "./run-entry.ts";
import type { Desk, ListedRun, Listing } from "./run-list.ts";
import type { LineageView, Note, ReceiptList } from "./run-records.ts";
import type { RunStory } from "./run-story.ts";
import type { Gate, RunView } from "./run-view.ts";

export type * from "./run-records.ts";

/** Why a deployment has no usable keys. */
export type KeysCode =
  | "ERR_KEY_MISSING"
  | "ERR_KEY_MALFORMED"
  | "ERR_KEYS_EQUAL"
  | "ERR_RETIRED_KEYS"
  | "ERR_REVIEWERS"
  | "ERR_FORMER_ISSUERS"
  | "ERR_ISSUER_MISSING"
  | "ERR_LOG_CONFIG";

/** Why a run refuses a request. Chain codes come through when the fold refuses what was asked. */
export type RunCode =
  | ChainCode
  | ParentCode
  | KeysCode
  | DecideCode
  | "ERR_RUN_UNKNOWN"
  | "ERR_RUN_GONE"
  | "ERR_RUN_VERSION"
  | "ERR_CHAIN_CORRUPT"
  | "ERR_ISSUER_UNLISTED"
  | "ERR_BINDING_MISSING"
  | "ERR_POLICY_CONFIG"
  | "ERR_PLANNER_CONFIG"
  | "ERR_IDEMPOTENCY_KEY_REUSED"
  | "ERR_EDIT_TOO_LATE"
  | "ERR_LIVE_LIMIT"
  | "ERR_PARENT_UNKNOWN"
  | "ERR_PARENT_UNFINISHED"
  | "ERR_PARENT_TOO_LARGE"
  | "ERR_PARENT_DOMAIN"
  | "ERR_NOT_REVERTIBLE"
  | "ERR_RESOURCE"
  | "ERR_TRUSTED_ISSUERS";

/** What a verifier found wrong: in which run, at which receipt (null where it is the bundle's), and which code. */
export interface Finding {
  readonly run: string;
  readonly seq: number | null;
  readonly code: string;
  readonly message: string;
}

/** A refusal, with the verifier's findings where a chain did not verify. */
export type RunRefusal = Refusal<RunCode> & { readonly findings?: readonly Finding[] };

export type RunResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: RunRefusal };

/** How long to wait for the run to need a human or end before answering, in milliseconds; 0 answers at once. */
export interface Waits {
  readonly waitMs: number;
}

/** What a client asks who starts a run. `asked` is the digest of what it sent. */
export interface StartRequest {
  /** Plain JSON with `source`, `title` and `firedAt`; of a run that continues another, what the client said of them. */
  readonly alert: Readonly<Record<string, unknown>>;
  /** The exact bytes that a monitoring system sent, in base64. */
  readonly received?: string;
  readonly startedBy: Actor;
  readonly createdAt: string;
  readonly asked: Digest;
}

/** The finished run that another goes on from: one of this deployment by its name, or any by the JSON text of its bundle. */
export type ParentRequest = { readonly run: string } | { readonly bundle: string };

/** The bytes that a reviewer signs for a decision, as JSON to read and in base64 to sign. */
export interface IntentView {
  readonly intent: object;
  readonly bytes: string;
}

/** A run, as the edge asks it. */
export interface RunApi {
  start(run: string, request: StartRequest, waits: Waits): Promise<RunResult<RunView>>;
  continueFrom(
    run: string,
    request: StartRequest,
    parent: ParentRequest,
    waits: Waits,
  ): Promise<RunResult<RunView>>;
  /** Starts a run that undoes an execution of a finished one. */
  revert(
    run: string,
    request: StartRequest,
    parent: string,
    execution: Digest,
    waits: Waits,
  ): Promise<RunResult<RunView>>;
  decide(request: DecisionRequest, waits: Waits): Promise<RunResult<RunView>>;
  /** What a reviewer would sign for a decision. */
  intent(request: Omit<DecisionRequest, "proposal" | "assertion">): Promise<RunResult<IntentView>>;
  view(): Promise<RunResult<RunView>>;
  /** All that the run's page tells, in one answer. */
  story(): Promise<RunResult<RunStory>>;
  receipts(): Promise<RunResult<ReceiptList>>;
  bundle(): Promise<RunResult<Bundle>>;
  lineage(): Promise<RunResult<LineageView>>;
  artifact(sha256: string): Promise<RunResult<Uint8Array>>;
  gate(): Promise<RunResult<Gate>>;
  /** Somebody else's change of one of the run's own resources. */
  putResource(name: string, content: Json): Promise<RunResult<null>>;
  /** The handshake of a socket on which the run tells its head and status. */
  fetch(request: Request): Promise<Response>;
  note(note: Note): Promise<RunResult<null>>;
  lastNote(kind: Note["kind"]): Promise<RunResult<Note | null>>;
}

/** A run that cannot be opened. `createdAt` and `title` are null where its storage does not tell them either. */
export interface UnopenableRun {
  readonly run: string;
  readonly code: string;
  readonly createdAt: string | null;
  readonly title: string | null;
}

/** The list of runs, as runs report to it and the edge reads it. */
export interface IndexApi {
  report(entry: RunEntry, issuer: string): Promise<void>;
  /** Enters that a run cannot be opened: it waits for nobody. */
  cannotOpen(run: UnopenableRun): Promise<void>;
  forget(run: string): Promise<void>;
  enterFiring(firing: Firing): Promise<void>;
  endFiring(end: FiringEnd): Promise<Pick<Firing, "key" | "run"> | null>;
  list(listing: Listing): Promise<ListedRun[]>;
  desk(limits: { waiting: number; others: number }): Promise<Desk>;
  issuers(): Promise<string[]>;
}
