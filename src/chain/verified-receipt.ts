// A receipt whose signature holds, together with all that only a trust policy can tell of it. The fold takes nothing else, and so
// needs no trust policy.
import type { Kind, Receipt, ReceiptOf } from "../receipt/index.ts";
import type { CheckedAssertion } from "./assertion.ts";
import { isWithin, rolesOf, type Trust } from "./trust-policy.ts";

const VERIFIED: unique symbol = Symbol("verified");

/** What the trust policy says of a receipt. */
export interface Found {
  /** Of an alert: whether the trust policy lets its policy count. */
  readonly pinned: boolean;
  /** Of a decision: the roles that its reviewer holds. */
  readonly roles: readonly string[];
  /** Of a decision with an assertion. */
  readonly assertion: FoundAssertion | null;
}

/** A checked assertion, and what the trust policy says of its key. */
export interface FoundAssertion extends CheckedAssertion {
  /** True when the trust policy lists the key with this reviewer. */
  readonly listed: boolean;
  /** Why the key may not decide for this reviewer, as a sentence; null when it may. */
  readonly refused: string | null;
}

/** A receipt that was verified under a trust policy, or signed here with a key of it. */
export type VerifiedReceipt = Receipt & { readonly found: Found; readonly [VERIFIED]: true };

/** A verified receipt of one kind. */
export type VerifiedOf<K extends Kind> = Extract<VerifiedReceipt, { kind: K }>;

/**
 * Adds what the trust policy says to a receipt whose signature the caller checked or made.
 * @param checked of a decision with an assertion: what `checkAssertion` gave for it, else null.
 */
export function markVerified(
  receipt: Receipt,
  trust: Trust,
  checked: CheckedAssertion | null,
): VerifiedReceipt {
  return { ...receipt, found: find(receipt, trust, checked), [VERIFIED]: true };
}

function find(receipt: Receipt, trust: Trust, checked: CheckedAssertion | null): Found {
  const nothing: Found = { pinned: true, roles: [], assertion: null };
  if (receipt.kind === "alert") {
    const { policy } = receipt.statement.predicate;
    return { ...nothing, pinned: trust.policies === null || trust.policies.has(policy) };
  }
  if (receipt.kind !== "decision") return nothing;
  const { reviewer, issuedAt } = receipt.statement.predicate;
  const roles = rolesOf(trust, reviewer.id, issuedAt);
  return { ...nothing, roles, assertion: checked && judgeKey(receipt, trust, checked) };
}

function judgeKey(
  { statement }: ReceiptOf<"decision">,
  trust: Trust,
  checked: CheckedAssertion,
): FoundAssertion {
  const { reviewer, issuedAt } = statement.predicate;
  const key = trust.listed.get(checked.key);
  const said = (refused: string | null) => ({ ...checked, listed: key?.reviewer === reviewer.id, refused });
  if (key === undefined) {
    return said(
      trust.reviewers.has(reviewer.id) ? `the trust policy does not list this key of ${reviewer.id}` : null,
    );
  }
  if (key === null) return said("the trust policy lists this key for signing receipts");
  if (key.reviewer !== reviewer.id) return said("the trust policy lists this key with another reviewer");
  if (key.form !== checked.form) return said("the trust policy lists this key in another form");
  if (key.revokedAt !== null) return said(`this key was revoked at ${key.revokedAt}`);
  return said(isWithin(key, issuedAt) ? null : "the decision lies outside this key's window");
}
