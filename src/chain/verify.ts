// The verifier: one function over (bundle, trust policy). Replays the whole run and lists every check in plain words.
// It trusts nothing in the bundle, fetches nothing, and knows no clock.

import type { Digest, Refusal } from "../receipt/index.ts";
import { checkAnchors } from "./anchor.ts";
import type { Artifacts } from "./artifacts.ts";
import { decodeArtifacts, namedArtifacts, readBundle, type UnverifiedBundle } from "./bundle.ts";
import type { ChainCode } from "./chain-code.ts";
import { listNotChecked } from "./not-checked.ts";
import type { ParentCode } from "./parent-link.ts";
import { type Replay, type ReplayedReceipt, replay } from "./replay.ts";
import { judgeRequirements, type Requirements } from "./requirements.ts";
import { readTrustPolicy, type Trust } from "./trust-policy.ts";
import { type VerifiedRun, verifiedRun } from "./verified-run.ts";

/** `incomplete`: everything present verifies, but the chain does not end in a handoff. It is not `valid`. */
export type Verdict = "valid" | "incomplete" | "invalid";

/** One check. `seq` is the receipt it is about, `code` why it failed; a requirement (`require`) has none. */
export interface Check {
  readonly id:
    | "trust"
    | "bundle"
    | "signature"
    | "chain"
    | "head"
    | "artifacts"
    | "anchor"
    | "complete"
    | "parent"
    | "require";
  readonly ok: boolean;
  readonly seq?: number;
  readonly code?: ChainCode | ParentCode;
  readonly message: string;
}

/**
 * What a verifier found. `count` is the number of receipts in the bundle, `head` the digest of the last one (part of a verified
 * chain only if the verdict is not `invalid`), `notChecked` what the verdict does not cover, in sentences. `run` is the bundle's.
 */
export interface Report {
  readonly verdict: Verdict;
  readonly run: string;
  readonly count: number;
  readonly head: Digest | null;
  readonly checks: readonly Check[];
  readonly notChecked: readonly string[];
}

/** A report, and unless it is `invalid`, what the verified chain says. */
export interface Verification {
  readonly report: Report;
  readonly run: VerifiedRun | null;
}

/** What the caller asks beyond the verdict. `head` is a receipt that they have kept. */
export interface VerifyOptions {
  readonly run?: string | undefined;
  readonly head?: { readonly seq: number; readonly digest: Digest } | undefined;
  readonly require?: Requirements | undefined;
}

/** Thrown for input that cannot be verified at all: not a bundle of this version, or no sound trust policy. */
export class UnusableInputError extends Error {
  override readonly name = "UnusableInputError";
  readonly code: "ERR_BUNDLE" | "ERR_TRUST_POLICY";
  constructor({ code, message }: Refusal<"ERR_BUNDLE" | "ERR_TRUST_POLICY">) {
    super(message);
    this.code = code;
  }
}

/**
 * Verifies a bundle under a trust policy, both parsed JSON of unknown origin.
 *
 * `valid` guarantees that every receipt was signed by a trusted key of the right role, that the chain is a whole lawful run,
 * and that every artifact is the one named. It does not say that the signers' words are true: see the report's `notChecked`, and
 * docs/threat-model.md.
 *
 * @param options.run  the run that the caller means to verify; another one is invalid.
 * @param options.head a place and the digest of the receipt that has to stand there.
 * @param options.require what has to have been executed. Each is a check `require`, and none of them changes the verdict.
 * @throws {UnusableInputError} when the bundle is not one of this version or the trust policy is unsound.
 * @example
 * import { readFile } from "node:fs/promises";
 * import { readDocument, verify } from "countersign/chain";
 *
 * const bundle = readDocument(await readFile("bundle.json"));
 * const trust = readDocument(await readFile("trust.json")); // a copy that you keep, not one from beside the bundle
 * if (!bundle.ok || !trust.ok) throw new Error("expected two JSON documents");
 * const { report, run } = await verify(bundle.value, trust.value, { run: "run-1" });
 * if (report.verdict !== "valid") console.error(report.checks.filter((check) => !check.ok));
 * console.log(run?.rounds.map(({ action, execution }) => [action.method, execution?.status]));
 */
export async function verify(
  bundle: unknown,
  trustPolicy: unknown,
  options: VerifyOptions = {},
): Promise<Verification> {
  const trust = readTrustPolicy(trustPolicy);
  if (!trust.ok) throw new UnusableInputError(trust.refusal);
  const parsed = readBundle(bundle);
  if (!parsed.ok) throw new UnusableInputError(parsed.refusal);
  const { report, run } = await inspect(parsed.value, trust.value, options);
  return { report: withRequirements(report, run, options.require), run };
}

/** A verification, and what was read on the way to it. `artifacts` are those at hand. */
export interface Inspection extends Verification {
  readonly replayed: Replay;
  readonly artifacts: Artifacts;
}

/** {@link verify} for inputs whose outer shape has been checked, without requirements. */
export async function inspect(
  bundle: UnverifiedBundle,
  trust: Trust,
  options: Pick<VerifyOptions, "run" | "head"> = {},
): Promise<Inspection> {
  const { sound, altered } = decodeArtifacts(bundle.artifacts);
  const artifacts: Artifacts = (sha256) => sound.get(sha256);
  const replayed = await replay(bundle.receipts, trust, artifacts);
  const checks: Check[] = [
    {
      id: "trust",
      ok: true,
      message: `${trust.keys.size} keys of ${trust.issuer} are trusted, and no other`,
    },
    ...checkBundle(bundle, replayed, options.run),
    ...replayed.receipts.flatMap(checkReceipt),
    ...checkHead(replayed, options.head),
    ...checkArtifacts(replayed, sound, altered),
  ];
  checks.push(...(await checkLog(bundle, replayed, trust)));
  const sealed = checks.every(({ ok }) => ok);
  const complete = replayed.state.last === "handoff";
  if (sealed) checks.push(checkComplete(complete));
  const report: Report = {
    verdict: !sealed ? "invalid" : complete ? "valid" : "incomplete",
    run: bundle.run,
    count: bundle.receipts.length,
    head: replayed.receipts.at(-1)?.receipt?.digest ?? null,
    checks,
    notChecked: listNotChecked(bundle, replayed, trust, options.run),
  };
  return { report, run: sealed ? verifiedRun(replayed.state) : null, replayed, artifacts };
}

/** A report with a check for each requirement, the last ones. A chain that is invalid is asked nothing. */
export function withRequirements(
  report: Report,
  run: VerifiedRun | null,
  requirements: Requirements | undefined,
): Report {
  if (!run || !requirements) return report;
  const checks = judgeRequirements(run, requirements).map(
    ({ what, met }): Check => ({
      id: "require",
      ok: met,
      message: met ? `${what}, as required` : `required, and not met: ${what}`,
    }),
  );
  return { ...report, checks: [...report.checks, ...checks] };
}

function checkBundle(
  bundle: UnverifiedBundle,
  { receipts, state }: Replay,
  wanted: string | undefined,
): Check[] {
  const id = "bundle";
  if (wanted !== undefined && bundle.run !== wanted) {
    return [
      { id, ok: false, code: "ERR_RUN_UNEXPECTED", message: `expected run ${wanted}, got ${bundle.run}` },
    ];
  }
  if (receipts.length === 0)
    return [{ id, ok: false, code: "ERR_CHAIN_EMPTY", message: "the chain holds no receipt" }];
  if (state.run !== null && state.run !== bundle.run) {
    const message = `the bundle says run ${bundle.run}, its receipts say ${state.run}`;
    return [{ id, ok: false, code: "ERR_BUNDLE_RUN", message }];
  }
  return [{ id, ok: true, message: `${receipts.length} receipts of run ${bundle.run}` }];
}

function checkReceipt({ seq, receipt, signature, place }: ReplayedReceipt): Check[] {
  if (signature)
    return [{ id: "signature", ok: false, seq, code: signature.code, message: signature.message }];
  if (!receipt) return [];
  const { kind, keyid } = receipt;
  const signed: Check = {
    id: "signature",
    ok: true,
    seq,
    message: `${kind} is signed by the trusted key ${keyid}`,
  };
  if (place === undefined) return [signed]; // an earlier receipt broke the chain; this one's place cannot be judged
  if (place)
    return [signed, { id: "chain", ok: false, seq, code: place.code, message: `${kind}: ${place.message}` }];
  return [
    signed,
    { id: "chain", ok: true, seq, message: `${kind} follows lawfully from what stands before it` },
  ];
}

function checkHead({ receipts }: Replay, wanted: VerifyOptions["head"]): Check[] {
  if (!wanted) return [];
  const got = receipts[wanted.seq]?.receipt?.digest ?? "no receipt that can be opened";
  if (got === wanted.digest)
    return [{ id: "head", ok: true, message: `receipt ${wanted.seq} is the one you kept` }];
  const message = `expected receipt ${wanted.seq} to be ${wanted.digest}, got ${got}`;
  return [{ id: "head", ok: false, code: "ERR_HEAD", message }];
}

function checkArtifacts(
  { receipts }: Replay,
  sound: ReadonlyMap<string, Uint8Array>,
  altered: readonly string[],
): Check[] {
  const failed: Check[] = altered.map((sha256) => ({
    id: "artifacts",
    ok: false,
    code: "ERR_ARTIFACT_ALTERED",
    message: `the artifact ${sha256.slice(0, 80)} does not hash to its name`,
  }));
  const opened = receipts.flatMap(({ receipt }) => (receipt ? [receipt] : []));
  // With a receipt unread, an artifact may well be that one's; only a chain read whole can say that nobody names it.
  if (opened.length === receipts.length) {
    const named = namedArtifacts(opened, (sha256) => sound.get(sha256));
    for (const sha256 of sound.keys()) {
      if (named.has(sha256)) continue;
      const message = `no receipt names the artifact ${sha256}`;
      failed.push({ id: "artifacts", ok: false, code: "ERR_ARTIFACT_UNNAMED", message });
    }
  }
  if (failed.length > 0) return failed;
  const message = `${sound.size} artifacts hash to the names that receipts give them`;
  return [{ id: "artifacts", ok: true, message }];
}

/** The proofs that a log has receipts. Judged only of a chain that was placed whole. */
async function checkLog(
  { anchors }: UnverifiedBundle,
  { state, receipts, refusal }: Replay,
  trust: Trust,
): Promise<Check[]> {
  if (refusal) return [];
  const placed = receipts.flatMap(({ receipt }) => receipt ?? []);
  const checked = await checkAnchors(anchors, state, placed, trust);
  if (!checked.ok) return [{ id: "anchor", ok: false, ...checked.refusal }];
  return checked.value.map(({ seq, origin, index, witnesses }) => {
    const seen = witnesses.map(({ name, time }) => `${name} at ${instantOf(time)}`).join(", ");
    const message = `the log ${origin} has receipt ${seq}, as its entry ${index}; seen by ${seen || "no witness"}`;
    return { id: "anchor", ok: true, seq, message };
  });
}

/** Seconds since 1970 as an instant; as they are, beyond the last year that has one. */
function instantOf(time: number): string {
  return time < 253_402_300_800 ? new Date(time * 1000).toISOString().replace(".000Z", "Z") : String(time);
}

function checkComplete(complete: boolean): Check {
  if (complete) return { id: "complete", ok: true, message: "the chain ends in a handoff" };
  const message = "the chain is still open: it does not end in a handoff";
  return { id: "complete", ok: false, code: "ERR_INCOMPLETE", message };
}
