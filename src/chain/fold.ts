// The one fold: state and receipt in, next state or a typed refusal out. No clock, no I/O, no keys.
// Signatures are checked before (open-receipt.ts); here it is decided whether the receipt may stand where it stands.
import type { Digest, Kind, Receipt } from "../receipt/index.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";
import { type Artifacts, digestFromHex } from "./artifacts.ts";
import type { ChainCode } from "./chain-code.ts";
import { type ChainState, someEnded } from "./chain-state.ts";
import { readPolicy } from "./policy.ts";
import { applyDecision, applyExecution, applyPreview, applyProposal } from "./round-rules.ts";
import { applyHandoff, applyOutcome } from "./sum-rules.ts";

/** What may follow what. An execution straight after a preview is the expiry of an unanswered proposal. */
const FOLLOWERS: Readonly<Record<Kind | "nothing", readonly Kind[]>> = {
  nothing: ["alert"],
  alert: ["evidence"],
  evidence: ["proposal", "outcome"],
  proposal: ["preview"],
  preview: ["decision", "execution"],
  decision: ["execution"],
  execution: ["proposal", "outcome"],
  outcome: ["handoff"],
  handoff: [],
};

/**
 * Applies one receipt to the state of its chain.
 *
 * Success guarantees that the receipt is a lawful next step: linked, in order, in time, under the same policy, about the
 * open proposal, preview and action, with every artifact it names at hand. It does not check signatures.
 *
 * @param artifacts looks up artifact bytes whose hash has been checked.
 * @returns the next state, or a refusal; the given state is never changed.
 * @example
 * import { readFileSync } from "node:fs";
 * import { apply, decodeArtifacts, EMPTY, nextStep, openReceipt, readBundle, readTrustPolicy } from "countersign/chain";
 *
 * const bundle = readBundle(JSON.parse(readFileSync("bundle.json", "utf8")));
 * const trust = readTrustPolicy(JSON.parse(readFileSync("trust.json", "utf8")));
 * if (!bundle.ok || !trust.ok) throw new Error("expected a bundle and a trust policy");
 * const { sound } = decodeArtifacts(bundle.value.artifacts);
 * let state = EMPTY;
 * for (const envelope of bundle.value.receipts) {
 *   const receipt = await openReceipt(envelope, trust.value); // who signed it
 *   const next = receipt.ok ? apply(state, receipt.value, (sha256) => sound.get(sha256)) : receipt; // may it stand here
 *   if (!next.ok) throw new Error(`${next.refusal.code}: ${next.refusal.message}`);
 *   state = next.value;
 * }
 * nextStep(state); // what is due now, and who signs it; null at the end
 */
export function apply(
  state: ChainState,
  receipt: Receipt,
  artifacts: Artifacts,
): Result<ChainState, ChainCode> {
  const refusal =
    checkLink(state, receipt) ?? checkOrder(state, receipt) ?? checkArtifacts(receipt, artifacts);
  if (refusal) return refusal;
  const next = applyKind(state, receipt, artifacts);
  if (!next.ok) return next;
  const { run, issuedAt } = receipt.statement.predicate;
  return accept({
    ...next.value,
    run,
    issuedAt,
    count: state.count + 1,
    head: receipt.digest,
    last: receipt.kind,
  });
}

function applyKind(state: ChainState, receipt: Receipt, artifacts: Artifacts): Result<ChainState, ChainCode> {
  switch (receipt.kind) {
    case "alert":
      return applyAlert(state, receipt, artifacts);
    case "evidence":
      return accept(state);
    case "proposal":
      return applyProposal(state, receipt, artifacts);
    case "preview":
      return applyPreview(state, receipt);
    case "decision":
      return applyDecision(state, receipt);
    case "execution":
      return applyExecution(state, receipt);
    case "outcome":
      return applyOutcome(state, receipt);
    case "handoff":
      return applyHandoff(state, receipt, artifacts);
  }
}

function checkLink(state: ChainState, receipt: Receipt) {
  const { run, seq, prev, policy, issuedAt } = receipt.statement.predicate;
  if (state.run !== null && run !== state.run)
    return refuse("ERR_RUN", `expected run ${state.run}, got ${run}`);
  if (seq !== state.count) return refuse("ERR_SEQ", `expected seq ${state.count}, got ${seq}`);
  if (prev !== state.head) return refuse("ERR_PREV", `expected prev ${state.head}, got ${prev}`);
  const known = policyDigest(state);
  if (known !== null && policy !== known) {
    return refuse("ERR_POLICY_CHANGED", `expected the run's policy ${known}, got ${policy}`);
  }
  if (state.issuedAt !== null && issuedAt < state.issuedAt) {
    return refuse("ERR_TIME_BACKWARDS", `expected a time not before ${state.issuedAt}, got ${issuedAt}`);
  }
  return undefined;
}

function checkOrder(state: ChainState, receipt: Receipt) {
  if (state.last === "handoff")
    return refuse("ERR_AFTER_HANDOFF", `expected nothing after the handoff, got ${receipt.kind}`);
  if (receipt.kind === "execution") {
    const { decision } = receipt.statement.predicate;
    if (decision !== null && isConsumed(state, decision)) {
      return refuse("ERR_DECISION_CONSUMED", `the decision ${decision} has been executed already`);
    }
  }
  const allowed = FOLLOWERS[state.last ?? "nothing"];
  if (allowed.includes(receipt.kind)) return undefined;
  return refuse(
    "ERR_KIND_ORDER",
    `expected ${allowed.join(" or ")} after ${state.last ?? "nothing"}, got ${receipt.kind}`,
  );
}

/** The open round's own decision cannot have been executed, which spares a lawful chain the search. */
function isConsumed(state: ChainState, digest: Digest): boolean {
  const open = state.round?.execution ? null : state.round?.decision?.digest;
  return digest !== open && someEnded(state, ({ decision }) => decision === digest);
}

function checkArtifacts(receipt: Receipt, artifacts: Artifacts) {
  for (const { name, digest } of receipt.statement.subject) {
    if (!artifacts(digest.sha256)) {
      return refuse(
        "ERR_ARTIFACT_MISSING",
        `the artifact of subject ${name} (${digest.sha256}) is missing or altered`,
      );
    }
  }
  return undefined;
}

function applyAlert(
  state: ChainState,
  receipt: Extract<Receipt, { kind: "alert" }>,
  artifacts: Artifacts,
): Result<ChainState, ChainCode> {
  const [, policySubject] = receipt.statement.subject;
  const bytes = policySubject && artifacts(policySubject.digest.sha256);
  if (!policySubject || !bytes) return refuse("ERR_ARTIFACT_MISSING", "the policy's artifact is missing");
  const named = digestFromHex(policySubject.digest.sha256);
  if (receipt.statement.predicate.policy !== named) {
    return refuse(
      "ERR_POLICY_CHANGED",
      `expected policy ${named}, got ${receipt.statement.predicate.policy}`,
    );
  }
  const policy = readPolicy(bytes);
  if (!policy.ok) return policy;
  return accept({ ...state, alert: receipt, policy: policy.value });
}

/** The digest of the policy that the alert bound, or null before it. */
export function policyDigest(state: ChainState): Digest | null {
  return state.alert?.statement.predicate.policy ?? null;
}
