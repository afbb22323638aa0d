// The one fold: state and verified receipt in, next state or a typed refusal out. No clock, no I/O, no keys, no trust policy.
// Signatures are checked before (open-receipt.ts); here it is decided whether the receipt may stand where it stands.

import { accept, type Digest, type Kind, type Refusal, refuse } from "../receipt/index.ts";
import { type Artifacts, digestFromHex } from "./artifacts.ts";
import type { ChainCode } from "./chain-code.ts";
import { type ChainState, isSentBack, type Next } from "./chain-state.ts";
import { applyDecision } from "./decision-rules.ts";
import { applyHandoff, applyOutcome } from "./end-rules.ts";
import { applyExecution } from "./execution-rules.ts";
import { isFree, readPolicy } from "./policy.ts";
import { applyPreview, applyProposal } from "./proposal-rules.ts";
import type { VerifiedOf, VerifiedReceipt } from "./verified-receipt.ts";

/** What may follow what (§8.2). An execution straight after a preview is the expiry of an unanswered proposal. */
const FOLLOWERS: Readonly<Record<Kind | "nothing", readonly Kind[]>> = {
  nothing: ["alert"],
  alert: ["evidence"],
  evidence: ["evidence", "proposal", "outcome"],
  proposal: ["preview"],
  preview: ["decision", "execution"],
  decision: ["decision", "execution"],
  execution: ["evidence", "proposal", "outcome"],
  outcome: ["handoff"],
  handoff: [],
};

/**
 * Applies one receipt to the state of its chain.
 *
 * Success guarantees that the receipt is a lawful next step: linked, in order, in time, under the same policy, about the
 * open proposal, preview and action, with every artifact it names at hand. It checks no signature: `openReceipt` did.
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
 * const artifacts = (sha256: string) => sound.get(sha256);
 * let state = EMPTY;
 * for (const envelope of bundle.value.receipts) {
 *   const receipt = await openReceipt(envelope, trust.value, artifacts); // who signed it
 *   const next = receipt.ok ? apply(state, receipt.value, artifacts) : receipt; // may it stand here
 *   if (!next.ok) throw new Error(`${next.refusal.code}: ${next.refusal.message}`);
 *   state = next.value;
 * }
 * nextStep(state); // what is due now, and who signs it; null at the end
 */
export function apply(state: ChainState, receipt: VerifiedReceipt, artifacts: Artifacts): Next {
  const refusal =
    linkFault(state, receipt) ?? orderFault(state, receipt) ?? artifactFault(receipt, artifacts);
  if (refusal) return { ok: false, refusal };
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

function applyKind(state: ChainState, receipt: VerifiedReceipt, artifacts: Artifacts): Next {
  switch (receipt.kind) {
    case "alert":
      return applyAlert(state, receipt, artifacts);
    case "evidence":
      return applyEvidence(state, receipt);
    case "proposal":
      return applyProposal(state, receipt, artifacts);
    case "preview":
      return applyPreview(state, receipt);
    case "decision":
      return applyDecision(state, receipt, artifacts);
    case "execution":
      return applyExecution(state, receipt);
    case "outcome":
      return applyOutcome(state, receipt);
    case "handoff":
      return applyHandoff(state, receipt, artifacts);
  }
}

function linkFault(state: ChainState, receipt: VerifiedReceipt): Refusal<ChainCode> | null {
  const { run, seq, prev, policy, issuedAt } = receipt.statement.predicate;
  if (state.run !== null && run !== state.run)
    return refuse("ERR_RUN", `expected run ${state.run}, got ${run}`).refusal;
  if (seq !== state.count) return refuse("ERR_SEQ", `expected seq ${state.count}, got ${seq}`).refusal;
  if (prev !== state.head) return refuse("ERR_PREV", `expected prev ${state.head}, got ${prev}`).refusal;
  const known = policyDigest(state);
  if (known !== null && policy !== known) {
    return refuse("ERR_POLICY_CHANGED", `expected the run's policy ${known}, got ${policy}`).refusal;
  }
  if (state.issuedAt !== null && issuedAt < state.issuedAt) {
    return refuse("ERR_TIME_BACKWARDS", `expected a time not before ${state.issuedAt}, got ${issuedAt}`)
      .refusal;
  }
  return null;
}

function orderFault(state: ChainState, { kind }: VerifiedReceipt): Refusal<ChainCode> | null {
  if (state.last === "handoff") {
    return refuse("ERR_AFTER_HANDOFF", `expected nothing after the handoff, got ${kind}`).refusal;
  }
  const allowed = FOLLOWERS[state.last ?? "nothing"];
  if (!allowed.includes(kind)) {
    const message = `expected ${allowed.join(" or ")} after ${state.last ?? "nothing"}, got ${kind}`;
    return refuse("ERR_KIND_ORDER", message).refusal;
  }
  if (kind === "decision" && state.round?.settledBy) {
    return refuse("ERR_KIND_ORDER", "expected an execution: the round has settled").refusal;
  }
  if (kind === "evidence" && state.last === "execution" && !isSentBack(state.round)) {
    return refuse("ERR_KIND_ORDER", "expected no evidence: nobody asked for changes").refusal;
  }
  return null;
}

function artifactFault(receipt: VerifiedReceipt, artifacts: Artifacts): Refusal<ChainCode> | null {
  for (const { name, digest } of receipt.statement.subject) {
    if (artifacts(digest.sha256)) continue;
    const message = `the artifact of subject ${name} (${digest.sha256}) is missing or altered`;
    return refuse("ERR_ARTIFACT_MISSING", message).refusal;
  }
  return null;
}

function applyAlert(state: ChainState, receipt: VerifiedOf<"alert">, artifacts: Artifacts): Next {
  const [, subject] = receipt.statement.subject;
  const bytes = subject && artifacts(subject.digest.sha256);
  if (!subject || !bytes) return refuse("ERR_ARTIFACT_MISSING", "the policy's artifact is missing");
  const named = digestFromHex(subject.digest.sha256);
  if (receipt.statement.predicate.policy !== named) {
    const message = `expected policy ${named}, got ${receipt.statement.predicate.policy}`;
    return refuse("ERR_POLICY_CHANGED", message);
  }
  const policy = readPolicy(bytes);
  if (!policy.ok) return policy;
  if (!receipt.found.pinned)
    return refuse("ERR_POLICY", `the trust policy does not let the policy ${named} count`);
  return accept({ ...state, alert: receipt, policy: policy.value });
}

function applyEvidence(state: ChainState, receipt: VerifiedOf<"evidence">): Next {
  const { policy } = state;
  if (!policy) return refuse("ERR_POLICY", "expected an alert with a policy before evidence");
  const { items, transcript } = receipt.statement.predicate;
  const gated = items.find((item) => !isFree(policy, item));
  if (gated) {
    return refuse(
      "ERR_NOT_FREE",
      `${gated.connector}.${gated.method} is not a call that the policy lets run freely`,
    );
  }
  const [subject] = transcript === null ? [] : receipt.statement.subject.slice(-1);
  if (subject && digestFromHex(subject.digest.sha256) !== transcript) {
    return refuse("ERR_SUBJECTS", `expected the subject transcript to be ${transcript}`);
  }
  return accept({ ...state, evidence: receipt });
}

/** The digest of the policy that the alert bound, or null before it. */
export function policyDigest(state: ChainState): Digest | null {
  return state.alert?.statement.predicate.policy ?? null;
}
