// What a deployment asks of its reviewers, from its variables. It is signed into every chain, so nothing is guessed: a value that
// does not fit starts no run, and the error names the variable.
import * as z from "zod";
import { POLICY_LIMITS } from "../chain/index.ts";
import type { PolicySettings } from "../engine/index.ts";
import { accept, LIMITS, type Result, refuse } from "../receipt/index.ts";
import type { Settings } from "./env.ts";

/** What a variable may be at most, and what holds where it is not set. */
const NUMBERS = {
  DECISION_SECONDS: { most: POLICY_LIMITS.decisionSeconds, unset: 3600 },
  REVISIONS: { most: POLICY_LIMITS.revisions, unset: 6 },
} as const;

const approvalsSchema = z
  .array(
    z.strictObject({
      role: z.string().min(1).max(LIMITS.role),
      count: z.int().min(1).max(POLICY_LIMITS.count),
    }),
  )
  .min(1)
  .max(POLICY_LIMITS.roles)
  .refine((list) => new Set(list.map(({ role }) => role)).size === list.length, "expected each role once");

type Refused = Result<never, "ERR_POLICY_CONFIG">;

/** Reads `DECISION_SECONDS`, `REVISIONS`, `APPROVALS`, `SEPARATE_REVIEWER`, `REVIEWER_KEY` and `LOGGED`. */
export function readPolicySettings(env: Settings): Result<PolicySettings, "ERR_POLICY_CONFIG"> {
  const decisionSeconds = positive(env, "DECISION_SECONDS");
  if (!decisionSeconds.ok) return decisionSeconds;
  const revisions = positive(env, "REVISIONS");
  if (!revisions.ok) return revisions;
  const approvals = readApprovals(env.APPROVALS);
  if (!approvals.ok) return approvals;
  const separateReviewer = oneOf(env, "SEPARATE_REVIEWER", ["false", "true"] as const);
  if (!separateReviewer.ok) return separateReviewer;
  const reviewerKey = oneOf(env, "REVIEWER_KEY", ["optional", "required", "present"] as const);
  if (!reviewerKey.ok) return reviewerKey;
  const logged = oneOf(env, "LOGGED", ["no", "decisions"] as const);
  if (!logged.ok) return logged;
  if (logged.value === "decisions" && !env.LOG_SIGNING_KEY) {
    return refuse("ERR_POLICY_CONFIG", "LOGGED asks for the log, and there is none: set LOG_SIGNING_KEY");
  }
  const settings: PolicySettings = {
    decisionSeconds: decisionSeconds.value,
    revisions: revisions.value,
    approvals: approvals.value,
    separateReviewer: separateReviewer.value === "true",
    reviewerKey: reviewerKey.value,
    logged: logged.value,
  };
  return everybodyIsVisitor(env, settings) ?? accept(settings);
}

/** Where everybody may decide and is called `visitor`, nothing can be asked of who they are. */
function everybodyIsVisitor({ REVIEW_AUTH = "open" }: Settings, settings: PolicySettings): Refused | null {
  if (REVIEW_AUTH !== "open") return null;
  const asked = settings.approvals.reduce((sum, { count }) => sum + count, 0);
  const name =
    asked > 1
      ? "APPROVALS"
      : settings.separateReviewer
        ? "SEPARATE_REVIEWER"
        : settings.reviewerKey !== "optional"
          ? "REVIEWER_KEY"
          : null;
  if (name === null) return null;
  return refuse(
    "ERR_POLICY_CONFIG",
    `${name} asks who reviewers are, so REVIEW_AUTH must not be open: set it to token or access`,
  );
}

function readApprovals(text: string | undefined): Result<PolicySettings["approvals"], "ERR_POLICY_CONFIG"> {
  if (!text) return accept([{ role: "reviewer", count: 1 }]);
  const wanted = `expected the variable APPROVALS to be JSON such as [{"role": "reviewer", "count": 2}]`;
  try {
    const parsed = approvalsSchema.safeParse(JSON.parse(text));
    if (parsed.success) return accept(parsed.data);
    return refuse("ERR_POLICY_CONFIG", `${wanted}: ${parsed.error.issues[0]?.message ?? "it does not fit"}`);
  } catch {
    return refuse("ERR_POLICY_CONFIG", wanted);
  }
}

function oneOf<Value extends string>(
  env: Settings,
  name: "SEPARATE_REVIEWER" | "REVIEWER_KEY" | "LOGGED",
  values: readonly [Value, ...Value[]],
): Result<Value, "ERR_POLICY_CONFIG"> {
  const text = env[name] || values[0];
  const value = values.find((one) => one === text);
  if (value !== undefined) return accept(value);
  const wanted = `expected the variable ${name} to be ${values.join(" or ")}, got ${JSON.stringify(text)}`;
  return refuse("ERR_POLICY_CONFIG", wanted);
}

function positive(env: Settings, name: keyof typeof NUMBERS): Result<number, "ERR_POLICY_CONFIG"> {
  const text = env[name];
  const { most, unset } = NUMBERS[name];
  if (!text) return accept(unset);
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return accept(value);
  const message = `expected the variable ${name} to be a whole number from 1 to ${most}, got ${JSON.stringify(text)}`;
  return refuse("ERR_POLICY_CONFIG", message);
}
