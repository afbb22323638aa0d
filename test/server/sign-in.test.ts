// Signing in as a reviewer does, in a real Chromium without JavaScript, against the real server; and what another site's page
// can make that same signed-in browser do.
import { createServer, type Server } from "node:http";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { sha256Hex } from "../../src/receipt/index.ts";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { startServer } from "./server.ts";

const TOKENS = { alice: "alice-token", bob: "bob-token" };
const LIST = Object.entries(TOKENS).map(([id, token]) => ({
  id,
  sha256: sha256Hex(new TextEncoder().encode(token)),
}));

let server: Deployment;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  const vars = { REVIEW_AUTH: "token", SEPARATE_REVIEWER: "true", REVIEWER_TOKENS: JSON.stringify(LIST) };
  [server, browser] = await Promise.all([startServer({ vars }), sharedChromium()]);
});
afterAll(async () => {
  await server?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  page = await context.newPage();
});
afterEach(() => context.close());

async function signIn(token: string): Promise<void> {
  await page.getByLabel("Reviewer token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForLoadState();
}

const fits = () => page.evaluate("document.scrollingElement.scrollWidth <= innerWidth");
const main = () => page.locator("main").innerText();

/** A run that alice's machine started, as the API shows it. */
async function startedByAlice(): Promise<RunView> {
  const headers = { authorization: `Bearer ${TOKENS.alice}` };
  const response = await fetch(`${server.origin}/api/runs`, { method: "POST", headers });
  expect(response.status).toBe(201);
  return response.json() as Promise<RunView>;
}

async function viewOf(run: string): Promise<RunView> {
  return (await fetch(`${server.origin}/api/runs/${run}`)).json() as Promise<RunView>;
}

describe("a reviewer with a link to a run", () => {
  it("signs in on the run's page, comes back to it, decides under their own name, and signs out", async () => {
    const { run } = await startedByAlice();
    await page.goto(`${server.origin}/runs/${run}`);
    expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(0);
    expect(await main()).toContain("Only reviewers of this deployment may decide.");
    expect(await fits()).toBe(true);

    await signIn("guess");
    expect(await page.getByRole("alert").innerText()).toContain("ERR_CREDENTIAL");
    expect(await fits()).toBe(true);
    expect(await context.cookies()).toEqual([]);

    await signIn(TOKENS.bob);
    expect(page.url()).toBe(`${server.origin}/runs/${run}`);
    expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: "Strict", path: "/" }]);
    expect(await main()).toContain("You decide as bob (token)");
    expect(await fits()).toBe(true);

    await page.getByLabel("Reason, or what to change").fill("Reads well.");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.locator("#handoff").waitFor();
    expect(await page.locator(".stamp").innerText()).toContain("by bob (token)");
    expect(await main()).toContain("Started by alice (token)");

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(`${server.origin}/`);
    expect(await context.cookies()).toEqual([]);
    expect(await page.getByRole("button", { name: "Fire the checkout alert" }).count()).toBe(0);
  });

  it("who started it is told that somebody else has to decide", async () => {
    await page.goto(server.origin);
    await signIn(TOKENS.alice);
    await page.getByRole("button", { name: "Fire the checkout alert" }).click();
    await page.waitForURL(/\/runs\/run-/);
    expect(await main()).toContain("Its policy asks for a reviewer other than the one who started it.");
    expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(0);
  });

  it("whose session ended before they pressed the button is asked to sign in, and nothing is signed", async () => {
    const { run, count } = await startedByAlice();
    await page.goto(`${server.origin}/runs/${run}`);
    await signIn(TOKENS.bob);
    await context.clearCookies();
    await page.getByRole("button", { name: "Approve" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("Nothing was started or signed.");
    expect(await viewOf(run)).toMatchObject({ count, status: "awaiting_decision" });
    await signIn(TOKENS.bob);
    expect(page.url()).toBe(`${server.origin}/runs/${run}`);
    expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(1);
  });
});

describe("another site's page", () => {
  let foreign: Server;
  let foreignOrigin: string;
  let body = "";

  beforeAll(async () => {
    foreign = createServer((_, response) => {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(body);
    });
    // An address is another site than `localhost`, so SameSite keeps the cookie back, and the server must refuse without it.
    await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
    const address = foreign.address();
    if (typeof address !== "object" || !address) throw new Error("expected a port");
    foreignOrigin = `http://127.0.0.1:${address.port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => foreign?.close(resolve));
  });

  it("cannot decide, start or sign out in the name of a signed-in reviewer", async () => {
    const { run, count, pending } = await startedByAlice();
    await page.goto(`${server.origin}/runs/${run}`);
    await signIn(TOKENS.bob);
    const fields = { proposal: pending?.proposal, decision: "approve", reason: "" };
    for (const path of [`/runs/${run}/decision`, "/runs", "/sign-out"]) {
      const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
      body = `<form method="post" action="${server.origin}${path}">${inputs.join("")}<button>Win</button></form>`;
      await page.goto(foreignOrigin);
      const answered = page.waitForResponse((response) => response.url() === `${server.origin}${path}`);
      await page.getByRole("button", { name: "Win" }).click();
      const answer = await answered;
      expect([path, answer.status()]).toEqual([path, 403]);
      expect(await answer.request().headerValue("cookie"), "the browser keeps the cookie back").toBeNull();
    }
    expect(await viewOf(run)).toMatchObject({ count, status: "awaiting_decision" });
    await page.goto(`${server.origin}/runs/${run}`);
    expect(await main()).toContain("You decide as bob (token)");
  });

  it("cannot show a run inside a frame, to have its visitor press a button unawares", async () => {
    const { run } = await startedByAlice();
    body = `<iframe name="run" src="${server.origin}/runs/${run}"></iframe>`;
    await page.goto(foreignOrigin);
    expect(page.frame("run")?.url()).toBe("chrome-error://chromewebdata/");
  });
});
