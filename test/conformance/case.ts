// One case of the corpus: a bundle, a trust policy, and what a verifier must say of them.
// A negative case is wrong on one axis only and correctly signed wherever that axis is not the signature.
import type { ChainCode, Check, Verdict } from "../../src/chain/index.ts";
import { type ChainOptions, writeChain } from "./chain-writer.ts";
import { TRUST } from "./fixed-keys.ts";
import type { Edit, Json } from "./json-edit.ts";
import { SCENARIOS } from "./scenarios.ts";
import { amend, type Step } from "./step.ts";

/** `code` and `seq` are those of the first check that failed; `code` is null where no receipt or artifact is refused. */
export interface Expected {
  readonly verdict: Verdict;
  readonly code: NonNullable<Check["code"]> | null;
  readonly seq?: number;
}

interface Given {
  readonly name: string;
  readonly axis: string;
  readonly why: string;
  readonly bundle: Json;
  readonly trust: Json;
}

export interface ConformanceCase extends Given {
  readonly expect: Expected;
}

/** What following takes beyond `bundle` and `trust`: policies of further issuers, and parents that the caller holds. */
export interface Follow {
  readonly trusts: readonly Json[];
  readonly parents: readonly Json[];
}

/** A run that is followed. `parents` is what is said of the runs before it, nearest first. */
export interface LineageCase extends Given {
  readonly follow: Follow;
  readonly expect: Expected & { readonly parents: readonly Expected[] };
}

/** Input that cannot be judged at all. */
export interface UnusableCase extends Given {
  readonly follow?: Follow;
  readonly expect: { readonly unusable: "ERR_BUNDLE" | "ERR_TRUST_POLICY" };
}

interface Story {
  readonly name: string;
  readonly why: string;
  /** The scenario; an approved write when not said. */
  readonly from?: readonly Step[];
  readonly options?: ChainOptions;
  readonly trust?: Json;
}

export interface Fault extends Story {
  readonly code: ChainCode;
  /** The receipt that is refused; not given when the fault is the bundle's. */
  readonly seq?: number;
  /** The step that is amended: the refused one when not said. */
  readonly at?: number;
  readonly step?: Partial<Step>;
  /** Short for `step: { edit }`. */
  readonly edit?: Edit;
}

/** A fault in one line: code, name, receipt, edit, why, and the scenario when it is not an approved write. */
export type Row = readonly [
  code: Fault["code"],
  name: string,
  seq: number,
  edit: Edit,
  why: string,
  from?: readonly Step[],
];

/** Spells rows out. */
export function fromRows(rows: readonly Row[], options: ChainOptions = {}): Fault[] {
  return rows.map(([code, name, seq, edit, why, from]) => ({
    name,
    why,
    code,
    seq,
    edit,
    options,
    ...(from ? { from } : {}),
  }));
}

/** Negative cases of one axis. */
export function faults(axis: string, list: readonly Fault[]): ConformanceCase[] {
  return list.map(
    ({ name, why, code, seq, at = seq, from = SCENARIOS.approved, step, edit, options, trust }) => {
      const amendment = { ...step, ...(edit ? { edit } : {}) };
      const steps = at === undefined ? from : amend(from, at, amendment);
      return {
        name: `${axis}: ${name}`,
        axis,
        why,
        bundle: writeChain(steps, options).bundle,
        trust: trust ?? TRUST,
        expect: { verdict: "invalid", code, ...(seq === undefined ? {} : { seq }) },
      };
    },
  );
}

/** Positive cases of one axis. */
export function sound(axis: string, list: readonly Story[], verdict: Verdict = "valid"): ConformanceCase[] {
  return list.map(({ name, why, from = SCENARIOS.approved, options, trust }) => ({
    name: `${axis}: ${name}`,
    axis,
    why,
    bundle: writeChain(from, options).bundle,
    trust: trust ?? TRUST,
    expect: { verdict, code: null },
  }));
}
