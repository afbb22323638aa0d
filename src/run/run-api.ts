// What the HTTP edge and a run say to each other: requests in, results out, every refusal with a stable code.
// Results cross Durable Object RPC as plain data; nothing is thrown at a caller for what the caller sent.
import type { ChainCode, ParentCode, RunStatus } from "../chain/index.ts";
import type { Actor, Digest, Envelope, Kind, Refusal, Role, StatementOf } from "../receipt/index.ts";
import type { KeysCode } from "./signing-keys.ts";

/** Why a run refuses a request. Chain codes come through when the fold refuses what was asked. */
export type RunCode =
  | ChainCode
  | ParentCode
  | KeysCode
  | "ERR_RUN_UNKNOWN"
  | "ERR_RUN_GONE"
  | "ERR_CHAIN_CORRUPT"
  | "ERR_ISSUER_UNLISTED"
  | "ERR_BINDING_MISSING"
  | "ERR_IDEMPOTENCY_KEY_REUSED"
  | "ERR_DECISION_STALE"
  | "ERR_EDIT_TOO_LATE"
  | "ERR_LIVE_LIMIT"
  | "ERR_PARENT_UNKNOWN"
  | "ERR_PARENT_UNFINISHED"
  | "ERR_PARENT_TOO_LARGE"
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

/** A reviewer's decision. `proposal` is the digest that the reviewer saw. */
export interface DecisionRequest {
  readonly decision: "approve" | "reject" | "request_changes";
  readonly proposal: Digest;
  readonly reason: string;
  readonly reviewer: Actor;
}

/** How long to wait for the run to need a human or end before answering, in milliseconds; 0 answers at once. */
export interface Patience {
  readonly waitMs: number;
}

/** One receipt as the API lists it: the envelope as signed, and its statement as JSON to read. */
export interface ListedReceipt {
  readonly seq: number;
  readonly kind: Kind;
  readonly role: Role;
  readonly digest: Digest;
  readonly envelope: Envelope;
  readonly statement: StatementOf<Kind>;
}

/** `GET /api/runs/:run/receipts`. */
export interface ReceiptList {
  readonly run: string;
  readonly status: RunStatus;
  readonly head: Digest | null;
  readonly receipts: readonly ListedReceipt[];
}

/** A run before another, as the other's chain binds it. */
export interface AncestorView {
  readonly run: string;
  readonly issuer: string;
  readonly handoff: Digest;
}

/**
 * `GET /api/runs/:run/lineage`. `ancestors`, nearest first, are bound by the run's first receipt. `continuedBy` are notes that
 * other runs of this deployment left here: a sealed chain cannot name them, so they are unsigned, and each of those runs'
 * own chains says whether it is so.
 */
export interface LineageView {
  readonly run: string;
  readonly ancestors: readonly AncestorView[];
  readonly continuedBy: readonly { readonly run: string; readonly notedAt: string }[];
}
