// The published corpus, judged case by case: what conformance.test.ts does, without making the corpus anew for each mutant.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { judge, readCorpus } from "../conformance/read-corpus.ts";

const corpus = readCorpus(readFileSync(join(import.meta.dirname, "../conformance/corpus.json"), "utf8"));

it.each(corpus)("$name", async (each) => {
  expect(await judge(each)).toEqual(each.expect);
});
