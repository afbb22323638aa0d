// Reads corpus.json as README.md describes it, and judges one case with our verifier, in the corpus's own words.
// Runs wherever the verifier runs: Node, workerd, a browser.
import { UnusableInputError, verify } from "../../src/chain/index.ts";
import type { ConformanceCase, UnusableCase } from "./case.ts";
import { isRecord, type Json } from "./json-edit.ts";

/** A case as published. */
export type CorpusCase = ConformanceCase | UnusableCase;

/** Every case of the corpus's text, its references resolved. */
export function readCorpus(text: string): CorpusCase[] {
  const { shared, cases }: { shared: Json[]; cases: CorpusCase[] } = JSON.parse(text);
  return cases.map((each) => ({
    ...each,
    bundle: resolve(each.bundle, shared),
    trust: resolve(each.trust, shared),
  }));
}

function resolve(value: Json, shared: readonly Json[]): Json {
  if (Array.isArray(value)) return value.map((item: Json) => resolve(item, shared));
  if (!isRecord(value)) return value;
  if (typeof value.$ref === "number") return resolve(shared[value.$ref] ?? null, shared);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member, shared)]));
}

/** What our verifier says of a case, in the form of its `expect`. Anything that verify may not throw is thrown on. */
export async function judge({ bundle, trust }: CorpusCase): Promise<CorpusCase["expect"]> {
  try {
    const { verdict, checks } = await verify(bundle, trust);
    const failed = checks.find(({ ok, code }) => !ok && code !== "ERR_INCOMPLETE");
    const { code = null, seq } = failed ?? {};
    return { verdict, code, ...(seq === undefined ? {} : { seq }) };
  } catch (error) {
    if (error instanceof UnusableInputError) return { unusable: error.code };
    throw error;
  }
}
