// What a reviewer signs with their own key: the decision, over the whole chain up to it (§6.3).
// The page and the terminal build it themselves, from a chain that they verified; nobody has to take a server's bytes for it.

import { canonicalBytes, type Digest, type ReceiptOf, subjectDigest } from "../receipt/index.ts";
import { digestFromHex } from "./artifacts.ts";
import type { ChainState } from "./chain-state.ts";

/** A decision as its reviewer means it. `edit` is the digest of the action that they want instead, or null. */
export interface IntendedDecision {
  readonly decision: "approve" | "reject" | "request_changes";
  readonly reason: string;
  readonly reviewer: string;
  readonly role: string;
  readonly edit: Digest | null;
}

/** The intent of a decision. `preview` commits to every receipt before it. */
export interface Intent extends IntendedDecision {
  readonly type: "countersign.decision";
  readonly version: 2;
  readonly issuer: string;
  readonly run: string;
  readonly proposal: Digest;
  readonly preview: Digest;
  readonly action: Digest;
}

/** The intent of a decision on the open round, or null when no decision is due. Sign its {@link canonicalBytes}. */
export function intentOf(state: ChainState, decision: IntendedDecision): Intent | null {
  const { alert, round, run } = state;
  if (!alert || !round?.preview || round.execution || run === null) return null;
  const { reviewer, role, reason, edit } = decision;
  return {
    type: "countersign.decision",
    version: 2,
    issuer: alert.statement.predicate.issuer,
    run,
    proposal: round.proposal.digest,
    preview: round.preview.digest,
    action: digestFromHex(subjectDigest(round.proposal.statement, "action") ?? ""),
    edit,
    decision: decision.decision,
    reason,
    reviewer,
    role,
  };
}

/** The bytes of the intent that a decision receipt must have, read from the receipt and its chain's issuer. */
export function intentBytes(issuer: string, { statement }: ReceiptOf<"decision">): Uint8Array {
  const { run, proposal, preview, edit, decision, reason, reviewer, role } = statement.predicate;
  const action = digestFromHex(subjectDigest(statement, "action") ?? "");
  const intent: Intent = {
    type: "countersign.decision",
    version: 2,
    issuer,
    run,
    proposal,
    preview,
    action,
    edit,
    decision,
    reason,
    reviewer: reviewer.id,
    role,
  };
  return canonicalBytes(intent);
}
