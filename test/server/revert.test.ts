// A finished run is undone and continued from its own page, in a real Chromium: each is a run of its own that waits for its own decision, and
// the command line proves that what was undone is the exact inverse.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { type Bundle, follow, verify } from "../../src/chain/index.ts";
import type { RunView } from "../../src/host/index.ts";
import { approve, eventually, headline, openRun, runThat, verified } from "./tab.ts";

const idOf = (page: Page) => /run-[0-9a-f]{24}/.exec(page.url())?.[0] ?? "";

async function api<Value>(path: string): Promise<Value> {
  return (await fetch(`${inject("openOrigin")}${path}`)).json() as Promise<Value>;
}

/** Presses a button of an ended run's page, and waits for the run that it starts. */
async function start(button: "Revert" | "Continue"): Promise<{ page: Page; parent: string }> {
  const { run: parent } = await runThat("ended");
  const page = await openRun({ run: parent } as RunView);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/runs/") && !url.pathname.endsWith(parent));
  return { page, parent };
}

/** What `countersign-verify --follow` says of a run. */
async function verifyFollowing(run: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-revert-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const trust = join(folder, "trust.json");
  await writeFile(trust, JSON.stringify(await api("/.well-known/countersign.json")));
  const args = [
    "src/cli/verify.ts",
    `${inject("openOrigin")}/api/runs/${run}/bundle`,
    "--trust",
    trust,
    "--follow",
  ];
  const required = ["--require", "executed", "--require-call", "repository.write_file"];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...required]);
  return stdout;
}

describe("Revert", () => {
  it("starts the run that undoes the call, which waits for a decision of its own, and is the exact inverse", async () => {
    const { page, parent } = await start("Revert");
    await page.locator("#decision").waitFor();
    expect(await page.locator(".head").innerText()).toContain(
      "visitor asks to undo a call of the run before",
    );
    await verified(page);
    await approve(page);
    await eventually(() => headline(page)).toBe("Undone.");
    expect(await page.locator("#result .sentence").innerText()).toContain("0 → 6 of 32");
    const run = idOf(page);
    const said = await verifyFollowing(run);
    expect(said).toContain(`lineage valid: ${run} valid ← ${parent} valid`);
    const { runs } = await follow(await api<Bundle>(`/api/runs/${run}/bundle`), [
      await api("/.well-known/countersign.json"),
    ]);
    const [undoing, undone] = runs.map(({ run: told }) => told?.rounds.at(-1)?.effects ?? []);
    expect(undoing).toEqual(
      undone?.map(({ resource, before, after }) => ({ resource, before: after, after: before })),
    );
  });

  it("changes nothing where the file has changed before the approval", async () => {
    const { page } = await start("Revert");
    await page.locator("#decision").waitFor();
    const run = idOf(page);
    const drift = await fetch(
      `${inject("openOrigin")}/api/runs/${run}/resources/${encodeURIComponent("file:src/checkout.js")}`,
      {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ content: "// somebody else was here\n" }),
      },
    );
    expect(drift.status, await drift.text()).toBe(204);
    await verified(page);
    await approve(page);
    await eventually(() => headline(page)).toBe("Not done.");
    expect(await page.locator("#result .sentence").innerText()).toMatch(/changed/i);
    const bundle = await api<Bundle>(`/api/runs/${run}/bundle`);
    const { report, run: told } = await verify(bundle, await api("/.well-known/countersign.json"), { run });
    expect(told?.rounds[0]?.execution?.status).toBe("failed");
    expect(report.verdict).toBe("valid");
  });
});

describe("Continue", () => {
  it("starts a run that goes on from what was handed on", async () => {
    const { page, parent } = await start("Continue");
    await eventually(() => headline(page)).not.toContain("Working");
    const { runs, verdict } = await follow(await api(`/api/runs/${idOf(page)}/bundle`), [
      await api("/.well-known/countersign.json"),
    ]);
    expect(verdict).not.toBe("invalid");
    expect(runs.map(({ report }) => report.run)).toEqual([idOf(page), parent]);
  });
});
