// Anchors (§13): the proof that a log has a receipt, and that witnesses saw it there. They stand outside the chain; the trust policy says
// which log and witnesses count.
import { checkTlogProof, type Logged, type LogLeaf, type LogPolicy, leafBytes } from "../log/index.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";
import type { Anchor } from "./bundle.ts";
import { type ChainState, roundsBackward } from "./chain-state.ts";
import type { Trust } from "./trust-policy.ts";
import type { VerifiedReceipt } from "./verified-receipt.ts";

/**
 * What the log says of a receipt: its entry. Null for a receipt that is not logged: all but settling decisions and handoffs.
 * @param state the state of the chain that the receipt was placed in.
 */
export function leafOf(state: ChainState, { kind, digest, statement }: VerifiedReceipt): LogLeaf | null {
  const issuer = state.alert?.statement.predicate.issuer;
  const { run, seq } = statement.predicate;
  if (issuer === undefined) return null;
  if (kind === "handoff") return { issuer, run, seq, kind, reviewer: null, receipt: digest };
  const settling = [...roundsBackward(state)].find(
    ({ settledBy }) => settledBy?.digest === digest,
  )?.settledBy;
  if (!settling) return null;
  const reviewer = settling.statement.predicate.reviewer.id;
  return { issuer, run, seq, kind: "decision", reviewer, receipt: digest };
}

/** Checks one proof under the log policy of a trust policy. Success says which log has the receipt, and who saw it when. */
export async function checkAnchor(
  log: LogPolicy,
  leaf: LogLeaf,
  proof: string,
): Promise<Result<Logged, "ERR_ANCHOR">> {
  const checked = await checkTlogProof(log, leafBytes(leaf), proof);
  return checked.ok ? checked : refuse("ERR_ANCHOR", `receipt ${leaf.seq}: ${checked.refusal.message}`);
}

/** A receipt that a log has, as a verifier found it. */
export interface AnchoredReceipt extends Logged {
  readonly seq: number;
}

/**
 * Checks a bundle's anchors against its chain, of which every receipt was placed.
 * @returns each that holds; or the first fault: a proof that fails, or a round that took effect without one where the policy asks for it.
 */
export async function checkAnchors(
  anchors: readonly Anchor[],
  state: ChainState,
  receipts: readonly VerifiedReceipt[],
  { log }: Trust,
): Promise<Result<readonly AnchoredReceipt[], "ERR_ANCHOR">> {
  if (!log) return accept([]);
  const anchored: AnchoredReceipt[] = [];
  for (const { seq, proof } of anchors) {
    const receipt = receipts[seq];
    const leaf = receipt ? leafOf(state, receipt) : null;
    if (!leaf) return refuse("ERR_ANCHOR", `receipt ${seq} is no settling decision and no handoff`);
    if (anchored.some((known) => known.seq === seq))
      return refuse("ERR_ANCHOR", `receipt ${seq} has two proofs`);
    const checked = await checkAnchor(log, leaf, proof);
    if (!checked.ok) return checked;
    anchored.push({ seq, ...checked.value });
  }
  if (state.policy?.logged !== "decisions") return accept(anchored);
  const known = new Set(anchored.map(({ seq }) => seq));
  const bare = [...roundsBackward(state)].reverse().find(({ execution, settledBy }) => {
    const status = execution?.statement.predicate.status;
    const tookEffect = status === "executed" || status === "unknown";
    return tookEffect && settledBy && !known.has(settledBy.statement.predicate.seq);
  });
  if (!bare) return accept(anchored);
  return refuse(
    "ERR_ANCHOR",
    `the log is not shown to have receipt ${bare.settledBy?.statement.predicate.seq}, on which a call was made`,
  );
}
