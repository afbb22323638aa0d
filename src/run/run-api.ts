// What the HTTP edge and a run say to each other: requests in, results out, every refusal with a stable code.
// Results cross Durable Object RPC as plain data; nothing is thrown at a caller for what the caller sent.
import type { ChainCode, RunStatus } from "../chain/index.ts";
import type { Actor, Digest, Envelope, Kind, Refusal, Role, StatementOf } from "../receipt/index.ts";
import type { KeysCode } from "./signing-keys.ts";

/** Why a run refuses a request. Chain codes come through when the fold refuses what was asked. */
export type RunCode =
  | ChainCode
  | KeysCode
  | "ERR_RUN_UNKNOWN"
  | "ERR_RUN_GONE"
  | "ERR_CHAIN_CORRUPT"
  | "ERR_IDEMPOTENCY_KEY_REUSED"
  | "ERR_DECISION_STALE"
  | "ERR_EDIT_TOO_LATE"
  | "ERR_LIVE_LIMIT";

export type RunResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal<RunCode> };

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
