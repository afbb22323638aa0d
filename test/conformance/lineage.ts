// One lineage of the corpus as a row: a newest run, what is said of it and of each run before it, and what else is given.
import { abroad } from "./abroad.ts";
import type { Expected, LineageCase } from "./case.ts";
import { type ChainOptions, writeChain } from "./chain-writer.ts";
import { continued } from "./continued.ts";
import { TRUST } from "./fixed-keys.ts";
import type { Edit, Json } from "./json-edit.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios.ts";

/** Name, the newest run's bundle, what is said of it and of each run before it, and what else the verifier is given. */
export type LineageRow = readonly [
  name: string,
  bundle: Json,
  said: Expected,
  before: readonly Expected[],
  given?: { readonly trust?: Json; readonly trusts?: readonly Json[]; readonly parents?: readonly Json[] },
];

/** Cases of one axis. */
export function lineages(axis: string, why: string, rows: readonly LineageRow[]): LineageCase[] {
  return rows.map(([name, bundle, said, before, { trust = TRUST, trusts = [], parents = [] } = {}]) => ({
    name: `${axis}: ${name}`,
    axis,
    why,
    bundle,
    trust,
    follow: { trusts, parents },
    expect: { ...said, parents: before },
  }));
}

export const VALID: Expected = { verdict: "valid", code: null };
export const INCOMPLETE: Expected = { verdict: "incomplete", code: null };

/** An invalid run, by its first failing check. */
export function refused(code: Expected["code"], seq?: number): Expected {
  return { verdict: "invalid", code, ...(seq === undefined ? {} : { seq }) };
}

export const edited = (value: Json, edit: Edit) => edit(value, { digests: [] });

/** A run that has ended and can be continued. */
export const finished = (name: ScenarioName, run = "run-0", options: ChainOptions = {}) =>
  writeChain(SCENARIOS[name], { run, ...options });

/** Most lineages begin with one of these: a rejected run, here and in another deployment. */
export const rejected = finished("rejected");
export const foreign = writeChain(abroad(SCENARIOS.rejected), { run: "run-0" });
/** The run that continues the first of them. */
export const child = continued(rejected).bundle;

export const CHECKOUT = "export const status = 500;\n";
/** A repository with a file of a name that is special to JavaScript. */
export const NAMED: Readonly<Record<string, string>> = JSON.parse(
  '{"__proto__":"a file\\n","src/checkout.js":"export const status = 500;\\n"}',
);

/** A run, the one that it continues, and the given one before both. */
export const generations = (first: Parameters<typeof continued>[0]) =>
  continued(continued(first, { steps: SCENARIOS.expired }), { run: "run-2" }).bundle;
