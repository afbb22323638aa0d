// The policy that new runs stand under, from the deployment's variables. It is signed into every chain, so nothing is guessed: a
// value that is no number starts no run, and the error names the variable.
import { POLICY_LIMITS, type Policy } from "../chain/index.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";
import type { Settings } from "../run/env.ts";

/** What a variable may be at most, and what holds where it is not set. */
const NUMBERS = {
  DECISION_SECONDS: { most: POLICY_LIMITS.decisionSeconds, unset: 3600 },
  REVISIONS: { most: POLICY_LIMITS.revisions, unset: 6 },
} as const;

/** Reads `DECISION_SECONDS`, `REVISIONS` and `SEPARATE_REVIEWER`. */
export function readPolicySettings(env: Settings): Result<Policy, "ERR_POLICY_CONFIG"> {
  const decisionSeconds = positive(env, "DECISION_SECONDS");
  if (!decisionSeconds.ok) return decisionSeconds;
  const revisions = positive(env, "REVISIONS");
  if (!revisions.ok) return revisions;
  const separateReviewer = env.SEPARATE_REVIEWER === "true";
  const human = separateReviewer ? "A human other than the one who started the run" : "A human";
  return accept({
    version: 1,
    rule: `${human} approves each repository.write_file within ${decisionSeconds.value} s; a proposal may be revised up to revision ${revisions.value}.`,
    connector: "repository",
    method: "write_file",
    decisionSeconds: decisionSeconds.value,
    revisions: revisions.value,
    separateReviewer,
  });
}

function positive(env: Settings, name: keyof typeof NUMBERS): Result<number, "ERR_POLICY_CONFIG"> {
  const text = env[name];
  const { most, unset } = NUMBERS[name];
  if (!text) return accept(unset);
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return accept(value);
  return refuse(
    "ERR_POLICY_CONFIG",
    `expected the variable ${name} to be a whole number from 1 to ${most}, got ${JSON.stringify(text)}`,
  );
}
