// The policy that a run stands under: what the domain declares, and what the deployment asks of its reviewers.
import { type Policy, readPolicy } from "../chain/index.ts";
import { type AnyGatedCall, type Call, type Domain, freeCalls } from "../domain/index.ts";
import { canonicalBytes, canonicalize } from "../receipt/index.ts";
import { wordsOf } from "./in-time.ts";
import { StepFailure } from "./step-failure.ts";

/** What a deployment sets. */
export type PolicySettings = Pick<
  Policy,
  "decisionSeconds" | "revisions" | "approvals" | "separateReviewer" | "reviewerKey" | "logged"
>;

/**
 * The policy of a domain's runs under a deployment's settings.
 * @throws {TypeError} when it is none: no run could ever stand under it.
 */
export function policyOf(domain: Domain<unknown>, settings: PolicySettings): Policy {
  const policy = readPolicy(canonicalBytes(asDeclared(domain, settings)));
  if (policy.ok) return policy.value;
  throw new TypeError(`the domain ${JSON.stringify(domain.name)}: ${policy.refusal.message}`);
}

function asDeclared(domain: Domain<unknown>, settings: PolicySettings): Policy {
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

/**
 * The arguments of a call for the domain's own functions: a copy, as its schema parsed it.
 * @throws {StepFailure} when they do not fit.
 */
export function argumentsFor(declared: AnyGatedCall<unknown>, call: Call): never {
  const parsed = parseArguments(declared, call);
  if ("fault" in parsed) throw new StepFailure(`The call cannot be made: ${parsed.fault}`);
  // The functions take what the schema of the same declaration gives.
  return parsed.args as never;
}

/** Why arguments do not fit a call's schema, or null when they do. */
export function argumentsFault(declared: AnyGatedCall<unknown>, call: Call): string | null {
  const parsed = parseArguments(declared, call);
  return "fault" in parsed ? parsed.fault : null;
}

/** A domain's schema only checks: where parsing gives other bytes than were sent, what runs would not be what was shown. */
function parseArguments(
  { args: schema }: AnyGatedCall<unknown>,
  { connector, method, args }: Call,
): { readonly args: unknown } | { readonly fault: string } {
  const name = `${connector}.${method}`;
  try {
    const parsed = schema.safeParse(structuredClone(args));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const place = issue?.path.map(String).join(".") || "arguments";
      return { fault: `${name}: ${place}: ${issue?.message ?? "do not fit"}` };
    }
    if (canonicalize(parsed.data) === canonicalize(args)) return { args: parsed.data };
    return { fault: `${name}: the schema changes the arguments; send them as they are to be` };
  } catch (error) {
    return { fault: `${name}: the schema cannot check the arguments: ${wordsOf(error)}` };
  }
}
