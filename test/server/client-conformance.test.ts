// The whole conformance corpus, judged in Chromium: by the very verifier that visitors get, over the same messages, and where
// a case is about more than one run, which that verifier does not follow, by the package's `follow`.
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Judgement } from "../../src/client/judgement.ts";
import type { Numbered, ReplyTo, Request } from "../../src/client/verifier-protocol.ts";
import { corpusCases } from "../conformance/corpus.ts";
import type { CorpusCase } from "../conformance/read-corpus.ts";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { startServer } from "./server.ts";

type Judged = ReplyTo<Extract<Request, { ask: "judge" }>>;

let server: Deployment;
let browser: Browser;
let page: Page;

const cases = corpusCases.filter((each) => !("follow" in each));
const lineages = corpusCases.filter((each) => "follow" in each);

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), sharedChromium()]);
  page = await browser.newPage();
  await page.goto(`${server.origin}/verify`);
});
afterAll(async () => {
  await page?.close();
  await server?.stop();
});

/** Runs in the page: asks a fresh verifier each question in turn. */
const JUDGE_ALL = `async (questions) => {
  const worker = new Worker("/build/verifier.js", { type: "module" });
  const replies = [];
  for (const question of questions) {
    replies.push(await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = () => reject(new Error("the verifier broke down"));
      worker.postMessage(question);
    }));
  }
  worker.terminate();
  return replies;
}`;

// As long as it takes: a busy machine needs minutes for so many signatures.
describe("the corpus in Chromium", { timeout: 300_000 }, () => {
  it("is judged as it states, case by case", async () => {
    const questions: Numbered<Request>[] = cases.map(({ bundle, trust }, id) => ({
      id,
      message: { ask: "judge", bundle: JSON.stringify(bundle), trust: JSON.stringify(trust), run: null },
    }));
    const judgeAll =
      await page.evaluateHandle<(asked: typeof questions) => Promise<Numbered<Judged>[]>>(JUDGE_ALL);
    const replies = await page.evaluate(({ judge, asked }) => judge(asked), {
      judge: judgeAll,
      asked: questions,
    });
    expect(replies.map(({ id }) => id)).toEqual(cases.map((_, id) => id));
    const wrong = cases.flatMap(({ name, expect: stated }, i) => {
      const told = tell(replies[i]?.message);
      return JSON.stringify(told) === JSON.stringify(stated) ? [] : [{ name, stated, told }];
    });
    expect(wrong).toEqual([]);
    expect(replies.length).toBeGreaterThanOrEqual(675);
  });

  it("is judged as it states where runs are followed, case by case", async () => {
    const judgeLineages = await page.evaluateHandle<JudgeLineages>(await lineageJudge());
    const told = await page.evaluate(({ judge, asked }) => judge(asked), {
      judge: judgeLineages,
      asked: JSON.stringify(lineages),
    });
    expect(told).toEqual(lineages.map(({ expect: stated }) => stated));
    expect(told.length).toBeGreaterThan(50);
  });
});

type JudgeLineages = (cases: string) => Promise<CorpusCase["expect"][]>;

/** Runs in the page: `judge` of read-corpus.ts with everything it imports, over cases as JSON text. */
async function lineageJudge(): Promise<string> {
  const contents = `import { judge } from "./read-corpus.ts";
    export default async (text) => { const told = []; for (const each of JSON.parse(text)) told.push(await judge(each)); return told; };`;
  const resolveDir = join(import.meta.dirname, "../conformance");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, loader: "ts" },
    bundle: true,
    format: "iife",
    globalName: "corpus",
    write: false,
  });
  return `(() => { ${outputFiles[0]?.text} return corpus.default; })()`;
}

/** A reply in the words of the corpus. */
function tell(reply: Judged | undefined) {
  if (!reply?.ok) return { unusable: reply?.refusal.code };
  const { verdict, first }: Judgement = reply.value;
  if (!first || first.code === "ERR_INCOMPLETE") return { verdict, code: null };
  return { verdict, code: first.code, ...(first.seq === undefined ? {} : { seq: first.seq }) };
}
