// Every kind of page, looked at by axe in light and dark, and measured on the narrowest phone: nothing scrolls sideways.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { openTab, runThat } from "./tab.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const runPath = async (state: "waits" | "ended") => `/runs/${(await runThat(state)).run}`;

/** Each with a mark by which it is known to be there whole. */
const SCREENS: readonly [string, () => Promise<string> | string, string][] = [
  ["the desk", () => "/", "#sample-check.is-held"],
  ["a run that waits", () => runPath("waits"), "#check-brief.is-held"],
  ["a run that has ended", () => runPath("ended"), "#check-brief.is-held"],
  ["a receipt", async () => `${await runPath("waits")}/receipts/3`, "main h1"],
  ["the checker", () => "/verify", "#verdict.is-valid"],
  ["the checker with a forgery", () => "/verify?try=forge", "#verdict.is-invalid"],
  ["the enrol page", () => "/enrol", "#make"],
  ["the sign-in page", () => `${inject("tokenOrigin")}/sign-in`, "main form"],
  ["the desk of strangers", () => `${inject("tokenOrigin")}/`, "main form"],
  ["the API's page", () => "/docs", "main h1"],
  ["an error", () => "/runs/run-000000000000000000000000", ".error h1"],
];

const unfold = (page: Page) =>
  page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");

/** What axe finds, one line each: in light everything, in dark what can differ from it. */
async function violations(page: Page, colorScheme: "light" | "dark"): Promise<string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  const runOnly = colorScheme === "dark" ? ["color-contrast", "link-in-text-block"] : undefined;
  const options = JSON.stringify({ resultTypes: ["violations"], runOnly });
  const found = await page.evaluate<AxeResults>(`axe.run(${options})`);
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}

/** How far the page scrolls sideways. */
const sideways = (page: Page) =>
  page.evaluate<number>("document.scrollingElement.scrollWidth - document.documentElement.clientWidth");

describe("a page", () => {
  it.each(SCREENS)("%s: axe finds nothing, and 320 px are wide enough", async (_, path, mark) => {
    const page = await openTab(await path(), { viewport: { width: 1280, height: 900 } });
    await page.locator(mark).first().waitFor();
    await page.evaluate(AXE);
    expect.soft(await violations(page, "light"), "light, folded").toEqual([]);
    await unfold(page);
    expect.soft(await violations(page, "light"), "light").toEqual([]);
    expect.soft(await violations(page, "dark"), "dark").toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect.soft(await sideways(page), "unfolded, at 320 px").toBeLessThanOrEqual(0);
    expect.soft(await violations(page, "light"), "light, at 320 px").toEqual([]);
  });
});
