// One case of the corpus: what a verifier is given, and what it must say. A negative case breaks one rule and is correctly linked
// and signed wherever that rule is not about links or signatures. It ends with the receipt at fault unless its row says
// otherwise, so a verifier that misses the rule says `incomplete` where `invalid` is due.
import { type ChainOptions, writeChain } from "./chain-writer.ts";
import { TRUST } from "./fixed-keys.ts";
import type { Edit, Json } from "./json-edit.ts";
import { codeOf } from "./rules.ts";
import { SCENARIOS } from "./scenarios.ts";
import { amend, type Step } from "./step.ts";

export type Verdict = "valid" | "incomplete" | "invalid";

/** `code` and `seq` are those of the first check that failed; `code` is null where no receipt or artifact is refused. */
export interface Expected {
  readonly verdict: Verdict;
  readonly code: string | null;
  readonly seq?: number;
}

export type Unusable = "ERR_DOCUMENT" | "ERR_TRUST_POLICY" | "ERR_BUNDLE";

/** What following takes beyond `bundle` and `trust`: policies of further issuers, and parents that the caller holds. */
export interface Follow {
  readonly trusts: readonly Json[];
  readonly parents: readonly Json[];
}

export interface CorpusCase {
  readonly name: string;
  readonly axis: string;
  /** The rule that is broken. */
  readonly rule?: number;
  readonly why: string;
  readonly bundle: Json;
  readonly trust: Json;
  /** The bytes of a document in base64, to be read in the place of `bundle` or `trust`. */
  readonly raw?: { readonly bundle?: string; readonly trust?: string };
  readonly expectRun?: string;
  readonly expectHead?: string;
  readonly follow?: Follow;
  /** `parents`, where the run is followed: what is said of the runs before it, nearest first. */
  readonly expect: (Expected & { readonly parents?: readonly Expected[] }) | { readonly unusable: Unusable };
}

export interface Story {
  /** The scenario; an approved write when not said. */
  readonly from?: readonly Step[];
  readonly options?: ChainOptions;
  readonly trust?: Json;
  readonly expectRun?: string;
  readonly expectHead?: string;
}

type Wrong = Edit | Partial<Step>;

/** A fault in one line: the rule, a name, the receipt that is refused, and what is wrong with it. */
export type Row = readonly [rule: number, name: string, seq: number, wrong: Wrong, story?: Story];
/** Lawful content in one line: a name, the last receipt, and what is unusual about it. */
export type Lawful = readonly [name: string, seq: number, unusual: Wrong, story?: Story];

/** Negative cases of one axis that end with the receipt at fault. */
export function faults(axis: string, why: string, rows: readonly Row[], common: Story = {}): CorpusCase[] {
  return rows.map(([rule, name, seq, wrong, story]) => {
    const given = { ...common, ...story };
    return caseOf(rule, axis, name, why, { ...given, from: cut(given, seq, wrong) }, refused(rule, seq));
  });
}

/** Positive cases of one axis: every receipt up to the last one stands, and the run has not ended. */
export function accepted(
  axis: string,
  why: string,
  rows: readonly Lawful[],
  common: Story = {},
): CorpusCase[] {
  return rows.map(([name, seq, unusual, story]) => {
    const given = { ...common, ...story };
    return caseOf(null, axis, name, why, { ...given, from: cut(given, seq, unusual) }, INCOMPLETE);
  });
}

/** Negative cases of one axis as their story tells them; `seq` is null where the fault is the bundle's. */
export function wholeFaults(
  axis: string,
  why: string,
  rows: readonly (readonly [rule: number, name: string, seq: number | null, story: Story])[],
): CorpusCase[] {
  return rows.map(([rule, name, seq, story]) => caseOf(rule, axis, name, why, story, refused(rule, seq)));
}

/** Positive cases of one axis: whole runs. */
export function sound(
  axis: string,
  why: string,
  rows: readonly (readonly [name: string, story: Story])[],
  verdict: Verdict = "valid",
): CorpusCase[] {
  return rows.map(([name, story]) => caseOf(null, axis, name, why, story, { verdict, code: null }));
}

export const VALID: Expected = { verdict: "valid", code: null };
export const INCOMPLETE: Expected = { verdict: "incomplete", code: null };

/** What is said of a run that breaks a rule. */
export function refused(rule: number, seq: number | null = null): Expected {
  return { verdict: "invalid", code: codeOf(rule), ...(seq === null ? {} : { seq }) };
}

/** The name of a case: one that breaks a rule begins with its number. */
export const nameOf = (rule: number | null, axis: string, name: string): string =>
  `${rule === null ? "" : `rule ${rule}, `}${axis}: ${name}`;

function cut({ from = SCENARIOS.approved }: Story, seq: number, wrong: Wrong): readonly Step[] {
  return amend(from, seq, typeof wrong === "function" ? { edit: wrong } : wrong).slice(0, seq + 1);
}

function caseOf(
  rule: number | null,
  axis: string,
  name: string,
  why: string,
  { from = SCENARIOS.approved, options, trust = TRUST, expectRun, expectHead }: Story,
  expect: Expected,
): CorpusCase {
  return {
    name: nameOf(rule, axis, name),
    axis,
    ...(rule === null ? {} : { rule }),
    why,
    bundle: writeChain(from, options).bundle,
    trust,
    ...(expectRun === undefined ? {} : { expectRun }),
    ...(expectHead === undefined ? {} : { expectHead }),
    expect,
  };
}
