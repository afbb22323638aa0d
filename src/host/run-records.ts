// What a run answers about its receipts and what stands beside them. Plain data: it crosses Durable Object RPC.
import type { RunStatus } from "../chain/index.ts";
import type { Digest, Envelope, Kind, Role, StatementOf } from "../receipt/index.ts";

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

/** Something that happened outside the run and is of use beside it. Nobody signs it, and nothing follows from it. */
export interface Note {
  /**
   * `continued`: the run that `by` names says that it continues this one. `alert_repeated`: a notification, which `by` names by its
   * source and digest, was taken for a repeat of the run's alert.
   */
  readonly kind: "alert_resolved" | "alert_repeated" | "continued";
  readonly at: string;
  readonly by: string;
}
