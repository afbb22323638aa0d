// A reviewer's way through the product in a real Chromium: from the desk to a run, through the change to a decision, and on to the proof.
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import type { ReceiptList, RunView } from "../../src/host/index.ts";
import type { Predicate } from "../../src/receipt/index.ts";
import {
  approve,
  eventually,
  headline,
  openRun,
  openTab,
  review,
  runThat,
  startRun,
  verified,
} from "./tab.ts";

const idOf = (page: Page) => /run-[0-9a-f]{24}/.exec(page.url())?.[0] ?? "";

async function api<Value>(path: string): Promise<Value> {
  const response = await fetch(`${inject("openOrigin")}${path}`);
  expect(response.status, path).toBe(200);
  return response.json() as Promise<Value>;
}

const receiptsOf = (run: string) => api<ReceiptList>(`/api/runs/${run}/receipts`);

/** The decisions of a run: what was decided, and the words. */
async function decisionsOf(run: string): Promise<[unknown, unknown][]> {
  const { receipts } = await receiptsOf(run);
  return receipts
    .filter(({ kind }) => kind === "decision")
    .map(({ statement }) => statement.predicate as Predicate<"decision">)
    .map(({ decision, reason }) => [decision, reason]);
}

describe("from the desk", () => {
  it("a run is started, its change reviewed and approved, and this browser verifies that it is fixed", async () => {
    const page = await openTab("/");
    await page.getByRole("button", { name: "Fire the demo alert" }).click();
    await page.waitForURL(/\/runs\/run-/);
    await page.locator("#decision").waitFor();
    expect(await page.locator(".head .eyebrow").innerText()).toContain("Checkout is answering 5xx");
    await verified(page);
    expect(await page.locator("#decision button[value=approve]").isVisible()).toBe(false);
    await review(page);
    const end = await page.evaluate<number>(
      "document.querySelector('[id^=change-][id$=-end]').getBoundingClientRect().top",
    );
    expect(end, "the end of the change is above the decision").toBeLessThan(
      (await page.locator("#decision").boundingBox())?.y ?? 0,
    );
    await approve(page);
    await eventually(() => headline(page)).toBe("Fixed.");
    const { receipts } = await receiptsOf(idOf(page));
    await eventually(() => page.locator("#check-brief").innerText()).toBe(
      `✓ ${receipts.length} receipts verified here`,
    );
    await page.getByRole("link", { name: "Verify", exact: true }).last().click();
    await page.waitForURL(/\/verify\?run=run-/);
    await eventually(() => page.locator("#verdict-title").innerText()).toBe("✓ Valid.");
  });
});

describe("from the page", () => {
  it("a rejection is signed with the words that were written", async () => {
    const page = await openRun(await startRun());
    await page.locator("#decision button[value=reject]").click();
    expect(await page.evaluate("document.activeElement.id"), "the first press opens the box").toBe("reason");
    await page.keyboard.type("Prices are right; the probe is wrong.");
    await page.locator("#decision button[value=reject]").click();
    await eventually(() => headline(page)).toContain("Rejected");
    expect(await decisionsOf(idOf(page))).toEqual([["reject", "Prices are right; the probe is wrong."]]);
  });

  it("a request for changes keeps its words, and the next revision answers them", async () => {
    const page = await openRun(await startRun());
    await page.locator("#decision button[value=request_changes]").click();
    await page.keyboard.type("Answer 409 instead.");
    await page.locator("#decision button[value=request_changes]").click();
    await eventually(() => page.locator(".head .eyebrow").innerText()).toContain("revision 2");
    expect(await page.locator(".head").innerText()).toContain("Answer 409 instead.");
    expect(await decisionsOf(idOf(page))).toEqual([["request_changes", "Answer 409 instead."]]);
  });

  it("a request for changes without words is sent back to the box, and signs nothing", async () => {
    const page = await openRun(await startRun());
    await page.locator("#decision button[value=request_changes]").click();
    await page.locator("#decision button[value=request_changes]").click();
    await page.locator("#new-proposal", { hasText: "Say what to change" }).waitFor();
    expect(await decisionsOf(idOf(page))).toEqual([]);
  });

  it("without JavaScript a form decides, with its words", async () => {
    const { run } = await startRun();
    const page = await openTab(`/runs/${run}`, { javaScriptEnabled: false });
    expect(await page.locator(".review").isVisible()).toBe(false);
    await page.locator("#note summary").click();
    await page.locator("#reason").fill("Looks right.");
    await page.locator("#decision button[value=approve]").click();
    await page.waitForURL(new RegExp(`/runs/${run}$`));
    for (let load = 0; load < 20 && (await page.locator("#result").count()) === 0; load += 1) {
      await page.waitForTimeout(250);
      await page.reload();
    }
    expect(await headline(page)).toBe("Fixed.");
    expect(await decisionsOf(run)).toEqual([["approve", "Looks right."]]);
  });

  it("a decision that comes too late says so and keeps the words", async () => {
    const { run } = await startRun();
    const page = await openTab(`/runs/${run}`, { javaScriptEnabled: false });
    const { pending } = await api<RunView>(`/api/runs/${run}`);
    await fetch(`${inject("openOrigin")}/api/runs/${run}/request-changes`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ proposal: pending?.proposal, feedback: "Answer 409 instead." }),
    });
    await page.locator("#note summary").click();
    await page.locator("#reason").fill("Good as it stands.");
    await page.locator("#decision button[value=approve]").click();
    expect(await page.locator("#reason").inputValue()).toBe("Good as it stands.");
    expect(await decisionsOf(run)).toEqual([["request_changes", "Answer 409 instead."]]);
  });
});

describe("a link to a run", () => {
  const said = async (page: Page) =>
    Promise.all(
      ["og:title", "og:description"].map((name) =>
        page.locator(`meta[property="${name}"]`).getAttribute("content"),
      ),
    );

  it("says what is asked, then what came of it", async () => {
    const waiting = await runThat("waits");
    const page = await openTab(`/runs/${waiting.run}`);
    const [title, description] = await said(page);
    expect(title).toBe("Decision needed: Checkout is answering 5xx");
    expect(description).toContain((await headline(page)).replace(/\.$/, ""));
    const ended = await runThat("ended");
    await page.goto(`/runs/${ended.run}`);
    const [after = "", told = ""] = await said(page);
    expect(after).toBe("Fixed. Checkout is answering 5xx");
    expect(told).toContain(await page.locator("#result .sentence").innerText());
    const { receipts } = await receiptsOf(ended.run);
    const checks = receipts
      .map(({ statement: { predicate } }) => predicate as Partial<Predicate<"outcome">>)
      .flatMap(({ checks = [] }) => checks)
      .flatMap(({ before, after: now }) => (now ? [{ was: before.failed, is: now.failed }] : []));
    expect(checks.map(({ is }) => is)).toEqual(checks.map(() => 0));
    const first = checks[0]?.was ?? 0;
    expect(first, "failed before").toBeGreaterThan(0);
    expect(told).toContain(`${first} → 0`);
  });
});

describe("no page asks for much", () => {
  it.each(["/", "/verify", "/docs", "waits", "ended", "receipt"])("%s: at most 8 requests", async (what) => {
    const path =
      what === "waits" || what === "ended"
        ? `/runs/${(await runThat(what)).run}`
        : what === "receipt"
          ? `/runs/${(await runThat("waits")).run}/receipts/0`
          : what;
    const page = await openTab(null);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(path, { waitUntil: "networkidle" });
    expect(asked.length, asked.join("\n")).toBeLessThanOrEqual(8);
    for (const url of asked) expect(url.startsWith(inject("openOrigin")), url).toBe(true);
  });
});
