// The verifier across runs: a run, the run that it continues, and so on to one that continues none. Each chain is verified
// whole, under the trust policy of its own issuer and no other: a key that counts in one deployment counts in no other.
import type { Artifacts } from "./artifacts.ts";
import { readBundle, type UnverifiedBundle } from "./bundle.ts";
import type { ChainState } from "./chain-state.ts";
import {
  checkLink,
  claimedIssuer,
  findParent,
  HeldParents,
  type ParentLink,
  parentLink,
} from "./parent-link.ts";
import { readTrustPolicy, type Trust } from "./trust-policy.ts";
import type { VerifiedReceipt } from "./verified-receipt.ts";
import {
  type Check,
  inspect,
  type Report,
  UnusableInputError,
  type Verdict,
  type Verification,
  type VerifyOptions,
  withRequirements,
} from "./verify.ts";

/** One run of a lineage. `receipts` are those whose signature holds; `run` is null if its report is invalid. */
export interface FollowedRun extends Verification {
  readonly bundle: UnverifiedBundle;
  readonly receipts: readonly VerifiedReceipt[];
  readonly artifacts: Artifacts;
  /** What was placed of its chain. */
  readonly state: ChainState;
}

/** A run and those before it, newest first. `verdict` is that of the newest, which is invalid if anything before it is. */
export interface Lineage {
  readonly verdict: Verdict;
  readonly runs: readonly FollowedRun[];
}

/**
 * Verifies a bundle and every run that it continues, all parsed JSON of unknown origin.
 *
 * `valid` guarantees what `verify` guarantees of each run, and that each starts where its parent ends: it names the parent's
 * handoff, holds the parent's bundle, and its resources are those handed on, as far as its own receipts show it.
 * The report of a run that continues another has a check `parent`, the last one before any requirement.
 *
 * @param trustPolicies the bundle's own first, then those of its parents' issuers; at most one for an issuer.
 * @param options.run      the run that the caller means to verify; another one is invalid.
 * @param options.parents  bundles of parents that the caller holds. They are compared with those inside the bundle, and are
 *   read instead of them.
 * @throws {UnusableInputError} when the bundle is not one of this version, a trust policy is unsound or stands twice, or a
 *   parent was handed over that nothing here continues.
 * @example
 * import { readFile } from "node:fs/promises";
 * import { follow, readDocument } from "countersign/chain";
 *
 * const bundle = readDocument(await readFile("bundle.json"));
 * const trust = readDocument(await readFile("trust.json"));
 * if (!bundle.ok || !trust.ok) throw new Error("expected two JSON documents");
 * const { verdict, runs } = await follow(bundle.value, [trust.value]);
 * console.log(verdict);
 * for (const { report } of runs) console.log(report.run, report.verdict);
 */
export async function follow(
  bundle: unknown,
  trustPolicies: readonly unknown[],
  options: VerifyOptions & { readonly parents?: readonly unknown[] | undefined } = {},
): Promise<Lineage> {
  const trusts = readTrustPolicies(trustPolicies);
  const parents = (options.parents ?? []).map((bundle) => ({ run: readGivenBundle(bundle).run, bundle }));
  const walk: Walk = { trusts, held: new HeldParents(parents), named: new Set() };
  const own = readGivenBundle(bundle);
  const runs = await followFrom(own, trusts.first, walk, options);
  const verdict = runs[0]?.report.verdict ?? "invalid";
  const stray = parents.find(({ run }) => !walk.named.has(run));
  if (verdict !== "invalid" && stray) {
    const message = `the bundle of ${stray.run} was handed over as a parent, but nothing here continues that run`;
    throw new UnusableInputError({ code: "ERR_BUNDLE", message });
  }
  const [newest, ...older] = runs;
  if (!newest) return { verdict, runs };
  const report = withRequirements(newest.report, newest.run, options.require);
  return { verdict, runs: [{ ...newest, report }, ...older] };
}

interface Walk {
  readonly trusts: { readonly first: Trust; readonly byIssuer: ReadonlyMap<string, Trust> };
  readonly held: HeldParents;
  /** The runs that some run named as its parent. */
  readonly named: Set<string>;
}

async function followFrom(
  bundle: UnverifiedBundle,
  trust: Trust,
  walk: Walk,
  options: VerifyOptions = {},
): Promise<FollowedRun[]> {
  const { report, run, replayed, artifacts } = await inspect(bundle, trust, options);
  const receipts = replayed.receipts.flatMap(({ receipt }) => receipt ?? []);
  const child: FollowedRun = { report, run, bundle, receipts, artifacts, state: replayed.state };
  // Known even where the alert may not stand because its parent was altered: its signature holds.
  const alert = replayed.receipts[0]?.receipt;
  const link = alert?.kind === "alert" ? parentLink(alert) : null;
  if (!link) return [child];
  const { check, parents } = await followParent(link, child, trust, walk);
  const checks = [...report.checks, check];
  const judged = { ...report, checks, verdict: check.ok ? report.verdict : "invalid" } as const;
  return [{ ...child, report: judged, run: check.ok ? run : null }, ...parents];
}

async function followParent(
  link: ParentLink,
  child: FollowedRun,
  childTrust: Trust,
  walk: Walk,
): Promise<{ check: Check; parents: readonly FollowedRun[] }> {
  walk.named.add(link.run);
  const found = findParent(link, child.bundle.artifacts, walk.held.take(link));
  if (!found.ok) return { check: failed(found.refusal), parents: [] };
  const issuer = claimedIssuer(found.value.bundle);
  const trust = issuer === null ? childTrust : walk.trusts.byIssuer.get(issuer);
  if (!trust) {
    const message = `the parent ${link.run} is of ${issuer}, and no trust policy of that issuer was given`;
    return { check: failed({ code: "ERR_PARENT_ISSUER", message }), parents: [] };
  }
  const parents = await followFrom(found.value.bundle, trust, walk);
  const [parent] = parents;
  const refusal =
    found.value.refusal ??
    (parent && checkVerdict(parent.report)) ??
    (parent && checkLink(link, child.state, parent.state));
  if (refusal) return { check: failed(refusal), parents };
  const message = `the run starts from the handoff of ${link.run}, a chain of ${trust.issuer} that verifies`;
  return { check: { id: "parent", ok: true, message }, parents };
}

/** Only a finished chain that verifies can be continued. */
function checkVerdict({ run, verdict, checks }: Report) {
  if (verdict === "valid") return null;
  const { seq, code, message } = checks.find(({ ok }) => !ok) ?? {};
  const where = seq === undefined ? "" : `receipt ${seq}: `;
  return {
    code: "ERR_PARENT_INVALID",
    message: `the parent ${run} is ${verdict}: ${where}${code}: ${message}`,
  } as const;
}

function failed({ code, message }: { code: NonNullable<Check["code"]>; message: string }): Check {
  return { id: "parent", ok: false, code, message };
}

function readTrustPolicies(policies: readonly unknown[]): Walk["trusts"] {
  const byIssuer = new Map<string, Trust>();
  for (const policy of policies) {
    const trust = readTrustPolicy(policy);
    if (!trust.ok) throw new UnusableInputError(trust.refusal);
    if (byIssuer.has(trust.value.issuer)) {
      const message = `expected one trust policy for an issuer, got two for ${trust.value.issuer}`;
      throw new UnusableInputError({ code: "ERR_TRUST_POLICY", message });
    }
    byIssuer.set(trust.value.issuer, trust.value);
  }
  const [first] = byIssuer.values();
  if (!first) throw new UnusableInputError({ code: "ERR_TRUST_POLICY", message: "expected a trust policy" });
  return { first, byIssuer };
}

function readGivenBundle(bundle: unknown): UnverifiedBundle {
  const parsed = readBundle(bundle);
  if (!parsed.ok) throw new UnusableInputError(parsed.refusal);
  return parsed.value;
}
