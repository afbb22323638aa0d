// The published corpus in workerd: every case is judged there exactly as it states.
import { describe, expect, it } from "vitest";
import corpus from "../conformance/corpus.json?raw";
import { judge, readCorpus } from "../conformance/read-corpus.ts";

const cases = readCorpus(corpus);

describe("the corpus, in workerd", () => {
  it("is the whole of it, judged by workerd's own WebCrypto", () => {
    expect(navigator.userAgent).toBe("Cloudflare-Workers");
    expect(cases.length).toBeGreaterThan(700);
  });

  it.each(cases)("$name", async (each) => {
    expect(await judge(each)).toEqual(each.expect);
  });
});
