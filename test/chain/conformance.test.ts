// Every case of the published corpus of format 2 is judged exactly as it states.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { follow, readDocument, UnusableInputError, verify } from "../../src/chain/index.ts";
import { judge, readCorpus, type Verifier } from "../conformance/read-corpus.ts";

const corpus = readCorpus(readFileSync(join(import.meta.dirname, "../conformance/corpus.json"), "utf8"));
const verifier: Verifier = {
  readDocument,
  verify,
  follow,
  isUnusable: (error): error is UnusableInputError => error instanceof UnusableInputError,
};

describe("the corpus, judged by our verifier", () => {
  it("is the whole of it", () => {
    expect(corpus.length).toBeGreaterThan(2300);
  });

  it.each(corpus)("$name", async (each) => {
    expect(await judge(each, verifier)).toEqual(each.expect);
  });
});
