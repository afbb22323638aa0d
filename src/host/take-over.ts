// Takes over from a finished run: verifies its bundle whole, with every run before it, each under the trust policy of its own
// issuer; only then is anything of it believed. Stores nothing: what a new run starts from is handed back.
import {
  claimedIssuer,
  effectsMade,
  type FollowedRun,
  follow,
  hexOf,
  type Lineage,
  previewedEffects,
  type Round,
  readBundle,
  roundsBackward,
} from "../chain/index.ts";
import type { Call, Domain, Json } from "../domain/index.ts";
import { type ContinuedRun, contentOf, type RevertRequest } from "../engine/index.ts";
import {
  accept,
  canonicalBytes,
  type Digest,
  isDigest,
  NotCanonicalError,
  type Result,
  refuse,
  sha256Hex,
  subjectDigest,
} from "../receipt/index.ts";
import type { Named, Settings } from "./env.ts";
import type { Finding, ParentRequest, RunApi, RunRefusal, RunResult } from "./run-api.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { loadTrustedIssuers } from "./trusted-issuers.ts";
import { underName } from "./under-name.ts";

/**
 * Longest bundle that a run can bind as its parent, in bytes of canonical JSON. A bundle holds its own parent's bundle, so it
 * grows by a third with each generation; and a row of the storage holds 2 MB.
 */
export const MAX_PARENT_BYTES = 1_500_000;
/** Most findings that a refusal lists. */
const MAX_FINDINGS = 20;

/** What a new run starts from. `bundle` is the exact bytes that its first receipt will bind. */
export interface TakenOver {
  readonly continues: ContinuedRun;
  readonly title: string;
  readonly bundle: Uint8Array;
  readonly resources: ReadonlyMap<string, Json>;
  readonly run: FollowedRun;
}

/** The trust policies under which runs before a run may verify, by issuer: this deployment's names, and those it lists. */
export function parentPolicies(
  env: Settings,
  keys: SigningKeys,
): Result<ReadonlyMap<string, unknown>, "ERR_TRUSTED_ISSUERS"> {
  const issuers = loadTrustedIssuers(env);
  if (!issuers.ok) return issuers;
  const own = [...keys.issuers].map((name) => [name, underName(keys, name).trustPolicy] as const);
  return accept(new Map<string, unknown>([...own, ...issuers.value]));
}

/** Verifies the run that is to be continued, and reads what it hands on. */
export async function takeOver(
  parent: ParentRequest,
  domain: Domain<unknown>,
  runs: Named<RunApi>,
  env: Settings,
  keys: SigningKeys,
): Promise<RunResult<TakenOver>> {
  const known = parentPolicies(env, keys);
  if (!known.ok) return known;
  const found = await findBundle(parent, runs);
  if (!found.ok) return found;
  const bytes = spell(found.value);
  if (!bytes.ok) return bytes;
  const bundle = readBundle(found.value);
  if (!bundle.ok) return refuse("ERR_PARENT_BUNDLE", bundle.refusal.message);
  // Whose it says it is only chooses the policy that it then has to satisfy.
  const issuer = claimedIssuer(bundle.value) ?? keys.trustPolicy.issuer;
  const { [issuer]: policy, ...others } = Object.fromEntries(known.value);
  if (policy === undefined) {
    const message = `expected a run of this deployment or of one that TRUSTED_ISSUERS lists, got one of ${issuer}`;
    return refuse("ERR_PARENT_ISSUER", message);
  }
  const lineage = await follow(found.value, [policy, ...Object.values(others)]);
  const [run] = lineage.runs;
  if (lineage.verdict !== "valid" || !run) return { ok: false, refusal: refuseLineage(lineage) };
  return readHandoff(run, domain, issuer, bytes.value);
}

async function findBundle(parent: ParentRequest, runs: Named<RunApi>): Promise<RunResult<unknown>> {
  if ("bundle" in parent) return accept(JSON.parse(parent.bundle));
  const answer = await runs.getByName(parent.run).bundle();
  if (answer.ok) return accept(answer.value);
  const { code, message } = answer.refusal;
  switch (code) {
    case "ERR_RUN_UNKNOWN":
      return refuse("ERR_PARENT_UNKNOWN", `there is no run ${parent.run} here to continue`);
    case "ERR_RUN_GONE":
      return refuse("ERR_PARENT_UNKNOWN", `there is no run ${parent.run} here any more: ${message}`);
    default:
      return answer;
  }
}

function spell(bundle: unknown): Result<Uint8Array, "ERR_PARENT_BUNDLE" | "ERR_PARENT_TOO_LARGE"> {
  try {
    const bytes = canonicalBytes(bundle);
    if (bytes.length <= MAX_PARENT_BYTES) return accept(bytes);
    const message = `expected a bundle of at most ${MAX_PARENT_BYTES} bytes, its own parents included, got ${bytes.length}; start afresh with a new run`;
    return refuse("ERR_PARENT_TOO_LARGE", message);
  } catch (error) {
    if (error instanceof NotCanonicalError) return refuse("ERR_PARENT_BUNDLE", error.message);
    throw error;
  }
}

function refuseLineage({ verdict, runs }: Lineage): RunRefusal {
  const findings = runs.flatMap(({ report }) =>
    report.checks.flatMap(({ ok, seq, code, message }): Finding[] =>
      ok || code === undefined ? [] : [{ run: report.run, seq: seq ?? null, code, message }],
    ),
  );
  const run = runs[0]?.report.run;
  const { seq, code, message } = findings[0] ?? {};
  return {
    code: verdict === "incomplete" ? "ERR_PARENT_UNFINISHED" : "ERR_PARENT_INVALID",
    message:
      verdict === "incomplete"
        ? `the run ${run} has not ended; it can be continued once its handoff is signed`
        : `the run ${run} does not verify: ${seq === null ? "" : `receipt ${seq}: `}${code}: ${message}`,
    findings: findings.slice(0, MAX_FINDINGS),
  };
}

function readHandoff(
  run: FollowedRun,
  domain: Domain<unknown>,
  issuer: string,
  bundle: Uint8Array,
): RunResult<TakenOver> {
  const { alert, head, resources: manifest, policy } = run.state;
  if (!alert || !head || !manifest || !policy) throw new Error("expected a whole chain");
  if (policy.domain !== domain.name) {
    return refuse(
      "ERR_PARENT_DOMAIN",
      `expected a run of the domain ${domain.name}, got one of ${policy.domain}`,
    );
  }
  const resources = new Map<string, Json>();
  for (const [name, digest] of manifest) {
    const bytes = run.artifacts(hexOf(digest));
    try {
      resources.set(name, contentOf(domain, name, bytes ?? new Uint8Array()));
    } catch {
      return refuse("ERR_PARENT_RESOURCES", `expected ${name} to be text in UTF-8`);
    }
  }
  const { title } = alert.statement.predicate;
  const continues = { run: run.bundle.run, handoff: head, issuer, bundle: sha256Hex(bundle) };
  return accept({ continues, title, bundle, resources, run });
}

/** The call that undoes an execution of a run that was taken over, as the domain says. */
export function revertOf(
  { run, continues }: TakenOver,
  domain: Domain<unknown>,
  execution: Digest,
): Result<RevertRequest, "ERR_NOT_REVERTIBLE"> {
  const round = [...roundsBackward(run.state)].find((one) => one.execution?.digest === execution);
  const call = round && callThatUndoes(round, run, domain);
  if (call) return accept({ execution, call });
  const why = !round
    ? "there is no such execution"
    : effectsMade(round) !== "executed"
      ? "it was not executed"
      : "the domain knows no call that does";
  return refuse("ERR_NOT_REVERTIBLE", `${execution} of ${continues.run} cannot be undone: ${why}`);
}

function callThatUndoes(round: Round, { artifacts }: FollowedRun, domain: Domain<unknown>): Call | null {
  const { action, execution } = round;
  const declared = domain.calls.find(
    ({ connector, method }) => connector === action.connector && method === action.method,
  );
  const effects = previewedEffects(round);
  const isKnown = effects.every(({ before, after }) => before !== "unknown" && after !== "unknown");
  if (
    !declared?.revert ||
    !execution ||
    effectsMade(round) !== "executed" ||
    effects.length === 0 ||
    !isKnown
  ) {
    return null;
  }
  try {
    const before = new Map<string, Json>();
    for (const { resource, before: content } of effects) {
      const bytes = isDigest(content) ? artifacts(hexOf(content)) : undefined;
      before.set(resource, bytes ? contentOf(domain, resource, bytes) : null);
    }
    const bytes = artifacts(subjectDigest(execution.statement, "result") ?? "");
    const result: Json = bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
    return declared.revert({ args: action.args as never, before, result });
  } catch {
    return null;
  }
}
