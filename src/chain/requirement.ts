// What a caller may ask of a run beyond a sound chain: that something came of it, and which head it has. Reads folded receipts only.
import { type Digest, type Receipt, subjectDigest } from "../receipt/index.ts";
import { readAction } from "./action.ts";
import { type Artifacts, digestFromHex } from "./artifacts.ts";
import type { ChainState } from "./chain-state.ts";
import { roundsOf } from "./rounds.ts";

/**
 * Something that must have come of a run. `executed`: some call was; `resolved`: its outcome is. `action`: the call with exactly this
 * digest was executed; `call`: some call of this `<connector>.<method>` was.
 */
export type Requirement = "executed" | "resolved" | { readonly action: Digest } | { readonly call: string };

/** The digest that a receipt must have, as it was noted when the chain was seen before. `seq` counts from 0. */
export interface ExpectedHead {
  readonly seq: number;
  readonly digest: Digest;
}

/** Whether something that was asked holds, and a sentence that says so. */
export interface Answer {
  readonly ok: boolean;
  readonly message: string;
}

/** Judges whether a chain still has the receipt that was its head once. Receipts that cannot be opened are null. */
export function judgeHead({ seq, digest }: ExpectedHead, receipts: readonly (Receipt | null)[]): Answer {
  const receipt = receipts[seq];
  if (receipt?.digest === digest) return { ok: true, message: `receipt ${seq} is the expected ${digest}` };
  const got =
    receipt?.digest ?? (receipt === null ? "one that cannot be opened" : `${receipts.length} receipts`);
  return { ok: false, message: `expected ${digest} as receipt ${seq}, got ${got}` };
}

/** Judges requirements, each for itself, of a chain that was folded without a refusal. */
export function judgeRequirements(
  requirements: readonly Requirement[],
  state: ChainState,
  receipts: readonly Receipt[],
  artifacts: Artifacts,
): Answer[] {
  if (requirements.length === 0) return [];
  const actions = executedActions(receipts);
  const calls = new Set([...actions].map((sha256) => nameCall(artifacts(sha256))));
  return requirements.map((requirement) => {
    if (requirement === "resolved") {
      const status = state.outcome?.statement.predicate.status ?? "none so far";
      return { ok: status === "resolved", message: `required the outcome resolved, got ${status}` };
    }
    if (requirement === "executed") {
      const got = actions.size > 0 ? "one that was" : "none";
      return { ok: state.written, message: `required an executed call, got ${got}` };
    }
    if ("action" in requirement) {
      const ok = [...actions].some((sha256) => digestFromHex(sha256) === requirement.action);
      return { ok, message: `required that the action ${requirement.action} was executed; it was${not(ok)}` };
    }
    const ok = calls.has(requirement.call);
    return { ok, message: `required that ${requirement.call} was executed; it was${not(ok)}` };
  });
}

function not(ok: boolean): string {
  return ok ? "" : " not";
}

/** Each once: many rounds may have executed one action, and it may be large. */
function executedActions(receipts: readonly Receipt[]): ReadonlySet<string> {
  const executed = roundsOf(receipts).filter(
    ({ execution }) => execution?.statement.predicate.status === "executed",
  );
  return new Set(executed.map(({ proposal }) => subjectDigest(proposal.statement, "action") ?? ""));
}

function nameCall(bytes: Uint8Array | undefined): string | null {
  const action = bytes && readAction(bytes);
  return action?.ok ? `${action.value.connector}.${action.value.method}` : null;
}
