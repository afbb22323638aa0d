// The other deployments whose finished runs may be continued here: the variable TRUSTED_ISSUERS, a JSON array of their trust
// policies. It fails closed: with one entry unsound nothing is continued at all, and the error names the variable.
import { readTrustPolicy } from "../chain/index.ts";
import { accept, type Result, refuse } from "../receipt/index.ts";
import { readFormerIssuers } from "./deployment-names.ts";
import type { Settings } from "./env.ts";

/** Sound trust policies of other deployments, by issuer. Our own is not among them. */
export type TrustedIssuers = ReadonlyMap<string, unknown>;

/** Vetting keys takes milliseconds, so it is done once per isolate and set of variables. */
const memo = new WeakMap<object, Result<TrustedIssuers, "ERR_TRUSTED_ISSUERS">>();

/** Reads the allow list; empty when the variable is not set. */
export function loadTrustedIssuers(env: Settings): Result<TrustedIssuers, "ERR_TRUSTED_ISSUERS"> {
  const known = memo.get(env);
  if (known) return known;
  const former = readFormerIssuers(env.FORMER_ISSUERS);
  const own = new Set([env.ISSUER ?? "", ...(former.ok ? former.value : [])]);
  const read = readTrustedIssuers(env.TRUSTED_ISSUERS ?? "[]", own);
  memo.set(env, read);
  return read;
}

function readTrustedIssuers(
  text: string,
  own: ReadonlySet<string>,
): Result<TrustedIssuers, "ERR_TRUSTED_ISSUERS"> {
  const fail = (why: string) =>
    refuse(
      "ERR_TRUSTED_ISSUERS",
      `the variable TRUSTED_ISSUERS is malformed, so no run can be continued: ${why}`,
    );
  let policies: unknown;
  try {
    policies = JSON.parse(text);
  } catch {
    return fail("expected JSON");
  }
  if (!Array.isArray(policies)) return fail("expected an array of trust policies");
  const issuers = new Map<string, unknown>();
  for (const [i, policy] of policies.entries()) {
    const trust = readTrustPolicy(policy);
    if (!trust.ok) return fail(`entry ${i}: ${trust.refusal.message}`);
    const { issuer } = trust.value;
    if (own.has(issuer)) return fail(`entry ${i}: ${issuer} is this deployment itself`);
    if (issuers.has(issuer)) return fail(`entry ${i}: ${issuer} stands twice`);
    issuers.set(issuer, policy);
  }
  return accept(issuers);
}
