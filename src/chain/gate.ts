// What a runtime that is about to resume may do, from the fold and the fence. Fails closed.
import type { Digest, Kind } from "../receipt/index.ts";
import type { ChainState } from "./chain-state.ts";
import { nextStep } from "./next-step.ts";

/** The gate's answer. `allowsWrite` is positive evidence: an approval at the head that nothing has consumed yet. */
export interface Gate {
  readonly run: string;
  readonly head: Digest | null;
  readonly verified: boolean;
  readonly due: Kind | null;
  readonly allowsWrite: boolean;
  readonly decision: {
    readonly digest: Digest;
    readonly decision: "approve" | "reject" | "request_changes";
  } | null;
}

/**
 * The decision that approves the open action and stands at the head of the chain, if there is one.
 * Before you act on it, compare its subject `action` with the digest of the call that you really received.
 * @example
 * import { readFileSync } from "node:fs";
 * import { approvalAtHead, decodeArtifacts, readTrustPolicy, replay } from "countersign/chain";
 * import { canonicalBytes, sha256Hex, subjectDigest } from "countersign/receipt";
 *
 * // In your connector, before the write: the chain as it is stored, and the call as it came.
 * const call = { connector: "flags", method: "set", args: { flag: "new_pricing", on: false } };
 * const { receipts, artifacts } = JSON.parse(readFileSync("bundle.json", "utf8")); // or the rows of your database
 * const trust = readTrustPolicy(JSON.parse(readFileSync("trust.json", "utf8")));
 * if (!trust.ok) throw new Error(trust.refusal.message);
 * const { sound } = decodeArtifacts(artifacts);
 * const { state, refusal } = await replay(receipts, trust.value, (sha256) => sound.get(sha256));
 * const approval = refusal ? null : approvalAtHead(state);
 * const mayRun =
 *   approval !== null && subjectDigest(approval.statement, "action") === sha256Hex(canonicalBytes(call));
 * if (mayRun) {
 *   // One transaction: look that no row for approval.digest is there, insert one, and make the write.
 * }
 */
export function approvalAtHead(state: ChainState) {
  const decision = state.round?.decision;
  if (!decision || state.head !== decision.digest) return null;
  return decision.statement.predicate.decision === "approve" ? decision : null;
}

/**
 * Projects a verified state to a gate.
 * @param isFenced whether the fence already holds a row for a decision, so that it can allow nothing more.
 */
export function gateOf(run: string, state: ChainState, isFenced: (decision: Digest) => boolean): Gate {
  const approval = approvalAtHead(state);
  const decision = state.round?.decision ?? null;
  return {
    run,
    head: state.head,
    verified: true,
    due: nextStep(state)?.kind ?? null,
    allowsWrite: approval !== null && !isFenced(approval.digest),
    decision: decision && { digest: decision.digest, decision: decision.statement.predicate.decision },
  };
}

/** The gate of a chain that does not verify: nothing is allowed and nothing is said of it. */
export function closedGate(run: string): Gate {
  return { run, head: null, verified: false, due: null, allowsWrite: false, decision: null };
}
