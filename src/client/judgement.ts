// The verifier's report as a page can show it: grouped by what was checked, and bounded, however long the chain.
// Adds no opinion: verdict, codes and messages are the report's own.
import {
  type Check,
  type FollowedRun,
  follow,
  type Report,
  readBundle,
  UnusableInputError,
  type Verdict,
  verify,
} from "../chain/index.ts";
import { accept, decodeEnvelope, type Result, refuse } from "../receipt/index.ts";
import { envelopeWords } from "../view/receipt-words.ts";
import { type Claims, claimsOf } from "./peek.ts";
import { resultLine } from "./result-line.ts";

/** At most so many receipts, and so many checks of one group, are told one by one. */
const SHOWN = 1000;

/** All checks of one sort. `checks` are the first ones, failures before the others. */
export interface CheckGroup {
  readonly id: Check["id"];
  readonly passed: number;
  readonly failed: number;
  readonly checks: readonly Check[];
}

/**
 * One receipt. `words` are what it claims, null where that cannot be read. `unjudged`: its signature holds, but an earlier fault
 * leaves its place in the chain open.
 */
export interface JudgedReceipt extends Claims {
  readonly seq: number;
  readonly words: string | null;
  /** Of a decision: the id of the key of their own with which its reviewer signed it. */
  readonly key: string | null;
  readonly mark: "holds" | "fails" | "unjudged";
  readonly failure: Check | null;
}

/** What the verifier found. `result` is what the run came to; null unless the chain is sound. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly run: string;
  readonly count: number;
  readonly head: string | null;
  readonly result: string | null;
  /** How long this browser took to verify, in milliseconds. */
  readonly ms: number;
  /** The first check that failed, in the verifier's order. */
  readonly first: Check | null;
  readonly groups: readonly CheckGroup[];
  readonly notChecked: readonly string[];
  readonly receipts: readonly JudgedReceipt[];
}

export type JudgeCode = "ERR_DOCUMENT" | "ERR_BUNDLE" | "ERR_TRUST_POLICY";

/** Verifies a parsed bundle under a parsed trust policy. `run` is the run that is meant, when one is. */
export async function judge(
  bundle: unknown,
  trust: unknown,
  run: string | null,
): Promise<Result<Judgement, JudgeCode>> {
  try {
    const started = performance.now();
    const judged = await verifyWhole(bundle, trust, run === null ? {} : { run });
    const ms = performance.now() - started;
    const read = readBundle(bundle);
    return accept(summarize(judged, read.ok ? read.value.receipts : [], ms));
  } catch (error) {
    if (error instanceof UnusableInputError) return refuse(error.code, error.message);
    throw error;
  }
}

/**
 * A run, and the runs before it as far as the one trust policy reaches. A run of another issuer among them is not invalid: then only
 * the newest is verified, and the report says what was left.
 */
export async function verifyWhole(
  bundle: unknown,
  trust: unknown,
  options: { run?: string },
): Promise<FollowedRun> {
  const { runs } = await follow(bundle, [trust], options);
  const [newest] = runs;
  if (!newest) throw new Error("expected the run itself among those that were followed");
  const foreign = runs.some(({ report }) => report.checks.some(({ code }) => code === "ERR_PARENT_ISSUER"));
  if (foreign) return { ...newest, ...(await verify(bundle, trust, options)) };
  const { report } = newest;
  const followed = report.checks.some(({ id, ok }) => id === "parent" && ok);
  if (!followed) return newest;
  // The report of one run leaves its parent open; this one has followed it.
  const parent = runs[1]?.report.run;
  const notChecked = report.notChecked.filter((line) => !line.startsWith(`the run ${parent}, which`));
  return { ...newest, report: { ...report, notChecked } };
}

function summarize(
  { report, run, receipts }: FollowedRun,
  envelopes: readonly unknown[],
  ms: number,
): Judgement {
  const { checks, ...rest }: Report = report;
  const keys = new Map(receipts.map(({ digest, found }) => [digest as string, found.assertion?.key ?? null]));
  const failures = new Map<number, Check>();
  const placed = new Set<number>();
  for (const check of checks) {
    if (check.seq === undefined) continue;
    if (!check.ok) failures.set(check.seq, check);
    else if (check.id === "chain") placed.add(check.seq);
  }
  return {
    ...rest,
    ms,
    result: run && resultLine(run),
    first: checks.find(({ ok }) => !ok) ?? null,
    groups: groupChecks(checks),
    receipts: envelopes.slice(0, SHOWN).map((envelope, seq) => {
      const failure = failures.get(seq) ?? null;
      const mark = failure ? "fails" : placed.has(seq) ? "holds" : "unjudged";
      const decoded = decodeEnvelope(envelope);
      const words = decoded.ok ? envelopeWords(decoded.value) : null;
      const claims = claimsOf(envelope);
      return { ...claims, seq, words, key: keys.get(claims.digest ?? "") ?? null, mark, failure };
    }),
  };
}

function groupChecks(checks: readonly Check[]): CheckGroup[] {
  const groups = new Map<Check["id"], { passed: Check[]; failed: Check[] }>();
  for (const check of checks) {
    const group = groups.get(check.id) ?? { passed: [], failed: [] };
    groups.set(check.id, group);
    group[check.ok ? "passed" : "failed"].push(check);
  }
  return [...groups].map(([id, { passed, failed }]) => ({
    id,
    passed: passed.length,
    failed: failed.length,
    checks: [...failed, ...passed].slice(0, SHOWN),
  }));
}
