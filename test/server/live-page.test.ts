// The run page with its script, in a real Chromium: it keeps up with the run, survives its server, and keeps what the visitor is
// at. The same without script is in pages.test.ts, and deciding by keyboard in keyboard.test.ts.
import type { Browser, BrowserContext, Page, WebSocketRoute } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { sharedChromium, stopClock } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { eventually, statusOf, verified } from "./run-tab.ts";
import { endedRun, startRun } from "./runs.ts";
import { makeStorage, startServer } from "./server.ts";

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
  context = await browser.newContext();
  context.on("weberror", (error) => errors.push(String(error.error())));
});
afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
});

/** Opens a run in a tab of its own, and waits until its receipts are verified. */
async function open({ run }: RunView, { origin }: Deployment = server): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${origin}/runs/${run}`);
  await verified(page);
  return page;
}

async function decide(
  { run, pending }: RunView,
  how: "approve" | "reject" | "request-changes",
  feedback?: string,
): Promise<RunView> {
  const response = await fetch(`${server.origin}/api/runs/${run}/${how}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ proposal: pending?.proposal, ...(feedback ? { feedback } : {}) }),
  });
  expect(response.status).toBe(200);
  return response.json() as Promise<RunView>;
}

describe("a second tab", () => {
  it("follows a decision without being loaded again, and verifies what it then shows", async () => {
    const run = await startRun(server.origin);
    const [first, second] = [await open(run), await open(run)];
    await second.evaluate("window.stillHere = true");
    const icon = second.locator('link[rel="icon"]');
    expect([await second.title(), await icon.getAttribute("href")]).toEqual([
      expect.stringMatching(/^Decision needed: /),
      "/favicon-waiting.svg",
    ]);
    await first.locator(".approve").click();
    await eventually(() => statusOf(second).innerText()).toBe("Fixed.");
    await eventually(() => second.locator("#browser-check.is-valid").count()).toBe(1);
    expect(await second.locator(".receipt-mark").allInnerTexts()).toEqual(Array(8).fill("✓ verified"));
    expect([await second.title(), await icon.getAttribute("href")]).toEqual([
      expect.stringMatching(/^Fixed: /),
      "/favicon-good.svg",
    ]);
    expect(await second.locator("#decision").count()).toBe(0);
    expect(await second.evaluate("window.stillHere")).toBe(true);
    // But for the note to whoever stood at the decision.
    expect(await second.locator("#moved-on").innerText()).toContain("Nothing is left to decide here");
    const shown = (page: Page) => page.locator("article > :not(.moved-on)").allInnerTexts();
    await eventually(() => first.url()).toMatch(/\/runs\/run-\w+$/);
    await eventually(() => shown(first)).toEqual(await shown(second));
  });

  it("keeps its marks, and fetches no receipts, when it is told again of those that it has verified", async () => {
    const run = await startRun(server.origin);
    const page = await context.newPage();
    const sockets: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/live$/, (socket) => void sockets.push(socket));
    await page.goto(`${server.origin}/runs/${run.run}`);
    await verified(page);
    const fetched: string[] = [];
    page.on("requestfinished", (request) => fetched.push(new URL(request.url()).pathname));
    const own = `/runs/${run.run}`;
    for (const times of [1, 2]) {
      // Any other head makes the page look at itself; it then shows a later time, and the same receipts.
      sockets.at(-1)?.send(JSON.stringify({ head: "sha256:another", status: run.status }));
      await eventually(() => fetched.filter((path) => path === own).length).toBe(times);
    }
    expect(await page.locator(".receipt-mark").allInnerTexts()).toEqual(Array(4).fill("✓ verified"));
    expect(fetched).toEqual([own, own]);
  });

  it("hears of it by a push alone, with all its timers stopped; a desk elsewhere follows", async () => {
    const run = await startRun(server.origin);
    await stopClock(context);
    const [first, second] = [await open(run), await open(run)];
    const elsewhere = await browser.newContext();
    onTestFinished(() => elsewhere.close());
    const desk = await elsewhere.newPage();
    await desk.goto(server.origin);
    await desk.locator(`#${run.run}`).getByText("Decision needed").waitFor();

    // Both from one session, so in the order in which they happened.
    const heard: string[] = [];
    const session = await context.newCDPSession(second);
    await session.send("Network.enable");
    session.on("Network.webSocketFrameReceived", () => heard.push("push"));
    session.on("Network.requestWillBeSent", ({ type, request }) => {
      if (request.url === second.url()) heard.push(type ?? "unknown");
    });
    const shown = new Map<Page, number>();
    const done = [first, second, desk].map(async (page) => {
      const title = page === desk ? page.locator(`#${run.run}`).getByText("Fixed") : statusOf(page);
      await title.filter({ hasText: "Fixed" }).waitFor();
      shown.set(page, performance.now());
    });
    await first.locator(".approve").click();
    await Promise.all(done);

    expect(heard[0]).toBe("push");
    expect(new Set(heard), "no load, and no look but after a push").toEqual(new Set(["push", "Fetch"]));
    const lag = (page: Page) => Math.round((shown.get(page) ?? 0) - (shown.get(first) ?? 0));
    process.stdout.write(
      `Showed the outcome, from the tab that decided: second tab ${lag(second)} ms, desk ${lag(desk)} ms.\n`,
    );
  });

  it("says the new status in the live region that was there before", async () => {
    const run = await startRun(server.origin);
    const page = await open(run);
    await page.evaluate("window.region = document.querySelector('.status[role=status]')");
    await decide(run, "reject");
    await eventually(() => statusOf(page).innerText()).toBe("Rejected");
    expect(await page.evaluate("window.region === document.querySelector('.status')")).toBe(true);
  });

  it("keeps open folds and the scroll position", async () => {
    const run = await startRun(server.origin);
    const page = await open(run);
    await page.locator("#receipt-1 summary").click();
    await page.locator("#evidence details").first().locator("summary").first().click();
    await page.evaluate("scrollTo(0, 300)");
    await decide(run, "approve");
    await eventually(() => statusOf(page).innerText()).toBe("Fixed.");
    expect(await page.locator("#receipt-1 details").first().getAttribute("open")).toBe("");
    expect(await page.locator("#evidence details").first().getAttribute("open")).toBe("");
    expect(await page.evaluate("scrollY")).toBeGreaterThan(0);
  });
});

describe("a decision that is being written", () => {
  it("keeps its words and its caret when a new proposal comes, and the reviewer is told", async () => {
    const run = await startRun(server.origin);
    const page = await open(run);
    await page.getByRole("textbox").fill("Answer 409 instead.");
    await page.getByRole("textbox").press("ArrowLeft");
    const caret = "document.querySelector('#reason').selectionStart";
    const before = await page.evaluate(caret);
    const revised = await decide(run, "request-changes", "Keep the message short.");
    const named = page.locator("input[name=proposal]");
    await eventually(() => named.getAttribute("value")).toBe(revised.pending?.proposal);
    expect(await page.getByRole("textbox").inputValue()).toBe("Answer 409 instead.");
    expect(await page.evaluate("document.activeElement.id")).toBe("reason");
    expect(await page.evaluate(caret)).toBe(before);
    expect(await page.locator("#new-proposal").innerText()).toMatch(
      /new proposal.*Your words in the box are about the one before/,
    );
  });

  it("is not lost from sight when somebody else ends the run", async () => {
    const run = await startRun(server.origin);
    const page = await open(run);
    await page.getByRole("textbox").fill("I would rather wait.");
    await decide(run, "reject");
    await page.locator("#unsent-words").waitFor();
    expect(await page.locator("#unsent-words").innerText()).toContain("I would rather wait.");
    // Also for whoever stands at the foot of the page, where the decision was.
    await page.locator("#moved-on").waitFor();
    const low = await page.locator("#moved-on").boundingBox();
    expect((low?.y ?? 0) + (low?.height ?? 0)).toBeLessThanOrEqual(page.viewportSize()?.height ?? 0);
    expect(await page.evaluate("document.activeElement.id"), "focus is somewhere useful").toBe("content");
  });

  it("is not sent as a request for changes that does not say which: the box takes the focus, the place is kept", async () => {
    const run = await startRun(server.origin);
    const page = await open(run);
    await page.evaluate("window.stillHere = true");
    await page.getByRole("button", { name: "Request changes" }).click();
    expect(await page.locator("#new-proposal").innerText()).toContain("Say what to change");
    expect(await page.evaluate("[document.activeElement.id, window.stillHere]")).toEqual(["reason", true]);
    await page.getByRole("textbox").fill("Answer 409 instead.");
    await page.getByRole("button", { name: "Request changes" }).click();
    await page.getByText("Your decision on revision 2").waitFor();
  });

  it("is not sent by a press that meant the proposal before", async () => {
    const run = await startRun(server.origin);
    const page = await open(run);
    // Presses in the very task in which the new proposal comes into the page.
    await page.evaluate(`{
      const old = document.querySelector("input[name=proposal]").value;
      new MutationObserver((_, observer) => {
        const now = document.querySelector("input[name=proposal]");
        if (!now || now.value === old) return;
        observer.disconnect();
        document.querySelector("button.approve").click();
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    }`);
    const revised = await decide(run, "request-changes", "Answer 409 instead.");
    await eventually(() => page.locator("#new-proposal").innerText()).toContain("Nothing was sent");
    const now = (await (await fetch(`${server.origin}/api/runs/${run.run}`)).json()) as RunView;
    expect(now.head).toBe(revised.head);
  });
});

describe("the page", () => {
  it("is the same run after a reload, going back, and by a copied link", async () => {
    const run = await startRun(server.origin);
    const page = await open(run);
    await page.locator(".approve").click();
    await eventually(() => statusOf(page).innerText()).toBe("Fixed.");
    await page.waitForURL(`${server.origin}/runs/${run.run}`);
    const shown = () => page.locator("article").innerText();
    const story = await shown();
    await page.reload();
    expect(await shown()).toBe(story);
    await page.goto(server.origin);
    await page.goBack();
    await eventually(shown).toBe(story);
    const copied = await browser.newContext();
    const other = await copied.newPage();
    await other.goto(page.url());
    expect(await other.locator("article").innerText()).toBe(story);
    await copied.close();
  });

  it("lets the time left run, outside of any live region", async () => {
    const page = await open(await startRun(server.origin));
    const left = page.locator(".time-left");
    const before = await left.innerText();
    expect(before).toMatch(/^(1 h 0 min|\d+ min \d+ s) left$/);
    await eventually(() => left.innerText()).not.toBe(before);
    expect(await page.locator("[aria-live] .time-left, [role=status] .time-left").count()).toBe(0);
  });

  it("copies a receipt's statement", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await open(await endedRun(server.origin));
    await page.locator("#receipt-4 summary").click();
    await page.getByRole("button", { name: "Copy: Statement of receipt 4" }).click();
    await page.getByRole("button", { name: "Copied: Statement of receipt 4" }).waitFor();
    expect(await page.locator("#receipt-4").getByRole("status").allInnerTexts()).toContain("Copied");
    const copied = JSON.parse(await page.evaluate("navigator.clipboard.readText()"));
    expect(copied.predicate).toMatchObject({ seq: 4, decision: "approve" });
  });

  it("recovers by itself when its server is killed and started again", async () => {
    const state = await makeStorage();
    const mortal = await startServer({ state });
    onTestFinished(() => mortal.stop());
    const run = await startRun(mortal.origin);
    const page = await open(run, mortal);
    await page.getByRole("textbox").fill("Still thinking.");
    const desk = await context.newPage();
    await desk.goto(mortal.origin);
    const line = desk.locator(`#${run.run}`);
    await line.getByText("Decision needed").waitFor();
    for (const tab of [page, desk]) await tab.evaluate("window.stillHere = true");
    await mortal.stop();
    await page.getByText("Out of touch with the run").waitFor();
    await desk.getByText("Out of touch with the server").waitFor();
    const again = await startServer({ state, port: Number(new URL(mortal.origin).port) });
    onTestFinished(() => again.stop());
    await page.getByText("Out of touch with the run").waitFor({ state: "hidden" });
    expect(await page.getByRole("textbox").inputValue()).toBe("Still thinking.");
    const body = JSON.stringify({ proposal: run.pending?.proposal });
    const headers = { "content-type": "application/json" };
    await fetch(`${again.origin}/api/runs/${run.run}/approve`, { method: "POST", headers, body });
    await eventually(() => statusOf(page).innerText()).toBe("Fixed.");
    await eventually(() => page.locator("#browser-check.is-valid").count()).toBe(1);
    await line.getByText("Fixed").waitFor();
    for (const tab of [page, desk]) {
      expect(await tab.evaluate("window.stillHere"), "the page was never loaded again").toBe(true);
    }
    // Each of the two servers may take a minute to start.
  }, 180_000);
});
