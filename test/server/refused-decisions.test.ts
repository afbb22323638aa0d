// What the page says when a decision cannot be taken, and that in every such state it promises nothing, loads nothing from
// elsewhere and fits a phone. The ways that succeed are in pages.test.ts.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { startServer } from "./server.ts";

let server: Deployment;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Every address that the page asked for. */
let asked: string[];

beforeAll(async () => {
  const [started, launched] = await Promise.all([
    startServer({ vars: { REVISIONS: "3" } }),
    sharedChromium(),
  ]);
  server = started;
  browser = launched;
});
afterAll(async () => {
  await server?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  page = await context.newPage();
  asked = [];
  page.on("request", (request) => asked.push(request.url()));
});
afterEach(async () => {
  await context.close();
});

/** Fires the alert as a visitor does, and waits for the decision. */
async function fire(): Promise<void> {
  await page.goto(server.origin);
  await page.getByRole("button", { name: "Fire the checkout alert" }).click();
  await page.waitForURL(/\/runs\/run-[0-9a-f]{24}$/);
  await page.locator("#decision").waitFor();
}

async function press(name: "Approve" | "Reject" | "Request changes", words = ""): Promise<void> {
  await page.getByLabel("Reason, or what to change").fill(words);
  await page.getByRole("button", { name }).click();
}

const openProposal = () => page.locator("input[name=proposal]").getAttribute("value");
const status = () => page.getByRole("status").innerText();
const heading = (name: string) => page.getByRole("heading", { name, exact: true });

/** What holds for every page in every state. */
async function expectSound(): Promise<void> {
  expect(
    await page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"),
    "no sideways scroll",
  ).toBe(true);
  expect((await page.content()).toLowerCase(), "nothing is said to be verified").not.toContain("verified");
  expect(await page.evaluate("document.querySelectorAll('script:not([src]), style, [style]').length")).toBe(
    0,
  );
  expect(await page.getByRole("main").count()).toBe(1);
  expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
  expect([...new Set(asked.map((url) => new URL(url).origin))], "one origin").toEqual([server.origin]);
}

/** Sends a form without a browser. */
function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${server.origin}${path}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
    redirect: "manual",
  });
}

describe("a run without script", () => {
  it("shows every round in order, offers no revision beyond the policy, and refuses one with the words kept", async () => {
    await fire();
    await press("Request changes", "Answer 409.");
    await heading("What it wants to change, revision 2").waitFor();
    await expectSound();
    await press("Request changes", "Count it with a metric, and paint it blue.");
    await heading("What it wants to change, revision 3").waitFor();
    expect(await page.locator(".is-not-applied").allInnerTexts()).toContainEqual(
      expect.stringContaining("blue"),
    );
    await heading("Your decision on revision 3, the last").waitFor();
    expect(await page.locator(".choices button").allInnerTexts()).toEqual(["Approve", "Reject"]);
    // Somebody may ask for one all the same.
    await page.evaluate("document.querySelector('.approve').value = 'request_changes'");
    await page.getByLabel("Reason", { exact: true }).fill("Once more.");
    await page.getByRole("button", { name: "Approve" }).click();
    expect(await page.getByRole("alert").innerText()).toMatch(/still in the box[\s\S]*ERR_REVISION_LIMIT/);
    expect(await page.getByLabel("Reason", { exact: true }).inputValue()).toBe("Once more.");
    await expectSound();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.locator("#handoff").waitFor();
    expect(await status()).toMatch(/^Fixed\./);
    expect(await page.locator(".stamp h3").allInnerTexts()).toEqual([
      "Changes requested",
      "Changes requested",
      "Approved",
    ]);
    await expectSound();
  });
});

describe("a decision that cannot be taken", () => {
  it("after the run has ended: 409, and what happened instead", async () => {
    await fire();
    const proposal = (await openProposal()) ?? "";
    await press("Reject");
    await page.locator("#handoff").waitFor();
    const again = await post(`${new URL(page.url()).pathname}/decision`, {
      proposal,
      decision: "approve",
      reason: "Fine <by> me.",
    });
    expect(again.status).toBe(409);
    const answer = await again.text();
    expect(answer).toContain("No proposal is open for a decision");
    expect(answer, "the words are not lost with their box").toContain("Fine &lt;by&gt; me.");
  });

  it("a request for changes without words: 422, and nothing is signed", async () => {
    await fire();
    const proposal = await openProposal();
    await press("Request changes", " \n ");
    const alert = await page.getByRole("alert").innerText();
    expect(alert).toContain("ERR_DECISION_REASON");
    expect(alert, "no words were there to be kept").not.toContain("in the box.");
    expect(await openProposal()).toBe(proposal);
    expect(await page.locator(".receipt").count()).toBe(4);
    await expectSound();
  });

  it("takes words as long as the box does, line breaks counted once", async () => {
    await fire();
    await press("Reject", `${"line\n".repeat(399)}12345`);
    await page.locator("#handoff").waitFor();
    expect(await status()).toMatch(/^Rejected by visitor: line line /);
  });

  it("a form from another site: 403, and nothing is started", async () => {
    const foreign = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };
    for (const headers of [foreign, { origin: foreign.origin }, { "sec-fetch-site": "same-origin" }]) {
      const answer = await post("/runs", {}, headers);
      expect(answer.status).toBe(403);
      expect(answer.headers.get("content-type")).toContain("text/html");
      expect(await answer.text()).toContain("ERR_CROSS_SITE");
    }
    expect((await post("/runs", {}, { origin: server.origin })).status).toBe(303);
  });
});

describe("an address that leads nowhere", () => {
  it("a decision's address leads back to its run", async () => {
    await fire();
    const run = page.url();
    await page.goto(`${run}/decision`);
    expect(page.url()).toBe(run);
  });

  it("a wrong method is 405", async () => {
    const answer = await fetch(`${server.origin}/runs`, { method: "DELETE" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toContain("POST");
  });
});

describe("the desk", () => {
  it("fits a phone and offers one button", async () => {
    const answer = await page.goto(server.origin);
    expect(answer?.headers()["content-security-policy"]).not.toContain("unsafe-inline");
    expect(await page.getByRole("button").count()).toBe(1);
    await expectSound();
  });

  it("serves its style sheets and icon with nosniff", async () => {
    await page.goto(server.origin);
    const hrefs = [...(await page.content()).matchAll(/<link [^>]*href="([^"]+)"/g)].map((found) => found[1]);
    expect(hrefs.length).toBeGreaterThan(3);
    for (const href of hrefs) {
      const answer = await fetch(`${server.origin}${href}`);
      expect(answer.status, href).toBe(200);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});
