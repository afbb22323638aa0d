// The run page for every lawful chain of the conformance corpus, whole or cut short: states that a live run passes too
// quickly to look at, and texts that nobody types.
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBundle } from "../../src/chain/index.ts";
import { RunPage } from "../../src/view/run-page.tsx";
import { readStory, type Story } from "../../src/view/story.ts";
import { conformanceCases } from "../conformance/corpus.ts";
import { sharedChromium } from "./chromium.ts";

const ORIGIN = "https://countersign.example";
const lawful = conformanceCases.filter(({ expect: { verdict } }) => verdict !== "invalid");

function storyOf(input: unknown): Story {
  const bundle = readBundle(input);
  if (!bundle.ok) throw new Error(bundle.refusal.message);
  const story = readStory(bundle.value);
  if (!story.ok) throw new Error(`${story.refusal.code}: ${story.refusal.message}`);
  return story.value;
}

async function render(story: Story): Promise<string> {
  const now = "2026-11-23T05:30:00.000Z";
  const page = RunPage({ story, keys: new Map(), origin: ORIGIN, now, deciding: { as: "anyone" } });
  return `<!doctype html>${await page.toString()}`;
}

describe("the run page of every lawful chain", () => {
  it.each(lawful)("$name", async ({ bundle }) => {
    const story = storyOf(bundle);
    const html = await render(story);
    const working = story.status === "investigating" || story.status === "executing";
    expect(
      html.includes('<noscript><meta http-equiv="refresh"'),
      "reloads while the run works, without script",
    ).toBe(working);
    expect(html.split('http-equiv="refresh"').length - 1).toBe(working ? 1 : 0);
    expect(html.includes('id="decision"'), "asks for a decision when one is due").toBe(
      story.due === "decision",
    );
    expect(html.match(/id="receipt-\d+"/g) ?? []).toHaveLength(story.receipts.length);
    expect(html.match(/ id="proposal-\d+"/g) ?? []).toHaveLength(story.rounds.length);
    expect(new Set(html.match(/ id="[^"]*"/g)).size, "every id once").toBe(html.match(/ id="/g)?.length);
    expect(html.match(/<script[^>]*>/g), "one script, and none inline").toEqual([
      '<script type="module" src="/build/run-page.js">',
    ]);
  });

  it("of a run that has not signed anything yet reloads and says what is under way", async () => {
    const story = readStory({ run: "run-new", receipts: [], artifacts: {} });
    const html = story.ok ? await render(story.value) : "";
    expect(html).toContain('http-equiv="refresh"');
    expect(html).toContain("None has been signed yet.");
  });

  it("is refused for a chain with a receipt taken out", () => {
    const bundle = readBundle(lawful[0]?.bundle);
    if (!bundle.ok) throw new Error(bundle.refusal.message);
    const story = readStory({ ...bundle.value, receipts: bundle.value.receipts.toSpliced(1, 1) });
    expect(story).toMatchObject({ ok: false, refusal: { code: "ERR_SEQ" } });
  });
});

describe("the run page on a phone", () => {
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    browser = await sharedChromium();
    context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
    await context.route("**/css/*", (route) =>
      route.fulfill({ path: `public${new URL(route.request().url()).pathname}` }),
    );
  });
  afterAll(() => context?.close());

  it("never scrolls sideways, with everything unfolded", async () => {
    const page = await context.newPage();
    for (const { name, bundle } of lawful) {
      const html = (await render(storyOf(bundle)))
        .replace(/<meta http-equiv[^>]*>/, "")
        .replaceAll("<details", "<details open");
      await page.route(`${ORIGIN}/run`, (route) => route.fulfill({ contentType: "text/html", body: html }), {
        times: 1,
      });
      await page.goto(`${ORIGIN}/run`);
      expect(await page.evaluate("document.scrollingElement.scrollWidth"), name).toBeLessThanOrEqual(390);
    }
  });
});
