// The checker in a real Chromium, over the network only for what the address names: the sample, a run, a file that is dropped;
// and each of the five cheats, caught.
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { CHEATS } from "../../src/client/cheat-names.ts";
import { eventually, openTab, runThat } from "./tab.ts";

const verdict = (page: Page) => eventually(() => page.locator("#verdict-title").innerText());

async function jsonOf(path: string): Promise<unknown> {
  return (await fetch(`${inject("openOrigin")}${path}`)).json();
}

/** Drops a document onto the page, as a file. */
async function drop(page: Page, content: string, name: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    `(() => { const data = new DataTransfer(); data.items.add(new File([${JSON.stringify(content)}], ${JSON.stringify(name)})); return data; })()`,
  );
  await page.dispatchEvent("main", "drop", { dataTransfer });
}

describe("the checker", () => {
  it("opens with a forgery that is caught, where the address asks for one", async () => {
    const page = await openTab("/verify?try=forge");
    await verdict(page).toBe("✗ Caught.");
    expect(await page.locator("#caught-count").innerText()).toBe("1 of 5 caught");
    expect(await page.locator("#failures code").count()).toBeGreaterThan(0);
    expect(await page.locator("#cheat-reject").getAttribute("aria-pressed")).toBe("true");
  });

  it.each(["/verify", "a run"])("catches each of the five cheats, on %s", async (where) => {
    const path = where === "a run" ? `/verify?run=${(await runThat("ended")).run}` : where;
    const page = await openTab(path);
    await verdict(page).toBe("✓ Valid.");
    for (const [i, how] of CHEATS.entries()) {
      await page.locator(`#cheat-${how}`).click();
      await eventually(() => page.locator("#caught-count").innerText()).toBe(`${i + 1} of 5 caught`);
      await verdict(page).toBe("✗ Caught.");
      expect(await page.locator(`#caught-${how}`).innerText()).toMatch(/^✗ .{10,}/);
    }
    await page.locator("#restart").click();
    await verdict(page).toBe("✓ Valid.");
  });

  it("borrows an approval of the sample where no other run has one", async () => {
    const { run } = await runThat("ended");
    const page = await openTab(null);
    // The list as it is before any other run has been approved: the newest waits.
    const runs = [{ run: `run-${"0".repeat(24)}`, status: "awaiting_decision" }];
    await page.route("**/api/runs", (route) => route.fulfill({ json: { runs, next: null } }));
    await page.goto(`/verify?run=${run}`);
    await verdict(page).toBe("✓ Valid.");
    await page.locator("#cheat-other").click();
    await verdict(page).toBe("✗ Caught.");
    expect(await page.locator("#caught-other").innerText()).toMatch(/^✗ .{10,}/);
  });

  it("verifies a bundle that is dropped, and says what is wrong with one that was altered", async () => {
    const { run } = await runThat("ended");
    const bundle = (await jsonOf(`/api/runs/${run}/bundle`)) as { receipts: unknown[] };
    const page = await openTab("/verify");
    await verdict(page).toBe("✓ Valid.");
    await drop(page, JSON.stringify(bundle), "genuine.json");
    await eventually(() => page.locator("#source-named").textContent()).toContain("genuine.json");
    await verdict(page).toBe("✓ Valid.");
    await eventually(() => page.locator("#verdict-how").innerText()).toContain(
      `${bundle.receipts.length} receipts`,
    );
    const altered = { ...bundle, receipts: bundle.receipts.toSpliced(4, 1) };
    await drop(page, JSON.stringify(altered), "altered.json");
    await verdict(page).toBe("✗ Invalid.");
    expect(await page.locator("#failures").innerText()).toMatch(/ERR_/);
  });

  it("refuses a file that is no bundle, and leaves what was there", async () => {
    const page = await openTab("/verify");
    await verdict(page).toBe("✓ Valid.");
    await drop(page, "{}", "nothing.json");
    await page.locator("#refusal:not([hidden])").waitFor();
    await verdict(page).toBe("✓ Valid.");
  });

  it("sends nothing of what is dropped", async () => {
    const page = await openTab("/verify");
    await verdict(page).toBe("✓ Valid.");
    const { run } = await runThat("ended");
    const bundle = JSON.stringify(await jsonOf(`/api/runs/${run}/bundle`));
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.method() !== "GET") sent.push(request.url());
      if (request.url().includes(run)) sent.push(request.url());
    });
    await drop(page, bundle, "mine.json");
    await eventually(() => page.locator("#source-named").textContent()).toContain("mine.json");
    await verdict(page).toBe("✓ Valid.");
    expect(sent).toEqual([]);
  });
});
