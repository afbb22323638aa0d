// The pages as a visitor meets them, in a real Chromium with JavaScript off: start, read, decide, and be told of mistakes;
// and the files that pages load.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { startServer } from "./server.ts";

let server: Deployment;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), sharedChromium()]);
});
afterAll(async () => {
  await server?.stop();
});

/** A page without JavaScript that fails the test when anything asks another origin. */
async function visit(
  work: (page: Page) => Promise<void>,
  viewport = { width: 1280, height: 900 },
): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport });
  const page = await context.newPage();
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(server.origin) && !request.url().startsWith("data:"))
      foreign.push(request.url());
  });
  try {
    await work(page);
    expect(foreign).toEqual([]);
  } finally {
    await context.close();
  }
}

async function fire(page: Page): Promise<RunView> {
  await page.goto(server.origin);
  await page.getByRole("button", { name: "Fire the checkout alert" }).click();
  await page.waitForURL(/\/runs\/run-/);
  return viewOf(page);
}

async function viewOf(page: Page): Promise<RunView> {
  const run = new URL(page.url()).pathname.split("/")[2];
  return (await fetch(`${server.origin}/api/runs/${run}`)).json() as Promise<RunView>;
}

async function choose(
  page: Page,
  button: "Approve" | "Reject" | "Request changes",
  words = "",
): Promise<void> {
  if (words) await page.getByRole("textbox").fill(words);
  await page.getByRole("button", { name: button }).click();
  await page.waitForLoadState();
}

describe("a visitor without JavaScript", () => {
  it("fires the alert, reads the change and approves it", () =>
    visit(async (page) => {
      const view = await fire(page);
      expect(view.status).toBe("awaiting_decision");
      const text = await page.locator("main").innerText();
      for (const words of ["cart_missing", "anybody may decide", "signed by agent", "signed by runtime"]) {
        expect(text).toContain(words);
      }
      await choose(page, "Approve", "Reads well.");
      expect(await viewOf(page)).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
      expect(await page.locator("main").innerText()).toContain("Reads well.");
      await page.reload();
      expect(await page.locator("main").innerText()).toContain("The outcome: fixed");
    }));

  it("rejects", () =>
    visit(async (page) => {
      await fire(page);
      await choose(page, "Reject", "Not tonight.");
      expect((await viewOf(page)).status).toBe("rejected");
      expect(await page.locator("main").innerText()).toContain("Not tonight.");
    }));

  it("asks for changes twice, then approves", () =>
    visit(async (page) => {
      const actions = [(await fire(page)).pending?.action];
      for (const words of ["Answer 409 instead.", "Count it with a metric."]) {
        await choose(page, "Request changes", words);
        actions.push((await viewOf(page)).pending?.action);
      }
      expect(new Set(actions).size).toBe(3);
      await choose(page, "Approve");
      expect((await viewOf(page)).status).toBe("completed");
    }));

  it("who decides on a proposal that was replaced meanwhile is told so, and nothing is signed", () =>
    visit(async (page) => {
      const view = await fire(page);
      const body = JSON.stringify({ proposal: view.pending?.proposal, feedback: "Answer 409 instead." });
      const headers = { "content-type": "application/json" };
      await fetch(`${server.origin}/api/runs/${view.run}/request-changes`, { method: "POST", headers, body });
      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await choose(page, "Approve", "My own words.");
      expect((await answered).status()).toBe(409);
      expect(await page.getByRole("textbox").inputValue()).toBe("My own words.");
      expect(await viewOf(page)).toMatchObject({ status: "awaiting_decision", pending: { revision: 2 } });
      await choose(page, "Approve");
      expect((await viewOf(page)).status).toBe("completed");
    }));

  it("who asks for changes without words is told to say what", () =>
    visit(async (page) => {
      const { count } = await fire(page);
      const answered = page.waitForResponse((response) => response.request().method() === "POST");
      await choose(page, "Request changes");
      expect((await answered).status()).toBe(422);
      expect((await viewOf(page)).count).toBe(count);
    }));

  it("never has to scroll sideways on a phone, and every control can be hit with a thumb", () =>
    visit(
      async (page) => {
        const sideways = () =>
          page
            .locator("html")
            .evaluate((root) => [root.scrollWidth, root.clientWidth])
            .then(([all = 0, seen = 0]) => all - seen);
        await page.goto(server.origin);
        expect(await sideways()).toBeLessThanOrEqual(0);
        await fire(page);
        expect(await sideways()).toBeLessThanOrEqual(0);
        for (const button of await page.getByRole("button").all()) {
          expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
        }
        await choose(page, "Approve");
        expect(await sideways()).toBeLessThanOrEqual(0);
        await page.goto(`${server.origin}/runs/nothing`);
        expect(await sideways()).toBeLessThanOrEqual(0);
      },
      { width: 390, height: 844 },
    ));
});

describe("a run's page", () => {
  it("claims nothing that the visitor's browser has not checked", () =>
    visit(async (page) => {
      await fire(page);
      await choose(page, "Approve");
      expect((await page.content()).toLowerCase()).not.toContain("verified");
    }));

  it("gives two shell lines for each receipt that openssl agrees to", () =>
    visit(async (page) => {
      await fire(page);
      const scripts = (await page.locator("pre").allTextContents()).filter((text) =>
        text.includes("openssl pkeyutl"),
      );
      expect(scripts).toHaveLength(4);
      const folder = mkdtempSync(join(tmpdir(), "countersign-openssl-"));
      for (const script of scripts) {
        const out = execFileSync("bash", ["-euc", script], { cwd: folder, encoding: "utf8" });
        expect(out).toContain("Signature Verified Successfully");
      }
      rmSync(folder, { recursive: true });
    }));

  it("of a run that is not there is a 404 for people, and a form from another site is refused", async () => {
    const html = { headers: { accept: "text/html" } };
    for (const path of ["/nothing", "/runs/nothing", `/runs/run-${"0".repeat(24)}`]) {
      const answer = await fetch(`${server.origin}${path}`, html);
      expect([answer.status, answer.headers.get("content-type")?.split(";")[0]]).toEqual([404, "text/html"]);
    }
    const forged = { origin: "https://evil.example", "content-type": "application/x-www-form-urlencoded" };
    const answer = await fetch(`${server.origin}/runs`, {
      method: "POST",
      headers: forged,
      redirect: "manual",
    });
    expect(answer.status).toBe(403);
  });
});

describe("static files", () => {
  const files = readdirSync("public", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "_headers")
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replace(/^public/, ""));

  it.each(files)("%s is served with the headers of every other answer", async (path) => {
    const answer = await fetch(`${server.origin}${path}`);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "strict-transport-security": "max-age=31536000",
    });
    expect(answer.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'.*frame-ancestors 'none'/,
    );
    expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
  });
});
