// The desk as a visitor meets it, in a real Chromium with JavaScript off: empty, full, a page further, and without its list.
import { globSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { RunEntry, RunView } from "../../src/chain/index.ts";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { makeStorage, type ServerOptions, startServer } from "./server.ts";

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await sharedChromium();
});
beforeEach(async () => {
  context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
});
afterEach(() => context.close());

async function serve(options?: ServerOptions): Promise<Deployment> {
  const server = await startServer(options);
  onTestFinished(() => server.stop());
  return server;
}

/** POSTs JSON and gives the run's view. */
async function post(address: string, body: unknown = {}): Promise<RunView> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  return (await fetch(address, init)).json() as Promise<RunView>;
}

async function start({ origin }: Deployment, title?: string): Promise<RunView> {
  return post(`${origin}/api/runs`, title === undefined ? {} : { alert: { title } });
}

function decide({ origin }: Deployment, view: RunView, how: "approve" | "reject"): Promise<RunView> {
  return post(`${origin}/api/runs/${view.run}/${how}`, { proposal: view.pending?.proposal });
}

/** The runs that the list holds, once it holds so many and has heard of every receipt of theirs. */
async function listed({ origin }: Deployment, count: number): Promise<RunEntry[]> {
  const read = async () => {
    const answer = await fetch(`${origin}/api/runs?limit=100`);
    return ((await answer.json()) as { runs: RunEntry[] }).runs;
  };
  const isCurrent = async ({ run, count }: RunEntry) => {
    const view = await fetch(`${origin}/api/runs/${run}`);
    return ((await view.json()) as RunEntry).count === count;
  };
  const current = async () => (await Promise.all((await read()).map(isCurrent))).filter(Boolean).length;
  await expect.poll(current, { timeout: 30_000 }).toBe(count);
  return read();
}

const section = (name: string) => page.getByRole("region", { name, exact: true });
const lines = (name: string) => section(name).getByRole("listitem");

describe("the desk", () => {
  it("is empty at first and says so, then leads from the one button through a decision to the outcome", async () => {
    const server = await serve();
    await page.goto(server.origin);
    expect(await section("Runs").innerText()).toContain("There are none yet.");
    await page.getByRole("button", { name: "Fire the checkout alert" }).click();
    await page.waitForURL(/\/runs\/run-/);
    const run = page.url();

    await page.goto(server.origin);
    expect(await page.title()).toBe("(1) Decision needed · Countersign");
    expect(await lines("Waiting for a decision").allInnerTexts()).toEqual([
      expect.stringMatching(
        /Checkout is answering 5xx[\s\S]*Decision needed[\s\S]*low risk[\s\S]*59 min left/,
      ),
    ]);
    expect(await section("Runs").count()).toBe(0);
    await section("Waiting for a decision").getByRole("link").click();
    expect(page.url()).toBe(run);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.locator("#handoff").waitFor();

    await page.goto(server.origin);
    expect(await page.title()).toBe("Countersign");
    expect(await section("Waiting for a decision").count()).toBe(0);
    expect(await lines("Runs").allInnerTexts()).toEqual([
      expect.stringMatching(/Fixed[\s\S]*[1-9]\d* → 0 of \d+ requests fail/),
    ]);
  });

  it("has the runs that wait on top and ten others below, and pages to those before them", async () => {
    const server = await serve();
    const ended: string[] = [];
    const waiting = [await start(server, "The first alert")];
    for (let i = 0; i < 12; i += 1) {
      ended.unshift((await decide(server, await start(server, `Alert ${i}`), "reject")).run);
    }
    waiting.push(await start(server, "The last alert"));
    await listed(server, 14);
    const hrefs = async (of: string) =>
      Promise.all((await lines(of).getByRole("link").all()).map((link) => link.getAttribute("href")));

    await page.goto(server.origin);
    expect(await hrefs("Waiting for a decision")).toEqual(waiting.map(({ run }) => `/runs/${run}`));
    // What waits for somebody stands no lower than the button that makes more of it.
    const [first, fire] = await Promise.all(
      [
        lines("Waiting for a decision").first(),
        page.getByRole("button", { name: "Fire the checkout alert" }),
      ].map((part) => part.boundingBox()),
    );
    expect(first?.y).toBeLessThan(fire?.y ?? 0);
    expect(await hrefs("Other runs")).toEqual(ended.slice(0, 10).map((run) => `/runs/${run}`));
    expect(await lines("Other runs").first().innerText()).toMatch(
      /Alert 11[\s\S]*Rejected[\s\S]*Nothing was written\./,
    );

    await page.getByRole("link", { name: "Older runs" }).click();
    const older = page.getByRole("main").getByRole("listitem").getByRole("link");
    expect(await older.count()).toBe(2);
    expect(await older.first().innerText()).toContain("Alert 1");
    expect(await page.getByRole("link", { name: "Older runs" }).count()).toBe(0);
    await page.goBack();
    expect(await hrefs("Other runs")).toHaveLength(10);

    await page.goto(`${server.origin}/?status=awaiting_decision&from=a-colleague`);
    expect(await page.getByRole("main").getByRole("listitem").count()).toBe(2);
    expect((await page.goto(`${server.origin}/?cursor=nonsense`))?.status()).toBe(400);
    expect(await page.getByRole("main").innerText()).toContain("No such list");
  });

  it("fits a phone, a tablet and a desktop, and every control fits a thumb", async () => {
    const server = await serve();
    const title = "An alert whose title somebody else's monitoring has written, withoutanyspacesto".padEnd(
      300,
      "breakit",
    );
    await decide(server, await start(server, title), "approve");
    await start(server, title);
    await listed(server, 2);
    for (const width of [390, 768, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      for (const path of ["/", "/?status=completed", "/?status=nonsense"]) {
        const where = `${path} at ${width} px`;
        await page.goto(`${server.origin}${path}`);
        expect(await page.evaluate("document.scrollingElement.scrollWidth"), where).toBeLessThanOrEqual(
          width,
        );
        const controls = await page.locator("main .run-line > a, main .onward a, main button").all();
        expect(controls.length, where).toBeGreaterThan(0);
        for (const control of controls) {
          expect((await control.boundingBox())?.height, where).toBeGreaterThanOrEqual(44);
        }
        // A long title shows how it begins; the run's own page has all of it.
        for (const line of await page.locator("main .run-line > a").all()) {
          expect((await line.boundingBox())?.height, where).toBeLessThan(130);
        }
      }
    }
  });
});

/** Where the list is stored. */
const listFolder = (state: string) => join(state, "v3", "do", "countersign-RunIndex");

/** Gives a column of the stored list another name, with which the list can be neither read nor told anything. */
function rename(state: string, column: string, name: string): void {
  const [file = "none"] = globSync(`${listFolder(state)}/${"[0-9a-f]".repeat(64)}.sqlite`);
  const database = new DatabaseSync(file);
  database.exec(`ALTER TABLE runs RENAME COLUMN ${column} TO ${name}`);
  database.close();
}

describe("the desk without its list", () => {
  it("says so and still starts runs, which are listed once the index is there", async () => {
    const state = await makeStorage();
    const fresh = await serve({ state });
    expect(await listed(fresh, 0)).toEqual([]);
    await fresh.stop();
    rename(state, "entry", "lost");

    const broken = await serve({ state, vars: { ISSUER: fresh.origin } });
    await page.goto(broken.origin);
    expect(await section("Runs").innerText()).toContain("The list of runs cannot be read now.");
    await page.getByRole("button", { name: "Fire the checkout alert" }).click();
    await page.waitForURL(/\/runs\/run-/);
    await page.getByRole("button", { name: "Reject" }).click();
    await page.locator("#handoff").waitFor();
    await broken.stop();
    rename(state, "lost", "entry");

    const mended = await serve({ state, vars: { ISSUER: fresh.origin } });
    const { pathname } = new URL(page.url());
    await page.goto(`${mended.origin}${pathname}`);
    expect(await listed(mended, 1)).toMatchObject([
      { links: { page: pathname }, status: "rejected", count: 8 },
    ]);
    await page.goto(mended.origin);
    expect(await lines("Runs").count()).toBe(1);
  });

  it("fills again from the runs themselves when the whole database was lost", async () => {
    const state = await makeStorage();
    const first = await serve({ state });
    const runs = [(await decide(first, await start(first), "approve")).run, (await start(first)).run];
    const before = await listed(first, 2);
    await first.stop();
    await rm(listFolder(state), { recursive: true });

    // A chain belongs to the issuer that signed it, whatever port it is served from.
    const again = await serve({ state, vars: { ISSUER: first.origin } });
    await page.goto(again.origin);
    expect(await section("Runs").innerText()).toContain("There are none yet.");
    for (const run of runs) expect((await fetch(`${again.origin}/api/runs/${run}`)).status).toBe(200);
    expect(await listed(again, 2)).toEqual(before);
  });
});
