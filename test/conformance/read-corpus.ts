// Reads corpus.json as README.md describes it, and judges one case with our verifier, in the corpus's own words.
// Runs wherever the verifier runs: Node, workerd, a browser.
import { follow, type Report, UnusableInputError, verify } from "../../src/chain/index.ts";
import type { ConformanceCase, Expected, LineageCase, UnusableCase } from "./case.ts";
import { isRecord, type Json } from "./json-edit.ts";

/** A case as published. */
export type CorpusCase = ConformanceCase | LineageCase | UnusableCase;

/** Every case of the corpus's text, its references resolved. */
export function readCorpus(text: string): CorpusCase[] {
  const { shared, cases }: { shared: Json[]; cases: Json[] } = JSON.parse(text);
  return cases.map((each): CorpusCase => JSON.parse(JSON.stringify(resolve(each, shared))));
}

function resolve(value: Json, shared: readonly Json[]): Json {
  if (Array.isArray(value)) return value.map((item: Json) => resolve(item, shared));
  if (!isRecord(value)) return value;
  if (typeof value.$ref === "number") return resolve(shared[value.$ref] ?? null, shared);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member, shared)]));
}

/** What our verifier says of a case, in the form of its `expect`. Anything that verify may not throw is thrown on. */
export async function judge(each: CorpusCase): Promise<CorpusCase["expect"]> {
  try {
    if (!("follow" in each) || !each.follow) return tell(await verify(each.bundle, each.trust));
    const { trusts, parents } = each.follow;
    const { runs } = await follow(each.bundle, [each.trust, ...trusts], { parents });
    const [newest, ...before] = runs.map(({ report }) => tell(report));
    if (!newest) throw new Error("expected a report of the newest run");
    return { ...newest, parents: before };
  } catch (error) {
    if (error instanceof UnusableInputError) return { unusable: error.code };
    throw error;
  }
}

function tell({ verdict, checks }: Report): Expected {
  const failed = checks.find(({ ok, code }) => !ok && code !== "ERR_INCOMPLETE");
  const { code = null, seq } = failed ?? {};
  return { verdict, code, ...(seq === undefined ? {} : { seq }) };
}
