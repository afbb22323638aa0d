// A reviewer edits a call in a real Chromium: what they change stands beside the editor, what cannot be used comes back with the reason at its
// place, and the call as edited is rehearsed, decided and executed like any other.
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { type Bundle, verify } from "../../src/chain/index.ts";
import type { RunView } from "../../src/host/index.ts";
import { approve, eventually, headline, openRun, openTab, startRun, verified } from "./tab.ts";

const LINE = "// Looked at twice.";

const editors = (page: Page) => page.locator(".edit textarea");
const view = async (run: string): Promise<RunView> =>
  (await fetch(`${inject("openOrigin")}/api/runs/${run}`)).json();

describe("Edit it yourself", () => {
  it("shows the change beside the text as it is written, with hidden characters spelled out", async () => {
    const page = await openRun(await startRun());
    await page.locator("[id^=edit-] > summary").click();
    const diff = page.locator(".edit-diff").first();
    expect(await diff.isVisible()).toBe(false);
    const text = await editors(page).first().inputValue();
    await editors(page).first().fill(`${text}// a\u202eb\n`);
    await eventually(() => diff.locator(".is-added").allInnerTexts()).toEqual([
      expect.stringMatching(/\+\/\/ aU\+202Eb$/),
    ]);
    expect(await diff.locator(".is-removed").count()).toBe(0);
    await editors(page).first().fill(text);
    await eventually(() => diff.isVisible()).toBe(false);
  });

  it("proposes the call as edited, which is rehearsed, approved and executed", async () => {
    const { run } = await startRun();
    const page = await openRun(await view(run));
    await page.locator("[id^=edit-] > summary").click();
    const text = await editors(page).first().inputValue();
    await editors(page).first().fill(`${text}${LINE}\n`);
    await page.locator("#edit-reason").fill("For whoever reads it next.");
    await page.getByRole("button", { name: "Send back as edited" }).click();
    await eventually(() => page.locator(".head .eyebrow").innerText()).toContain("revision 2");
    expect(await page.locator(".head").innerText()).toContain("visitor wrote this call");
    const { pending } = await view(run);
    expect(pending?.args).toMatchObject({ content: `${text}${LINE}\n`, path: "src/checkout.js" });
    expect(pending?.checks.every(({ rehearsed }) => rehearsed?.failed === 0)).toBe(true);
    await verified(page);
    await approve(page);
    await eventually(() => headline(page)).toBe("Fixed.");
    const bundle: Bundle = await (await fetch(`${inject("openOrigin")}/api/runs/${run}/bundle`)).json();
    const trust: unknown = await (await fetch(`${inject("openOrigin")}/.well-known/countersign.json`)).json();
    const { report, run: told } = await verify(bundle, trust, { run });
    expect(report.verdict).toBe("valid");
    expect(told?.rounds.map(({ execution }) => execution?.status)).toEqual(["withheld", "executed"]);
  });

  it("keeps what was written when the run moves on meanwhile", async () => {
    const started = await startRun();
    const page = await openRun(started);
    await page.locator("[id^=edit-] > summary").click();
    const text = `${await editors(page).first().inputValue()}${LINE}\n`;
    await editors(page).first().fill(text);
    const { pending } = started;
    const init = { method: "POST", headers: { "content-type": "application/json" } };
    const at = `${inject("openOrigin")}/api/runs/${started.run}`;
    const body = JSON.stringify({ proposal: pending?.proposal, feedback: "Answer 409 instead." });
    expect((await fetch(`${at}/request-changes`, { ...init, body })).status).toBe(200);
    await eventually(() => page.locator(".head .eyebrow").innerText()).toContain("revision 2");
    expect(await editors(page).first().inputValue()).toBe(text);
    expect(await editors(page).first().isVisible()).toBe(true);
    const { pending: next } = await view(started.run);
    await fetch(`${at}/reject`, { ...init, body: JSON.stringify({ proposal: next?.proposal }) });
    await page.locator("#moved-on textarea").waitFor();
    expect(await page.locator("#moved-on textarea").inputValue()).toBe(text);
  });

  it.each([true, false])(
    "that the schema refuses comes back with the reason, and nothing is lost (script: %s)",
    async (javaScriptEnabled) => {
      const { run } = await startRun();
      const page = await openTab(`/runs/${run}`, { javaScriptEnabled });
      await page.locator("[id^=edit-] > summary").click();
      const text = await editors(page).first().inputValue();
      await editors(page).first().fill(`${text}${LINE}\n`);
      await editors(page).last().fill('{ "path": 5, "before": null }');
      await page.locator("#edit-reason").fill("Try this.");
      await page.getByRole("button", { name: "Send back as edited" }).click();
      await page.locator("#edit-fault").waitFor();
      expect(await page.locator("#edit-fault").innerText()).toMatch(/path: .*expected string/);
      expect(await editors(page).first().inputValue()).toBe(`${text}${LINE}\n`);
      expect(await editors(page).last().inputValue()).toBe('{ "path": 5, "before": null }');
      expect(await page.locator("#edit-reason").inputValue()).toBe("Try this.");
      expect((await view(run)).pending?.revision).toBe(1);
      if (javaScriptEnabled)
        await eventually(() => page.locator(".edit-diff .is-added").first().innerText()).toContain(LINE);
    },
  );
});
