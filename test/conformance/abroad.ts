// Another deployment, with keys of its own: for chains that cross from one to another.
import { type KeyName, trusted } from "./fixed-keys.ts";
import { put } from "./json-edit.ts";
import { SEQ } from "./scenarios.ts";
import { amend, type Step } from "./step.ts";

export const FOREIGN_ISSUER = "https://elsewhere.example";

export const FOREIGN_TRUST = {
  version: 1,
  issuer: FOREIGN_ISSUER,
  keys: [trusted("agent2", "agent"), trusted("human2", "human"), trusted("runtime2", "runtime")],
};

/** A scenario as the other deployment would sign it. */
export function abroad(steps: readonly Step[], issuer = FOREIGN_ISSUER): Step[] {
  const signed = steps.map((step) => ({ ...step, signer: signerFor(step.kind) }));
  return amend(signed, SEQ.alert, { edit: put("predicate.issuer", issuer) });
}

function signerFor(kind: Step["kind"]): KeyName {
  if (kind === "decision") return "human2";
  return ["preview", "execution", "outcome"].includes(kind) ? "runtime2" : "agent2";
}
