// Takes over from a finished run: verifies its bundle whole, with every run before it, each under the trust policy of its own
// issuer; only then is anything of it believed. Stores nothing: what a new run starts from is handed back.
import {
  claimedIssuer,
  type FollowedRun,
  follow,
  handedOnFiles,
  hexOf,
  type Lineage,
  readBundle,
} from "../chain/index.ts";
import {
  accept,
  canonicalBytes,
  type Digest,
  NotCanonicalError,
  type Result,
  refuse,
  sha256Hex,
} from "../receipt/index.ts";
import { underName } from "./deployment-names.ts";
import type { Env } from "./env.ts";
import type { Finding, RunRefusal, RunResult } from "./run-api.ts";
import type { ContinueRequest, RunRequest } from "./run-request.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { loadTrustedIssuers } from "./trusted-issuers.ts";

/**
 * Longest bundle that a run can bind as its parent, in bytes of canonical JSON. A bundle holds its own parent's bundle, so it
 * grows by a third with each generation; and a row of the storage holds 2 MB.
 */
export const MAX_PARENT_BYTES = 1_500_000;
/** Most findings that a refusal lists. */
const MAX_FINDINGS = 20;

/** What a new run starts from. `bundle` is the exact bytes that its first receipt will bind; `files` is text by path. */
export interface TakenOver {
  readonly run: string;
  readonly handoff: Digest;
  readonly issuer: string;
  readonly title: string;
  readonly bundle: Uint8Array;
  readonly files: Readonly<Record<string, string>>;
}

/** Verifies the run that is to be continued, and reads what it hands on. */
export async function takeOver(
  parent: ContinueRequest["parent"],
  env: Env,
  keys: SigningKeys,
): Promise<RunResult<TakenOver>> {
  const issuers = loadTrustedIssuers(env);
  if (!issuers.ok) return issuers;
  const found = await findBundle(parent, env);
  if (!found.ok) return found;
  const bytes = spell(found.value);
  if (!bytes.ok) return bytes;
  const bundle = readBundle(found.value);
  if (!bundle.ok) return refuse("ERR_PARENT_BUNDLE", bundle.refusal.message);
  // Whose it says it is only chooses the policy that it then has to satisfy.
  const { trustPolicy } = keys;
  const own = [...keys.issuers].map((name) => [name, underName(keys, name).trustPolicy] as const);
  const policies = new Map<string, unknown>([...own, ...issuers.value]);
  const issuer = claimedIssuer(bundle.value) ?? trustPolicy.issuer;
  const policy = policies.get(issuer);
  if (policy === undefined) {
    return refuse(
      "ERR_PARENT_ISSUER",
      `expected a run of this deployment or of one that TRUSTED_ISSUERS lists, got one of ${issuer}`,
    );
  }
  policies.delete(issuer);
  const lineage = await follow(found.value, [policy, ...policies.values()]);
  const [run] = lineage.runs;
  if (lineage.verdict !== "valid" || !run) return { ok: false, refusal: refuseLineage(lineage) };
  return readHandoff(run, issuer, bytes.value);
}

async function findBundle(parent: ContinueRequest["parent"], env: Env): Promise<RunResult<unknown>> {
  if ("bundle" in parent) return accept(JSON.parse(parent.bundle));
  const answer = await env.RUN.getByName(parent.run).bundle();
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
    return refuse(
      "ERR_PARENT_TOO_LARGE",
      `expected a bundle of at most ${MAX_PARENT_BYTES} bytes, its own parents included, got ${bytes.length}; start afresh with a new run`,
    );
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

function readHandoff(run: FollowedRun, issuer: string, bundle: Uint8Array): RunResult<TakenOver> {
  const [alert] = run.receipts;
  const handoff = run.receipts.at(-1);
  if (alert?.kind !== "alert" || handoff?.kind !== "handoff") throw new Error("expected a whole chain");
  const files: [string, string][] = [];
  for (const [path, digest] of handedOnFiles(run)) {
    const text = decode(run.artifacts(hexOf(digest)));
    if (text === null) return refuse("ERR_PARENT_REPOSITORY", `expected ${path} to be text in UTF-8`);
    files.push([path, text]);
  }
  const { title } = alert.statement.predicate;
  return accept({
    run: run.bundle.run,
    handoff: handoff.digest,
    issuer,
    title,
    bundle,
    files: Object.fromEntries(files),
  });
}

function decode(bytes: Uint8Array | undefined): string | null {
  try {
    return bytes ? new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) : null;
  } catch {
    return null;
  }
}

/** The request of a run that continues another: its alert is the parent's, raised again, where the client said nothing else. */
export function continuingRequest(request: ContinueRequest, taken: TakenOver): RunRequest {
  const { parent: _, alert, ...rest } = request;
  const { run, handoff, issuer, title, bundle } = taken;
  return {
    ...rest,
    alert: { source: "handoff", title, firedAt: rest.createdAt, ...alert },
    continues: { run, handoff, issuer, bundle: sha256Hex(bundle) },
  };
}
