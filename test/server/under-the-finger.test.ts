// A form that comes onto the page just where somebody is pressing: the press was not meant for it, so nothing is sent.
import type { Browser, WebSocketRoute } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { eventually } from "./run-tab.ts";
import { startRun } from "./runs.ts";
import { startServer } from "./server.ts";

let server: Deployment;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), sharedChromium()]);
});
afterAll(async () => {
  await server?.stop();
});

/** Presses Approve as soon as it is there. */
const PRESS = `
  new MutationObserver((_, observer) => {
    const button = document.querySelector('#decision button[value="approve"]');
    if (!button) return;
    observer.disconnect();
    setTimeout(() => { button.click(); document.body.dataset.pressed = "yes"; }, 30);
  }).observe(document.body, { childList: true, subtree: true });
`;

describe("a decision form that has only just appeared", () => {
  it.each([
    ["long after the run told of it", 1_500, "heard"],
    ["when the page looks because it lost touch", 0, "lost"],
  ] as const)("is not sent by a press that was under way, %s", async (_, delayMs, how) => {
    const { run } = await startRun(server.origin);
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const sockets: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/live$/, (socket) => void sockets.push(socket));
    const url = `${server.origin}/runs/${run}`;
    const html = await (await fetch(url, { headers: { accept: "text/html" } })).text();
    // The page as it was a moment ago, when nothing was asked yet.
    const early = html
      .replace(/<section class="decision"[\s\S]*?<\/form>\s*<\/section>/, "")
      .replace(/ data-tag="[^"]*"/, "");
    expect(early).not.toContain('value="approve"');
    let looks = 0;
    const posts: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST") posts.push(request.url());
    });
    await page.route(url, async (route) => {
      looks += 1;
      if (looks === 1) return route.fulfill({ contentType: "text/html", body: early });
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      return route.continue();
    });
    await page.goto(url);
    await expect.poll(() => sockets.length).toBeGreaterThan(0);
    await page.evaluate(PRESS);
    if (how === "heard") sockets.at(-1)?.send(JSON.stringify({ head: `sha256:${"0".repeat(64)}` }));
    else await sockets.at(-1)?.close();
    await eventually(() => page.evaluate("document.body.dataset.pressed")).toBe("yes");
    expect(posts).toEqual([]);
    expect(await page.locator("#new-proposal").innerText()).toContain("Nothing was sent");
    // A press that is meant counts.
    await page.waitForTimeout(1_100);
    await page.getByRole("button", { name: "Approve" }).click();
    await expect.poll(() => posts.length).toBe(1);
  });
});
