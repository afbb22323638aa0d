// The policy a run stands under: what is gated, how long a reviewer has, how often a proposal may be revised.
// It is an artifact bound into every receipt, so nobody can relax it half-way.
import * as z from "zod";
import { textField } from "../receipt/fields.ts";
import type { Result } from "../receipt/index.ts";
import { readCanonicalArtifact } from "./canonical-artifact.ts";
import type { ChainCode } from "./chain-code.ts";

/** The highest values that a policy may have. */
export const POLICY_LIMITS = { decisionSeconds: 31_536_000, revisions: 1000 } as const;

const policySchema = z.strictObject({
  version: z.literal(1),
  rule: textField(2000),
  connector: textField(100, 1),
  method: textField(100, 1),
  decisionSeconds: z.int().min(1).max(POLICY_LIMITS.decisionSeconds),
  revisions: z.int().min(1).max(POLICY_LIMITS.revisions),
  separateReviewer: z.boolean(),
});

/**
 * `decisionSeconds`: the longest a preview may stay open. `revisions`: the highest revision a proposal may have.
 * `separateReviewer`: whether the reviewer must be someone else than the one who started the run.
 */
export type Policy = z.infer<typeof policySchema>;

/** Reads a policy from the exact bytes of its artifact. */
export function readPolicy(bytes: Uint8Array): Result<Policy, ChainCode> {
  return readCanonicalArtifact("policy", bytes, policySchema, "ERR_POLICY");
}
