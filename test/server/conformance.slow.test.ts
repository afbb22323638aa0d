// The published corpus of format 2, judged in Chromium: by read-corpus.ts over this package's verifier, bundled for the page and run by
// Chromium's own WebCrypto.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import type { CorpusCase } from "../conformance/case.ts";
import { readCorpus } from "../conformance/read-corpus.ts";
import { openTab } from "./tab.ts";

const CONFORMANCE = join(import.meta.dirname, "../conformance");
const text = readFileSync(join(CONFORMANCE, "corpus.json"), "utf8");

/** A script that says of the corpus's text, case by case, what it is judged to be. */
async function judgeOfThePage(): Promise<string> {
  const contents = `
    import { judge, readCorpus } from "./read-corpus.ts";
    import { follow, readDocument, UnusableInputError, verify } from "../../src/chain/index.ts";
    const verifier = { readDocument, verify, follow, isUnusable: (error) => error instanceof UnusableInputError };
    window.judgeCorpus = async (text) => {
      const judged = [];
      for (const each of readCorpus(text)) judged.push(await judge(each, verifier));
      return judged;
    };`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: CONFORMANCE, loader: "ts" },
    ...{ bundle: true, format: "iife", write: false },
  });
  return outputFiles[0]?.text ?? "";
}

// As long as it takes: a busy machine needs a minute for so many signatures.
describe("the corpus of format 2 in Chromium", { timeout: 300_000 }, () => {
  it("is judged as it states, case by case", async () => {
    const page = await openTab(null);
    // From addresses of the page's own: handing over megabytes in messages takes ten times as long.
    const served = [
      ["corpus/", "text/html", '<script src="judge.js"></script>'],
      ["corpus/judge.js", "text/javascript", await judgeOfThePage()],
      ["corpus/corpus.json", "application/json", text],
    ] as const;
    for (const [path, contentType, body] of served)
      await page.route(`**/${path}`, (route) => route.fulfill({ contentType, body }));
    await page.goto("/corpus/");
    const told = await page.evaluate<CorpusCase["expect"][]>(
      "fetch('corpus.json').then((answer) => answer.text()).then((text) => judgeCorpus(text))",
    );
    const cases = readCorpus(text);
    expect(told.length).toBe(cases.length);
    expect(told.length).toBeGreaterThan(2300);
    const wrong = cases.flatMap(({ name, expect: stated }, i) =>
      JSON.stringify(told[i]) === JSON.stringify(stated) ? [] : [{ name, stated, told: told[i] }],
    );
    expect(wrong).toEqual([]);
  });
});
