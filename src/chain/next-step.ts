// What may happen next, read off the fold. The engine, the API and the pages ask this and nothing else.
import { type Kind, type Role, SIGNER_OF } from "../receipt/index.ts";
import { type ChainState, goesOn, isSentBack } from "./chain-state.ts";
import type { VerifiedOf } from "./verified-receipt.ts";

/**
 * The next receipt and the role that signs it. A decision also says until when; without one by then, an execution may
 * withhold the call. Null when the chain has ended.
 */
export type Step =
  | { readonly kind: Exclude<Kind, "decision">; readonly by: Role }
  | { readonly kind: "decision"; readonly by: "human"; readonly expiresAt: string };

/**
 * The one thing that is due now.
 *
 * Where the grammar leaves a choice, the step is the one that carries the run on: a proposal is due after the evidence,
 * after a request for changes and after an execution with more to do. More evidence may stand there too, unless the script goes
 * on, and an outcome when there is nothing to propose.
 * @example
 * import { EMPTY, nextStep } from "countersign/chain";
 *
 * nextStep(EMPTY); // { kind: "alert", by: "runtime" }; ask again with each state that `signNext` or `replay` gives
 */
export function nextStep(state: ChainState): Step | null {
  const kind = followUp(state);
  if (kind === null) return null;
  if (kind !== "decision") return { kind, by: SIGNER_OF[kind] };
  return { kind, by: "human", expiresAt: state.round?.preview?.statement.predicate.expiresAt ?? "" };
}

function followUp({ last, round }: ChainState): Kind | null {
  switch (last) {
    case null:
      return "alert";
    case "alert":
      return "evidence";
    case "evidence":
      return "proposal";
    case "proposal":
      return "preview";
    case "preview":
    case "decision":
      return round?.settledBy ? "execution" : "decision";
    case "execution":
      return isSentBack(round) || goesOn(round) ? "proposal" : "outcome";
    case "outcome":
      return "handoff";
    case "handoff":
      return null;
  }
}

/**
 * The decision that completed the approvals of the open round and stands at the head of the chain, if there is one.
 * Before you act on it, compare its subject `action` with the digest of the call that you are about to make.
 */
export function approvalAtHead({ round, head }: ChainState): VerifiedOf<"decision"> | null {
  const decision = round?.settledBy;
  if (!decision || head !== decision.digest) return null;
  return decision.statement.predicate.decision === "approve" ? decision : null;
}
