// A tab as a visitor has it, and runs as a client starts them and decides on them.
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, inject, onTestFinished } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { sharedChromium } from "./chromium.ts";

/** Polls for as long as a busy machine may take. */
export const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

export const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
] as const;

async function post(path: string, body: unknown): Promise<RunView> {
  const response = await fetch(`${inject("openOrigin")}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json() as Promise<RunView>;
}

/** Starts a run, which then waits for a decision. */
export const startRun = () => post("/api/runs", {});

/** Decides on a run. */
export const decideRun = ({ run, pending }: RunView, how: "approve" | "reject") =>
  post(`/api/runs/${run}/${how}`, { proposal: pending?.proposal });

/** Asks for changes; the next revision then waits. */
export const changeRun = ({ run, pending }: RunView, feedback: string) =>
  post(`/api/runs/${run}/request-changes`, { proposal: pending?.proposal, feedback });

/** A run that waits, or one that was approved and has ended. */
export async function runThat(state: "waits" | "ended"): Promise<RunView> {
  const waiting = await startRun();
  return state === "waits" ? waiting : decideRun(waiting, "approve");
}

/** A page of its own, which goes with the test. Errors of the page, and violations of its policy, fail the test. */
export async function openTab(path: string | null, options: BrowserContextOptions = {}): Promise<Page> {
  const browser: Browser = await sharedChromium();
  const context = await browser.newContext({ baseURL: inject("openOrigin"), ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    // A page that is answered with an error status is told of by the browser as well.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      errors.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });
  if (path !== null) await page.goto(path);
  return page;
}

/** Opens a run's page and waits until this browser has verified its receipts. */
export async function openRun({ run }: RunView, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await openTab(`/runs/${run}`, options);
  await verified(page);
  return page;
}

/** Shows a document as this server's, without a run behind it: its script would ask for one. */
export async function openScene(body: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await openTab(null, options);
  await page.route("**/scene", (route) => route.fulfill({ contentType: "text/html", body }));
  await page.route("**/run-page.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await page.goto("/scene");
  return page;
}

/** How far down in the window an element ends. */
export async function endOf(page: Page, selector: string): Promise<number> {
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`expected ${selector} to be on the page`);
  return box.y + box.height;
}

/** Waits until the browser has verified the receipts that the page shows. */
export const verified = (page: Page) => page.locator("#check-brief.is-held").waitFor();

/** Brings the change on screen whole, as the primary button asks for, and waits until that has become Approve. */
export async function review(page: Page): Promise<void> {
  const approve = page.locator("#decision button[value=approve]");
  const way = page.locator("#decision .review");
  for (let press = 0; press < 30 && (await way.isVisible()); press += 1) {
    await way.click();
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }
  await approve.waitFor();
}

/** Approves; a press that comes too soon after the button has changed is not taken, so it presses until it is. */
export async function approve(page: Page): Promise<void> {
  await review(page);
  const button = page.locator("#decision button[value=approve]");
  await expect
    .poll(
      async () => {
        if (await button.isVisible()) await button.click({ timeout: 1_000 }).catch(() => {});
        return page.locator("#decision").count();
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe(0);
}

/** The first line of a run's page. */
export const headline = (page: Page) => page.locator("h1").innerText();
