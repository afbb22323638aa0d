// What a live update moves under the eyes of somebody who reads, in a real Chromium by its own measure (Layout Instability):
// next to nothing. What this browser has verified stays marked while it verifies what has come since.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sharedChromium, stopClock } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { eventually, statusOf, verified } from "./run-tab.ts";
import { decideRun, listedRuns, startRun } from "./runs.ts";
import { startServer } from "./server.ts";

let server: Deployment;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), sharedChromium()]);
});
afterAll(async () => {
  await server?.stop();
});

const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
] as const;

/** Most that may move: the share of the window times how far, summed up. */
const MOST = 0.02;

/** Collects from now on what moves without anybody having touched the page. */
const WATCH = `
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) window.shifts.push([value, ...sources.map(({ node, previousRect, currentRect }) =>
        [node?.outerHTML?.slice(0, 80) ?? node?.nodeValue, previousRect.y, currentRect.y, previousRect.height, currentRect.height].join(" "))]);
  }).observe({ type: "layout-shift" });
`;

/** Notes the fewest marks that stand and every verdict, at each change of them. */
const WATCH_MARKS = `
  window.fewest = Infinity;
  window.verdicts = new Set();
  window.lowest = Infinity;
  const look = () => {
    window.fewest = Math.min(window.fewest, document.querySelectorAll(".receipt-mark.is-held").length);
    window.verdicts.add(document.querySelector("#browser-check").textContent.replace(/\\d+ ms/, "n ms"));
    window.lowest = Math.min(window.lowest, document.querySelector("#browser-check").offsetHeight);
  };
  look();
  new MutationObserver(look).observe(document.querySelector("#receipts"), { subtree: true, childList: true, attributes: true });
`;

async function moved(page: Page): Promise<{ sum: number; shifts: unknown[] }> {
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  const shifts = await page.evaluate<[number, ...string[]][]>("window.shifts");
  return { sum: shifts.reduce((sum, [value]) => sum + value, 0), shifts };
}

async function openRun(run: string, viewport: (typeof SIZES)[number]): Promise<Page> {
  const context = await browser.newContext({ viewport });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`${server.origin}/runs/${run}`);
  await verified(page);
  return page;
}

/** Where whoever waits stands. */
const PLACES = [
  ["at the head", "scrollTo(0, 0)"],
  ["at the change", "document.querySelector('.diff').scrollIntoView()"],
  [
    "at the decision",
    "scrollBy(0, document.querySelector('article').getBoundingClientRect().bottom - innerHeight)",
  ],
] as const;

describe.each(SIZES)("at $width px", (size) => {
  it.each(PLACES)("a decision from another tab moves next to nothing, %s", async (name, go) => {
    const run = await startRun(server.origin);
    const page = await openRun(run.run, size);
    await page.evaluate(go);
    await page.evaluate(`${WATCH}${WATCH_MARKS}`);
    await decideRun(server.origin, run, "approve");
    await eventually(() => page.locator(".receipt-mark.is-held").count()).toBe(8);
    expect(await statusOf(page).innerText()).not.toContain("Decision needed");
    const { sum, shifts } = await moved(page);
    process.stdout.write(
      `Layout shift of a decision from another tab, ${size.width} px, ${name}: ${sum.toFixed(4)}\n`,
    );
    expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThan(MOST);
    expect(await page.evaluate("window.fewest"), "marks that stood").toBe(4);
    const verdicts = await page.evaluate<string[]>("[...window.verdicts]");
    expect(verdicts.map((words) => words.slice(0, 12))).toEqual(["Verified so ", "Verified in "]);
    const height = await page.evaluate("document.querySelector('#browser-check').offsetHeight");
    expect(await page.evaluate("window.lowest"), "the verdict never shrinks").toBe(height);
  });

  it("a page that loads, and is verified, moves next to nothing", async () => {
    const run = await startRun(server.origin);
    const context = await browser.newContext({ viewport: size });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.addInitScript(WATCH);
    await page.goto(`${server.origin}/runs/${run.run}`);
    await verified(page);
    const { sum, shifts } = await moved(page);
    expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThan(MOST);
  });

  it("a run that comes in leaves the desk's button where it is, and is to be seen at once", async () => {
    const context = await browser.newContext({ viewport: size });
    onTestFinished(() => context.close());
    await stopClock(context);
    const page = await context.newPage();
    await page.goto(server.origin);
    const button = page.getByRole("button", { name: "Fire the checkout alert" });
    const before = await button.boundingBox();
    const others = await listedRuns(server.origin);
    const { run } = await startRun(server.origin);
    await eventually(async () => (await listedRuns(server.origin)).length).toBe(others.length + 1);
    await page.clock.runFor(3_000);
    await page.locator(`#${run}`).waitFor();
    expect(await button.boundingBox()).toEqual(before);
    const first = await page.locator(".run-line").first().boundingBox();
    expect((first?.y ?? 0) + (first?.height ?? 0), "on the first screen").toBeLessThanOrEqual(size.height);
  });
});
