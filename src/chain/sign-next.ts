// The next receipt of a chain: framed from the state, signed, and folded, so that nothing unlawful is ever handed out.
// Keeps nothing and reads no clock: whoever calls this stores the receipt, best in the transaction it was called in.
import {
  accept,
  type Kind,
  type Predicate,
  type ReceiptOf,
  type Result,
  type Signer,
  type Subject,
  signReceipt,
  subjectDigest,
} from "../receipt/index.ts";
import { type Artifacts, digestFromHex } from "./artifacts.ts";
import type { ChainCode } from "./chain-code.ts";
import type { ChainState } from "./chain-state.ts";
import { apply, policyDigest } from "./fold.ts";

/** The fields that {@link signNext} fills in from the state of the chain. */
export type FrameField = "run" | "seq" | "prev" | "kid" | "issuedAt" | "policy";

/** A kind's own fields: what its signer has to say. docs/receipts.md §4 lists them. */
export type OwnFields<K extends Kind> = Omit<Predicate<K>, FrameField>;

/**
 * A receipt that is yet to be signed. `subject` is in the order of docs/receipts.md §4.
 * `now` is the signer's clock, an instant such as `2026-11-23T05:30:00.000Z`.
 */
export interface Draft<K extends Kind> {
  readonly run: string;
  readonly kind: K;
  readonly subject: readonly Subject[];
  readonly fields: OwnFields<K>;
  readonly now: string;
}

/**
 * Signs the next receipt of a chain.
 *
 * Fills in the frame (`seq`, `prev`, `policy`, …) from the state, signs, and applies the receipt. Success guarantees that
 * it may stand there and that the returned state has it as its head. It says nothing of the key: sign each kind with the
 * key of the role in `SIGNER_OF`, or a verifier refuses it.
 *
 * `issuedAt` is `now`, or the time of the receipt before where `now` lies before it: clocks may step back, a chain may not.
 *
 * @param artifacts must have the bytes of every subject already.
 * @returns the receipt and the state after it, or why it may not stand there; then there is no receipt, and nothing has changed.
 * @example
 * import { EMPTY, type Policy, signNext } from "countersign/chain";
 * import { canonicalBytes, createSigner, sha256Hex, subjectOf } from "countersign/receipt";
 *
 * const agent = createSigner(crypto.getRandomValues(new Uint8Array(32)));
 * const policy: Policy = {
 *   version: 1,
 *   rule: "A human approves every change of a flag.",
 *   connector: "flags",
 *   method: "set",
 *   decisionSeconds: 900,
 *   revisions: 3,
 *   separateReviewer: false,
 * };
 * const named = { alert: new TextEncoder().encode("Checkout answers 500."), policy: canonicalBytes(policy) };
 * const kept = new Map(Object.values(named).map((bytes) => [sha256Hex(bytes), bytes]));
 * const now = new Date().toISOString();
 * const signed = signNext(
 *   EMPTY,
 *   {
 *     run: "run-1",
 *     kind: "alert",
 *     subject: [subjectOf("alert", named.alert), subjectOf("policy", named.policy)],
 *     fields: {
 *       issuer: "https://agent.example",
 *       source: "monitor",
 *       title: "Checkout answers 500",
 *       firedAt: now,
 *       startedBy: { id: "monitor", method: "webhook" },
 *       continues: null,
 *     },
 *     now,
 *   },
 *   agent,
 *   (sha256) => kept.get(sha256),
 * );
 * if (!signed.ok) throw new Error(`${signed.refusal.code}: ${signed.refusal.message}`);
 * const { receipt, state } = signed.value; // store the receipt; the next one is signed on this state
 */
export function signNext<K extends Kind>(
  state: ChainState,
  { run, kind, subject, fields, now }: Draft<K>,
  signer: Signer,
  artifacts: Artifacts,
): Result<{ readonly receipt: ReceiptOf<K>; readonly state: ChainState }, ChainCode> {
  const frame: Pick<Predicate<Kind>, FrameField> = {
    run,
    seq: state.count,
    prev: state.head,
    kid: signer.kid,
    issuedAt: state.issuedAt !== null && state.issuedAt > now ? state.issuedAt : now,
    policy: policyDigest(state) ?? digestFromHex(subjectDigest({ subject }, "policy") ?? ""),
  };
  const signed = signReceipt(kind, subject, { ...frame, ...fields } as Predicate<K>, signer);
  if (!signed.ok) return signed;
  const next = apply(state, signed.value, artifacts);
  if (!next.ok) return next;
  // signReceipt made it of the kind it was given.
  return accept({ receipt: signed.value as ReceiptOf<K>, state: next.value });
}
