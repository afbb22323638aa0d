// The policy a run stands under: which calls are free and what each gated one changes, who must approve, and within what time.
// It is an artifact bound into every receipt, so nobody can relax it half-way.
import * as z from "zod";
import { textField } from "../receipt/fields.ts";
import { LIMITS, type Result, refuse } from "../receipt/index.ts";
import type { Action } from "./action.ts";
import { readCanonicalArtifact } from "./canonical-artifact.ts";
import { type ExpandedEffect, expand, templateFault } from "./template.ts";

/** The highest values that a policy may have. */
export const POLICY_LIMITS = {
  decisionSeconds: 31_536_000,
  revisions: 1000,
  calls: 500,
  roles: 10,
  count: 20,
} as const;

const call = { connector: textField(100, 1), method: textField(100, 1) };

const policySchema = z.strictObject({
  version: z.literal(2),
  domain: textField(100, 1),
  rule: textField(2000),
  effects: z
    .array(
      z.strictObject({
        ...call,
        own: z.boolean(),
        effects: z
          .array(z.strictObject({ resource: textField(1000, 1), before: z.string(), after: z.string() }))
          .max(LIMITS.effects),
      }),
    )
    .max(POLICY_LIMITS.calls),
  free: z.array(z.strictObject(call)).max(POLICY_LIMITS.calls),
  decisionSeconds: z.int().min(1).max(POLICY_LIMITS.decisionSeconds),
  revisions: z.int().min(1).max(POLICY_LIMITS.revisions),
  approvals: z
    .array(
      z.strictObject({ role: textField(LIMITS.role, 1), count: z.int().min(1).max(POLICY_LIMITS.count) }),
    )
    .min(1)
    .max(POLICY_LIMITS.roles),
  separateReviewer: z.boolean(),
  reviewerKey: z.enum(["optional", "required", "present"]),
  logged: z.enum(["no", "decisions"]),
});

/**
 * `effects`: what each gated call changes; `own` says that it is on the run's own resources. `free`: the calls that need no human.
 * `decisionSeconds`: the longest a preview may stay open. `revisions`: the highest revision a proposal may have.
 * `approvals`: how many of which role. `separateReviewer`: the starter may not approve. `reviewerKey`: whether a decision must be
 * signed by the reviewer's own key, and whether that key must prove presence. `logged`: whether an approval has to stand in the log
 * before anything happens on it.
 */
export type Policy = z.infer<typeof policySchema>;

/** Reads a policy from the exact bytes of its artifact (§5.1). */
export function readPolicy(bytes: Uint8Array): Result<Policy, "ERR_POLICY"> {
  const policy = readCanonicalArtifact("policy", bytes, policySchema, "ERR_POLICY");
  if (!policy.ok) return policy;
  const fault = policyFault(policy.value);
  return fault === null ? policy : refuse("ERR_POLICY", `policy: ${fault}`);
}

function policyFault({ effects, free, approvals }: Policy): string | null {
  const calls = [...effects, ...free].map(({ connector, method }) => JSON.stringify([connector, method]));
  if (new Set(calls).size !== calls.length) return "expected each call once, in effects or in free";
  if (new Set(approvals.map(({ role }) => role)).size !== approvals.length) {
    return "expected each role of approvals once";
  }
  for (const template of effects.flatMap((entry) => entry.effects)) {
    const fault = templateFault(template);
    if (fault !== null) return fault;
  }
  return null;
}

/** True for a call that the policy lets run without a human. Every other call is gated. */
export function isFree(policy: Policy, { connector, method }: Omit<Action, "args">): boolean {
  return policy.free.some((free) => free.connector === connector && free.method === method);
}

/** A gated call's effects as far as its arguments tell, and whether they are on the run's own resources. */
export interface CallEffects {
  readonly own: boolean;
  readonly effects: readonly ExpandedEffect[];
}

/** What a call would change under a policy (§5.2). A call without an entry has no effects that can be derived, so none may be claimed. */
export function effectsOf(policy: Policy, action: Action): Result<CallEffects, "ERR_EFFECTS"> {
  const entry = policy.effects.find(
    ({ connector, method }) => connector === action.connector && method === action.method,
  );
  const effects = expand(entry?.effects ?? [], action.args);
  return effects.ok ? { ok: true, value: { own: entry?.own ?? false, effects: effects.value } } : effects;
}
