// The whole conformance corpus, judged in Chromium by the very verifier that visitors get, over the same messages.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Judgement } from "../../src/client/judgement.ts";
import type { Numbered, ReplyTo, Request } from "../../src/client/verifier-protocol.ts";
import { conformanceCases, unusableCases } from "../conformance/corpus.ts";
import { launchChromium } from "./chromium.ts";
import { type DevServer, startServer } from "./dev-server.ts";

type Judged = ReplyTo<Extract<Request, { ask: "judge" }>>;

let server: DevServer;
let browser: Browser;
let page: Page;

const cases = [...conformanceCases, ...unusableCases];

beforeAll(async () => {
  [server, { browser }] = await Promise.all([startServer(), launchChromium()]);
  page = await browser.newPage();
  await page.goto(`${server.origin}/verify`);
});
afterAll(async () => {
  await browser?.close();
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

describe("the corpus in Chromium", () => {
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
});

/** A reply in the words of the corpus. */
function tell(reply: Judged | undefined) {
  if (!reply?.ok) return { unusable: reply?.refusal.code };
  const { verdict, first }: Judgement = reply.value;
  if (!first || first.code === "ERR_INCOMPLETE") return { verdict, code: null };
  return { verdict, code: first.code, ...(first.seq === undefined ? {} : { seq: first.seq }) };
}
