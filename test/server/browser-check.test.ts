// The run page's own verification, in a real Chromium: nothing is called verified before this browser has verified it, and
// whatever is tampered with on the way turns the mark red and says why.
import { gzipSync } from "node:zlib";
import type { Browser, Page, WebSocketRoute } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Bundle, RunView } from "../../src/chain/index.ts";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { eventually } from "./run-tab.ts";
import { endedRun, startRun } from "./runs.ts";
import { startServer } from "./server.ts";

let server: Deployment;
let browser: Browser;
let ended: RunView;
let page: Page;
/** What the page did that it must not do. */
let wrongs: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), sharedChromium()]);
  ended = await endedRun(server.origin);
});
afterAll(async () => {
  await server?.stop();
});
beforeEach(async () => {
  page = await browser.newPage();
  wrongs = [];
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== server.origin) wrongs.push(request.url());
  });
  page.on("pageerror", (error) => wrongs.push(String(error)));
  // The log of the browser itself: a worker's violations of its policy are in no console of the page.
  const devtools = await page.context().newCDPSession(page);
  devtools.on("Log.entryAdded", ({ entry: { source, text } }) => {
    if (source === "worker" || source === "security") wrongs.push(text);
  });
  await devtools.send("Log.enable");
});
afterEach(async () => {
  expect(wrongs).toEqual([]);
  // What is being served with a change is served first.
  if (!page.isClosed()) await page.unrouteAll({ behavior: "wait" });
  await page.close();
});

const check = () => page.locator("#browser-check");
const icon = () => page.locator('link[rel="icon"]').getAttribute("href");
const marks = () => page.locator(".receipt-mark").allInnerTexts();

async function visit(run: RunView, state: string): Promise<void> {
  await page.goto(`${server.origin}/runs/${run.run}`);
  await page.locator(`#browser-check.is-${state}`).waitFor();
}

/** Serves the run's bundle with a change. */
async function tamper(change: (bundle: Bundle) => unknown): Promise<void> {
  await page.route("**/api/runs/*/bundle", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });
}

/** The bundle with one receipt's statement changed, under the signature that it had. */
function withWords(bundle: Bundle, seq: number, from: string, to: string): Bundle {
  const receipts = bundle.receipts.map((envelope, i) => {
    if (i !== seq) return envelope;
    const text = Buffer.from(envelope.payload, "base64").toString().replace(from, to);
    return { ...envelope, payload: Buffer.from(text).toString("base64") };
  });
  return { ...bundle, receipts };
}

describe("the receipts on a run's page", () => {
  it("are verified by the visitor's browser, which says how many, how long, and under whose keys", async () => {
    await visit(ended, "valid");
    expect(await check().innerText()).toMatch(/^Verified in this browser\. 8 receipts in \d+ ms/);
    expect(await check().getByRole("link").getAttribute("href")).toBe("/.well-known/countersign.json");
    expect(await marks()).toEqual(Array(8).fill("✓ verified"));
    expect(await page.locator("#check-alert").isVisible()).toBe(false);
    expect(await page.title()).toMatch(/^Fixed: /);
    expect(await icon()).toBe("/favicon-good.svg");
  });

  it("are told of in brief at the head of a phone's page, where they stand far below", async () => {
    const brief = page.locator("#check-brief");
    await visit(ended, "valid");
    expect(await brief.isVisible(), "beside the receipts it says nothing").toBe(false);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await brief.innerText()).toBe("✓ 8 receipts verified in this browser");
    expect(await brief.getByRole("link").getAttribute("href")).toBe("#receipts");
    await tamper((bundle) => withWords(bundle, 4, '"approve"', '"reject!"'));
    await visit(ended, "invalid");
    expect(await brief.isVisible(), "the alert says it").toBe(false);
    await page.route("**/api/runs/*/bundle", (route) => route.abort());
    await visit(ended, "unable");
    expect(await brief.innerText()).toBe("Receipts not checked");
  });

  it("of a run that waits warn at the decision too when they do not verify, and no choice stands out", async () => {
    const run = await startRun(server.origin);
    const colour = () =>
      page.evaluate('getComputedStyle(document.querySelector(".approve")).backgroundColor');
    const warning = () =>
      page.evaluate('getComputedStyle(document.querySelector(".decision"), "::before").content');
    await visit(run, "incomplete");
    const filled = await colour();
    expect(await warning()).toBe("none");
    await page.route("**/api/runs/*/bundle", async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        json: withWords(await response.json(), 2, '"revision":1', '"revision":2'),
      });
    });
    await visit(run, "invalid");
    expect(await warning()).toContain("These receipts do not verify");
    expect(await colour()).not.toBe(filled);
    await page.unroute("**/api/runs/*/bundle");
  });

  it("of a run that goes on are verified so far", async () => {
    await visit(await startRun(server.origin), "incomplete");
    expect(await check().innerText()).toMatch(
      /^Verified so far, in this browser\. 4 receipts.*still open\.$/s,
    );
    expect(await marks()).toEqual(Array(4).fill("✓ verified"));
  });

  it("are not called verified before they are", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/api/runs/*/bundle", async (route) => {
      await held;
      await route.continue();
    });
    await visit(ended, "checking");
    expect((await page.content()).toLowerCase()).not.toContain("verified");
    release();
    await page.locator("#browser-check.is-valid").waitFor();
    expect((await page.content()).toLowerCase()).toContain("verified");
  });

  it("are not called verified when the verifier cannot be loaded or the bundle cannot be had", async () => {
    for (const path of ["**/build/verifier.js", "**/api/runs/*/bundle", "**/.well-known/countersign.json"]) {
      await page.route(path, (route) => route.abort());
      await visit(ended, "unable");
      expect(await check().innerText()).toMatch(/^Not checked\./);
      expect((await page.content()).toLowerCase()).not.toContain("verified");
      await page.unroute(path);
    }
  });

  const tamperings: [string, (bundle: Bundle) => unknown, string, string][] = [
    [
      "a decision turned around",
      (bundle) => withWords(bundle, 4, '"approve"', '"reject!"'),
      "Receipt 4: ERR_SIGNATURE",
      "✗ differs from the bundle",
    ],
    [
      "a receipt taken out",
      (bundle) => ({ ...bundle, receipts: bundle.receipts.toSpliced(4, 1) }),
      "Receipt 4: ERR_SEQ",
      "✗ differs from the bundle",
    ],
    [
      "a signature altered",
      (bundle) => ({
        ...bundle,
        receipts: bundle.receipts.map((envelope, i) =>
          i === 4
            ? {
                ...envelope,
                signatures: [{ ...envelope.signatures[0], sig: bundle.receipts[3]?.signatures[0].sig }],
              }
            : envelope,
        ),
      }),
      "Receipt 4: ERR_SIGNATURE",
      "✗ ERR_SIGNATURE",
    ],
    ["something else altogether", () => ({ hello: "world" }), "ERR_BUNDLE", ""],
  ];

  it.each(tamperings)("turn red, and say why, when what is served is %s", async (_, change, why, mark) => {
    await tamper(change);
    await visit(ended, "invalid");
    expect(await check().innerText()).toContain(why);
    const alert = page.getByRole("alert");
    expect(await alert.innerText()).toContain(why);
    expect(await alert.innerText()).toContain("Do not decide on this page");
    expect(await marks()).toMatchObject({ 4: mark });
    const red = await page.evaluate("getComputedStyle(document.querySelector('#browser-check b')).color");
    expect(red).toBe("rgb(159, 47, 34)");
    const line = await page.evaluate(
      "getComputedStyle(document.querySelector('.status')).textDecorationLine",
    );
    expect(line, "the status is struck out").toBe("line-through");
    expect(await page.title()).toMatch(/^Does not verify: Checkout/);
    expect(await icon()).toBe("/favicon-bad.svg");
  });

  it("keep the tab's warning when the page is served anew with the same receipts", async () => {
    await tamper(() => ({ hello: "world" }));
    const sockets: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/live$/, (socket) => void sockets.push(socket));
    await visit(ended, "invalid");
    await page.route(`${server.origin}/runs/*`, async (route) => {
      const { "if-none-match": _, ...headers } = route.request().headers();
      const response = await route.fetch({ headers });
      const body = (await response.text()).replace("<title>Fixed: ", "<title>Fixed: Again, ");
      await route.fulfill({ response, body });
    });
    // Any other head makes the page look at itself.
    sockets[0]?.send(JSON.stringify({ head: "sha256:another", status: ended.status }));
    await eventually(() => page.title()).toMatch(/^Does not verify: Again, /);
    expect(await icon()).toBe("/favicon-bad.svg");
  });

  it("turn red when the page shows other receipts than those that verify", async () => {
    await page.route(`${server.origin}/runs/*`, async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      await route.fulfill({ response, body: html.replace(/(id="receipt-4" data-digest="sha256:)./, "$1x") });
    });
    await visit(ended, "invalid");
    expect(await check().innerText()).toContain("does not show what was checked");
    expect(await marks()).toMatchObject({ 3: "✓ verified", 4: "✗ differs from the bundle" });
  });

  it("are judged by a worker that cannot reach the network, not even its own origin", async () => {
    await visit(ended, "valid");
    const [worker] = page.workers();
    const reached = await worker?.evaluate("fetch('/healthz').then(() => 'reached', () => 'refused')");
    expect(reached).toBe("refused");
    // The browser logs it, when it comes to it.
    await expect.poll(() => wrongs, { timeout: 20_000 }).not.toEqual([]);
    await page.close();
    wrongs = [];
  });

  it("without JavaScript: the page says what to do instead", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${server.origin}/runs/${ended.run}`);
    expect(await plain.locator("#browser-check").innerText()).toContain("the command below does not");
    expect((await plain.content()).toLowerCase()).not.toContain("verified");
    await context.close();
  });
});

describe("the scripts", () => {
  const loaded: string[] = [];
  async function weigh(path: string): Promise<number> {
    const bytes = new Uint8Array(await (await fetch(`${server.origin}${path}`)).arrayBuffer());
    return gzipSync(bytes, { level: 9 }).length;
  }

  it("of a run's page weigh less than 20 KB gzip, and the verifier loads apart", async () => {
    page.on("response", (response) => {
      if (response.url().endsWith(".js")) loaded.push(new URL(response.url()).pathname);
    });
    await visit(ended, "valid");
    expect(loaded).toEqual(["/build/run-page.js", "/build/verifier.js"]);
    const [own, verifier] = [await weigh("/build/run-page.js"), await weigh("/build/verifier.js")];
    expect(own).toBeLessThan(20_000);
    expect(verifier).toBeLessThan(64_000);
  });

  it("come with a policy that allows nothing inline and nothing from elsewhere", async () => {
    for (const path of [`/runs/${ended.run}`, "/verify"]) {
      const policy = (await fetch(`${server.origin}${path}`)).headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
    }
    const worker = await fetch(`${server.origin}/build/verifier.js`);
    expect(worker.headers.get("content-security-policy")).toMatch(/^default-src 'none';/);
    expect(worker.headers.get("cache-control")).toBe("no-cache");
  });
});
