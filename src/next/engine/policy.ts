// The policy that a run stands under: what the domain declares, and what the deployment asks of its reviewers.
import type { Policy } from "../chain/index.ts";
import { type AnyGatedCall, type Call, type Domain, freeCalls } from "../domain/index.ts";

/** What a deployment sets. */
export type PolicySettings = Pick<
  Policy,
  "decisionSeconds" | "revisions" | "approvals" | "separateReviewer" | "reviewerKey" | "logged"
>;

/** The policy of a domain's runs under a deployment's settings. */
export function policyOf(domain: Domain<unknown>, settings: PolicySettings): Policy {
  return {
    version: 2,
    domain: domain.name,
    rule: domain.rule,
    effects: domain.calls.map(({ connector, method, remote, effects }) => ({
      connector,
      method,
      own: !remote,
      effects: effects.map(({ resource, before, after }) => ({ resource, before, after })),
    })),
    free: freeCalls(domain).map(({ connector, method }) => ({ connector, method })),
    ...settings,
  };
}

/** The domain's declaration of a call, or null for one of a plain connector: remote, neither repeatable nor found. */
export function declaredCall(
  domain: Domain<unknown>,
  { connector, method }: Omit<Call, "args">,
): AnyGatedCall<unknown> | null {
  return domain.calls.find((call) => call.connector === connector && call.method === method) ?? null;
}
