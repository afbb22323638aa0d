// Another deployment, with keys of its own: for chains that cross from one to another.
import { trusted } from "./fixed-keys.ts";
import { all, put } from "./json-edit.ts";
import type { Step } from "./step.ts";

export const FOREIGN_ISSUER = "https://elsewhere.example";

export const FOREIGN_TRUST = {
  version: 2,
  issuer: FOREIGN_ISSUER,
  keys: [trusted("agent2", "agent"), trusted("human2", "human"), trusted("runtime2", "runtime")],
  reviewers: [],
  policies: null,
  log: null,
};

const AGENTS = ["evidence", "proposal", "handoff"];

/** A scenario as the other deployment would sign it. */
export function abroad(steps: readonly Step[], issuer = FOREIGN_ISSUER): Step[] {
  return steps.map((step) => ({
    ...step,
    signer: step.kind === "decision" ? "human2" : AGENTS.includes(step.kind) ? "agent2" : "runtime2",
    ...(step.kind === "alert" ? { edit: all(step.edit, put("predicate.issuer", issuer)) } : {}),
  }));
}
