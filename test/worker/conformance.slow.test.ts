// The published corpus of format 2 in workerd: every case is judged there exactly as it states.
import { describe, expect, it } from "vitest";
import { follow, readDocument, UnusableInputError, verify } from "../../src/chain/index.ts";
import corpus from "../conformance/corpus.json?raw";
import { judge, readCorpus, type Verifier } from "../conformance/read-corpus.ts";

const verifier: Verifier = {
  readDocument,
  verify,
  follow,
  isUnusable: (error): error is UnusableInputError => error instanceof UnusableInputError,
};

// As long as it takes: a busy machine needs a minute for so many signatures.
describe("the corpus of format 2, in workerd", { timeout: 300_000 }, () => {
  it("is judged as it states, case by case, by workerd's own WebCrypto", async () => {
    expect(navigator.userAgent).toBe("Cloudflare-Workers");
    const cases = readCorpus(corpus);
    expect(cases.length).toBeGreaterThan(2300);
    const wrong: unknown[] = [];
    for (const each of cases) {
      const told = await judge(each, verifier);
      if (JSON.stringify(told) !== JSON.stringify(each.expect))
        wrong.push({ name: each.name, stated: each.expect, told });
    }
    expect(wrong).toEqual([]);
  });
});
