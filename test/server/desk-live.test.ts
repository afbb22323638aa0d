// The desk that somebody has left open, in a real Chromium: it follows the runs without being loaded again, and leaves the
// visitor where they are. The page's clock stands still unless a test moves it, so nothing here depends on how fast anything is.
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { wordsForAge, wordsForTimeLeft } from "../../src/client/age-words.ts";
import { sharedChromium, stopClock } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { decideRun, listedRuns, startRun } from "./runs.ts";
import { startServer } from "./server.ts";

/** How often an open desk looks again (src/client/poll.ts). */
const INTERVAL_MS = 3_000;

let server: Deployment;
let browser: Browser;
let context: BrowserContext;
/** Errors that no page may have. */
let errors: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), sharedChromium()]);
});
afterAll(async () => {
  await server?.stop();
});
beforeEach(async () => {
  errors = [];
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await stopClock(context);
  context.on("weberror", (error) => errors.push(String(error.error())));
});
afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
});

/** Polls for as long as a busy machine may take. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

/** A desk in a tab of its own, with its clock stopped. `looks` are the statuses of the answers to its script. */
async function openDesk(path = "/"): Promise<{ page: Page; looks: number[] }> {
  const page = await context.newPage();
  const looks: number[] = [];
  page.on("response", (answer) => {
    if (answer.request().resourceType() === "fetch") looks.push(answer.status());
  });
  await page.goto(`${server.origin}${path}`);
  await page.evaluate("window.stillHere = true");
  return { page, looks };
}

/** Until the list has heard of where the run is: the run tells it a little later. */
async function listed({ run, count }: RunView): Promise<void> {
  const entry = async () => (await listedRuns(server.origin)).find((one) => one.run === run)?.count;
  await eventually(entry).toBe(count);
}

const lineOf = (page: Page, { run }: RunView) => page.locator(`#${run}`);
const linesIn = (page: Page, name: string) =>
  page.getByRole("region", { name, exact: true }).getByRole("listitem");
const focusedHref = (page: Page) => page.evaluate("document.activeElement.pathname");

describe("a desk that stands open", () => {
  it("shows, within one interval, a run that waits, says so, and lets it go when it is decided", async () => {
    const { page, looks } = await openDesk();
    await page.evaluate("window.region = document.querySelector('#desk > [role=status].unseen')");
    const said = () => page.evaluate("window.region.isConnected && window.region.textContent");
    const icon = page.locator('link[rel="icon"]');
    expect(await said()).toBe("No run waits for a decision.");

    const run = await startRun(server.origin);
    await listed(run);
    expect([await lineOf(page, run).count(), looks], "nothing without a look").toEqual([0, []]);
    await page.clock.runFor(INTERVAL_MS);
    await lineOf(page, run).waitFor();
    expect(looks).toEqual([200]);
    expect(await linesIn(page, "Waiting for a decision").count()).toBe(1);
    expect(await said()).toBe("1 run waits for a decision.");
    expect(await page.title()).toBe("(1) Decision needed · Countersign");
    expect(await icon.getAttribute("href")).toBe("/favicon-waiting.svg");

    await listed(await decideRun(server.origin, run, "approve"));
    await page.clock.runFor(INTERVAL_MS);
    await eventually(() => linesIn(page, "Waiting for a decision").count()).toBe(0);
    expect(await lineOf(page, run).innerText()).toMatch(/Fixed[\s\S]* → 0 of/);
    expect(await said()).toBe("No run waits for a decision.");
    expect([await page.title(), await icon.getAttribute("href")]).toEqual(["Countersign", "/favicon.svg"]);
    expect(await page.evaluate("window.stillHere"), "never loaded again").toBe(true);
  });

  it("keeps the focus on the run that has it, also when others decide on it, and tells what became of it", async () => {
    const [other, run] = [await startRun(server.origin), await startRun(server.origin)];
    await Promise.all([other, run].map(listed));
    const { page } = await openDesk();
    await lineOf(page, run).getByRole("link").focus();
    await page.evaluate("window.focused = document.activeElement");

    await listed(await decideRun(server.origin, other, "reject"));
    await page.clock.runFor(INTERVAL_MS);
    await lineOf(page, other).getByText("Rejected").waitFor();
    expect(await page.evaluate("document.activeElement === window.focused"), "never let go of").toBe(true);

    await listed(await decideRun(server.origin, run, "reject"));
    await page.clock.runFor(INTERVAL_MS);
    await lineOf(page, run).getByText("Rejected").waitFor();
    expect(await focusedHref(page)).toBe(`/runs/${run.run}`);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${server.origin}/runs/${run.run}`);
  });

  it("leaves what is being read where it is when a run comes in above it", async () => {
    const { page } = await openDesk();
    await page.setViewportSize({ width: 1280, height: 500 });
    const heading = page.getByRole("heading", { name: "How to check a run" });
    await heading.scrollIntoViewIfNeeded();
    const place = async () => (await heading.boundingBox())?.y ?? Number.NaN;
    const before = await place();
    const run = await startRun(server.origin);
    await listed(run);
    await page.clock.runFor(INTERVAL_MS);
    await lineOf(page, run).waitFor();
    // A line is some 90 pixels high; the browser may be out by a fraction of one.
    await eventually(async () => Math.abs((await place()) - before)).toBeLessThan(2);
  });

  it("keeps ages and times left true without asking, and says when the time is over", async () => {
    const run = await startRun(server.origin);
    await listed(run);
    const { page } = await openDesk();
    const [age, left] = [lineOf(page, run).locator(".age"), lineOf(page, run).locator(".left")];
    const shown = async () => [await age.innerText(), await left.innerText()];
    const at = async (from: Locator, name: string) => Date.parse((await from.getAttribute(name)) ?? "");
    const made = await at(page.locator("#desk"), "data-now");
    const [since, until] = [await at(age, "datetime"), await at(left, "datetime")];
    const wordsAfter = (ms: number) => [wordsForAge(since, made + ms), wordsForTimeLeft(until, made + ms)];

    expect(await shown()).toEqual(wordsAfter(0));
    await page.route("**/*", (route) => route.abort());
    let passed = 0;
    for (const minutes of [10, 60]) {
      await page.clock.fastForward(minutes * 60_000 - 1_000);
      await page.clock.runFor(1_000);
      passed += minutes * 60_000;
      expect(await shown()).toEqual(wordsAfter(passed));
    }
    expect(await left.innerText()).toBe("the time to decide is over");
    expect(await page.locator("[aria-live] time, [role=status] time").count()).toBe(0);
  });

  it("asks nothing while nobody sees it and at once when somebody does, and is told in a word when nothing has changed", async () => {
    const { page, looks } = await openDesk();
    // No headless browser hides a tab, so the tab is told what a browser would tell it.
    const show = (state: "hidden" | "visible") =>
      page.evaluate(`
        Object.defineProperty(document, "hidden", { value: ${state === "hidden"}, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      `);
    await show("hidden");
    const run = await startRun(server.origin);
    await listed(run);
    await page.clock.runFor(20 * INTERVAL_MS);
    expect(looks).toEqual([]);
    await show("visible");
    await lineOf(page, run).waitFor();
    await page.clock.runFor(INTERVAL_MS);
    await eventually(() => looks).toEqual([200, 304]);
  });

  it("follows on a further page of its list too", async () => {
    const { page } = await openDesk("/?status=awaiting_decision");
    const run = await startRun(server.origin);
    await listed(run);
    await page.clock.runFor(INTERVAL_MS);
    await lineOf(page, run).waitFor();
  });

  it("shows where things are when a visitor comes back to it from a run", async () => {
    const run = await startRun(server.origin);
    await listed(run);
    const { page } = await openDesk();
    await lineOf(page, run).getByRole("link").click();
    await page.waitForURL(`${server.origin}/runs/${run.run}`);
    await listed(await decideRun(server.origin, run, "reject"));
    await page.goBack();
    await lineOf(page, run).getByText("Rejected").waitFor();
  });

  it("says when it is out of touch, and recovers by itself", async () => {
    const { page } = await openDesk();
    const note = page.getByText("Out of touch with the server");
    await context.setOffline(true);
    await page.clock.runFor(INTERVAL_MS);
    await note.waitFor();
    const run = await startRun(server.origin);
    await listed(run);
    await context.setOffline(false);
    await lineOf(page, run).waitFor();
    await note.waitFor({ state: "hidden" });
    expect(await page.evaluate("window.stillHere"), "never loaded again").toBe(true);
  });
});
