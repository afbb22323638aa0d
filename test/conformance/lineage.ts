// One lineage of the corpus as a row: a newest run, what is said of it and of each run before it, and what else is given.
import { abroad } from "./abroad.ts";
import { type CorpusCase, type Expected, nameOf } from "./case.ts";
import { type ChainOptions, writeChain } from "./chain-writer.ts";
import { continued } from "./continued.ts";
import { TRUST } from "./fixed-keys.ts";
import type { Json } from "./json-edit.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios.ts";

/** The rule that is broken, or null; a name, the newest run's bundle, and what is said of it and of each run before it. */
export type LineageRow = readonly [
  rule: number | null,
  name: string,
  bundle: Json,
  said: Expected,
  before: readonly Expected[],
  given?: {
    readonly trust?: Json;
    readonly trusts?: readonly Json[];
    readonly parents?: readonly Json[];
    readonly expectRun?: string;
    readonly expectHead?: string;
  },
];

/** Cases of one axis. */
export function lineages(axis: string, why: string, rows: readonly LineageRow[]): CorpusCase[] {
  return rows.map(
    ([rule, name, bundle, said, before, { trust = TRUST, trusts = [], parents = [], ...expected } = {}]) => ({
      name: nameOf(rule, axis, name),
      axis,
      ...(rule === null ? {} : { rule }),
      why,
      bundle,
      trust,
      ...expected,
      follow: { trusts, parents },
      expect: { ...said, parents: before },
    }),
  );
}

/** A run that has ended and can be continued. */
export const finished = (name: ScenarioName, run = "run-0", options: ChainOptions = {}) =>
  writeChain(SCENARIOS[name], { run, ...options });

/** Most lineages begin with one of these: a run in which nothing happened, here and in another deployment. */
export const ended = finished("notRun");
export const foreign = writeChain(abroad(SCENARIOS.notRun), { run: "run-0" });
/** The run that continues the first of them. */
export const child = continued(ended).bundle;

/** A run, the one that it continues, and the given one before both. */
export const generations = (first: Parameters<typeof continued>[0]) =>
  continued(continued(first, { steps: SCENARIOS.notRun }), { run: "run-2" }).bundle;
