// What may happen next, from the fold alone. There is one answer, and it does not depend on who asks or when.
import { type Kind, type Role, SIGNER_OF } from "../receipt/index.ts";
import type { ChainState } from "./chain-state.ts";

/**
 * The receipt that is due and the role that signs it. A `decision` waits for a human until `expiresAt`; from then on the
 * runtime owes the `execution` that withholds the call. Null when the chain has ended.
 */
export type Step =
  | { readonly kind: Exclude<Kind, "decision">; readonly by: Role }
  | { readonly kind: "decision"; readonly by: "human"; readonly expiresAt: string };

/**
 * The one thing that may happen now.
 *
 * Where the grammar leaves a choice, the step is the one that carries the run on: a proposal is due after the evidence,
 * after a request for changes and after an execution with more to do, though an outcome may stand there too when there
 * is nothing to propose.
 * @example
 * import { EMPTY, nextStep } from "countersign/chain";
 *
 * nextStep(EMPTY); // { kind: "alert", by: "agent" }; ask again with each state that `signNext` or `replay` gives
 */
export function nextStep(state: ChainState): Step | null {
  const kind = followUp(state);
  if (kind === null) return null;
  if (kind !== "decision") return { kind, by: SIGNER_OF[kind] };
  return { kind, by: "human", expiresAt: state.round?.preview?.statement.predicate.expiresAt ?? "" };
}

function followUp(state: ChainState): Kind | null {
  switch (state.last) {
    case null:
      return "alert";
    case "alert":
      return "evidence";
    case "evidence":
      return "proposal";
    case "proposal":
      return "preview";
    case "preview":
      return "decision";
    case "decision":
      return "execution";
    case "execution":
      return mayPropose(state) ? "proposal" : "outcome";
    case "outcome":
      return "handoff";
    case "handoff":
      return null;
  }
}

/** True when the newest round has ended in a way that lets another follow. */
function mayPropose({ round }: ChainState): boolean {
  return (
    round?.decision?.statement.predicate.decision === "request_changes" ||
    round?.execution?.statement.predicate.more === true
  );
}
