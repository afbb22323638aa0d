// The verifier: one function over (bundle, trust policy). Replays the whole run and lists every check in plain words.
// It trusts nothing in the bundle, fetches nothing, and knows no clock.
import type { Digest, Refusal } from "../receipt/index.ts";
import type { Artifacts } from "./artifacts.ts";
import { decodeArtifacts, namedArtifacts, readBundle, type UnverifiedBundle } from "./bundle.ts";
import type { ChainCode } from "./chain-code.ts";
import { listNotChecked } from "./not-checked.ts";
import type { ParentCode } from "./parent-link.ts";
import { type Replay, type ReplayedReceipt, replay } from "./replay.ts";
import { type ExpectedHead, judgeHead, judgeRequirements, type Requirement } from "./requirement.ts";
import { readTrustPolicy, type Trust } from "./trust-policy.ts";

/** `incomplete`: everything present verifies, but the chain does not end in a handoff. It is not `valid`. */
export type Verdict = "valid" | "incomplete" | "invalid";

/** One check. `seq` is the receipt it is about, `code` why it failed. A failing `require` leaves the verdict as it is. */
export interface Check {
  readonly id:
    | "trust"
    | "bundle"
    | "signature"
    | "chain"
    | "artifacts"
    | "head"
    | "complete"
    | "require"
    | "parent";
  readonly ok: boolean;
  readonly seq?: number;
  readonly code?:
    | ChainCode
    | ParentCode
    | "ERR_INCOMPLETE"
    | "ERR_RUN_UNEXPECTED"
    | "ERR_HEAD"
    | "ERR_REQUIRE";
  readonly message: string;
}

/** What the caller knows of a run and asks of it. */
export interface VerifyOptions {
  /** The run that is meant; another one is invalid. */
  readonly run?: string;
  /** A receipt that the chain must still have at its place; without it the chain is invalid. */
  readonly expectHead?: ExpectedHead;
  /** What must have come of the run: each is a check `require`, made only where the chain is not invalid. The verdict is the same either way. */
  readonly require?: readonly Requirement[];
}

/**
 * What a verifier found. `count` is the number of receipts in the bundle, `head` the digest of the last one (part of a verified
 * chain only if the verdict is not `invalid`), `notChecked` what the verdict does not cover, in sentences.
 */
export interface Report {
  readonly verdict: Verdict;
  readonly run: string;
  readonly count: number;
  readonly head: Digest | null;
  readonly checks: readonly Check[];
  readonly notChecked: readonly string[];
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
 * `valid` does not say that anything was executed, either: a rejected run has a valid chain. Ask for it with `options.require`.
 *
 * @throws {UnusableInputError} when the bundle is not one of this version or the trust policy is unsound.
 * @example
 * import { readFile } from "node:fs/promises";
 * import { readDocument, verify } from "countersign/chain";
 *
 * const bundle = readDocument(await readFile("bundle.json"));
 * const trust = readDocument(await readFile("trust.json")); // a copy that you keep, not one from beside the bundle
 * if (!bundle.ok || !trust.ok) throw new Error("expected two JSON documents");
 * const report = await verify(bundle.value, trust.value, { run: "run-1", require: ["executed"] });
 * const failed = report.checks.filter((check) => !check.ok);
 * if (report.verdict !== "valid" || failed.length > 0) console.error(failed);
 */
export async function verify(
  bundle: unknown,
  trustPolicy: unknown,
  options: VerifyOptions = {},
): Promise<Report> {
  const trust = readTrustPolicy(trustPolicy);
  if (!trust.ok) throw new UnusableInputError(trust.refusal);
  const parsed = readBundle(bundle);
  if (!parsed.ok) throw new UnusableInputError(parsed.refusal);
  return (await inspect(parsed.value, trust.value, options)).report;
}

/** A report, and what was read on the way to it. `artifacts` are those at hand. */
export interface Inspection {
  readonly report: Report;
  readonly replayed: Replay;
  readonly artifacts: Artifacts;
}

/** {@link verify} for inputs whose outer shape has been checked. */
export async function inspect(
  bundle: UnverifiedBundle,
  trust: Trust,
  options: VerifyOptions = {},
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
    ...checkArtifacts(replayed, sound, altered),
    ...checkHead(replayed, options.expectHead),
  ];
  const sealed = checks.every(({ ok }) => ok);
  const complete = replayed.state.last === "handoff";
  if (sealed)
    checks.push(checkComplete(complete), ...checkRequirements(replayed, artifacts, options.require));
  const report: Report = {
    verdict: !sealed ? "invalid" : complete ? "valid" : "incomplete",
    run: bundle.run,
    count: bundle.receipts.length,
    head: replayed.receipts.at(-1)?.receipt?.digest ?? null,
    checks,
    notChecked: listNotChecked(bundle, replayed, trust, options),
  };
  return { report, replayed, artifacts };
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
  return [
    {
      id: "artifacts",
      ok: true,
      message: `${sound.size} artifacts hash to the names that receipts give them`,
    },
  ];
}

function checkHead({ receipts }: Replay, expected: ExpectedHead | undefined): Check[] {
  if (!expected) return [];
  const answer = judgeHead(
    expected,
    receipts.map(({ receipt }) => receipt),
  );
  return [{ id: "head", ...answer, ...(!answer.ok && { code: "ERR_HEAD" }) }];
}

function checkRequirements(
  { receipts, state }: Replay,
  artifacts: Artifacts,
  requirements: readonly Requirement[] = [],
): Check[] {
  const opened = receipts.flatMap(({ receipt }) => receipt ?? []);
  return judgeRequirements(requirements, state, opened, artifacts).map((answer) => ({
    id: "require",
    ...answer,
    ...(!answer.ok && { code: "ERR_REQUIRE" }),
  }));
}

function checkComplete(complete: boolean): Check {
  if (complete) return { id: "complete", ok: true, message: "the chain ends in a handoff" };
  return {
    id: "complete",
    ok: false,
    code: "ERR_INCOMPLETE",
    message: "the chain is still open: it does not end in a handoff",
  };
}
