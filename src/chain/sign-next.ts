// The next receipt of a chain: framed from the state, signed, and folded, so that nothing unlawful is ever handed out.
// Keeps nothing and reads no clock: whoever calls this stores the receipt, best in the transaction it was called in.

import {
  accept,
  type Kind,
  type Predicate,
  type Result,
  type Signer,
  type Subject,
  signReceipt,
  subjectDigest,
} from "../receipt/index.ts";
import { type Artifacts, digestFromHex } from "./artifacts.ts";
import type { CheckedAssertion } from "./assertion.ts";
import type { ChainCode } from "./chain-code.ts";
import type { ChainState } from "./chain-state.ts";
import { apply, policyDigest } from "./fold.ts";
import type { Trust } from "./trust-policy.ts";
import { markVerified, type VerifiedOf } from "./verified-receipt.ts";

/** The fields that {@link signNext} fills in from the state of the chain. */
export type FrameField = "run" | "seq" | "prev" | "kid" | "issuedAt" | "policy";

/** A kind's own fields: what its signer has to say. §4 lists them. */
export type OwnFields<K extends Kind> = Omit<Predicate<K>, FrameField>;

/**
 * A receipt that is yet to be signed. `subject` is in the order of §4.
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
 * @param trust the trust policy under which the chain is to verify: it says which roles a reviewer holds.
 * @param checked of a decision with an assertion: what `checkAssertion` gave for it, before this transaction.
 * @returns the receipt and the state after it, or why it may not stand there; then there is no receipt, and nothing has changed.
 */
export function signNext<K extends Kind>(
  state: ChainState,
  { run, kind, subject, fields, now }: Draft<K>,
  signer: Signer,
  artifacts: Artifacts,
  trust: Trust,
  checked: CheckedAssertion | null = null,
): Result<{ readonly receipt: VerifiedOf<K>; readonly state: ChainState }, ChainCode> {
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
  const receipt = markVerified(signed.value, trust, checked);
  const next = apply(state, receipt, artifacts);
  if (!next.ok) return next;
  // signReceipt made it of the kind it was given.
  return accept({ receipt: receipt as VerifiedOf<K>, state: next.value });
}
