// Every page and state, looked at by axe in light and dark, and measured on a phone, a tablet and a laptop: nothing scrolls
// sideways, every control can be hit with a thumb, the decision is in reach, and the icon and title say the state.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedChromium } from "./chromium.ts";
import { type DevServer, startDevServer } from "./dev-server.ts";
import {
  holdStill,
  type Screen,
  screensWithoutRuns,
  screensWithRuns,
  type TitledScreen,
} from "./screens.tsx";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
] as const;

let server: DevServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startDevServer({ entry: "test/server/door.ts", flags: ["--var", "REVISIONS:3"] }),
    sharedChromium(),
  ]);
});
afterAll(async () => {
  await server?.stop();
});

const unfold = (page: Page) =>
  page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");

/** What axe finds, one line each: in light everything, in dark what can differ from it. */
async function violations(page: Page, colorScheme: "light" | "dark"): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  const runOnly = colorScheme === "dark" ? ["color-contrast", "link-in-text-block"] : undefined;
  const options = JSON.stringify({ resultTypes: ["violations"], runOnly });
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${options})`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}

/** Controls that are smaller than a thumb. Of links within a sentence none is asked (WCAG 2.2, 2.5.8). */
const SMALL_CONTROLS = `
  [...document.querySelectorAll("a[href], button, summary, textarea, select, input:not([type=hidden])")]
    .filter((control) => control.checkVisibility({ visibilityProperty: true }) && !control.closest(".skip"))
    .filter((control) => {
      const around = control.parentElement;
      return !(control.matches("p > a, li > a, dd > a") && around.textContent.trim() !== control.textContent.trim()
        && getComputedStyle(control).display === "inline");
    })
    .map((control) => {
      const area = control.closest("label") ?? control;
      const { width, height } = area.getBoundingClientRect();
      return { control: control.outerHTML.slice(0, 120), width, height, narrow: control.matches("a") ? 0 : 44 };
    })
    .filter(({ width, height, narrow }) => height < 44 || width < narrow)
`;

const PRESSABLE_ON_PAPER = `
  [...document.querySelectorAll("button, textarea, input")].filter((control) => control.checkVisibility())
    .map((control) => control.outerHTML)
`;

/** Parts whose content is not laid out although paper cannot unfold them, and boxes that would scroll. */
const FOLDED_ON_PAPER = `
  const height = (element) => element.getBoundingClientRect().height;
  [
    ...[...document.querySelectorAll("details")].filter((details) => details.checkVisibility()
      && height(details) <= height(details.querySelector("summary"))),
    ...[...document.querySelectorAll(".code-box, .table-box, .receipts")].filter((box) => box.checkVisibility()
      && getComputedStyle(box).overflow !== "visible"),
  ].map((part) => part.outerHTML.slice(0, 100))
`;

/** What is meant to be hidden and shows all the same. */
const SHOWN_THOUGH_HIDDEN = `
  [...document.querySelectorAll("[hidden]")].filter((element) => getComputedStyle(element).display !== "none")
    .map((element) => element.outerHTML.slice(0, 100))
`;

async function measure(page: Page, screen: Screen): Promise<void> {
  expect.soft(await page.evaluate(SHOWN_THOUGH_HIDDEN), `${screen.name}: shows what is hidden`).toEqual([]);
  for (const size of SIZES) {
    await page.setViewportSize(size);
    if (screen.decides) await expectDecisionInReach(page, screen, size);
  }
  await unfold(page);
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const wide = await page.evaluate("document.scrollingElement.scrollWidth - innerWidth");
    expect.soft(wide, `${screen.name}: scrolls sideways at ${size.width} px`).toBeLessThanOrEqual(0);
    expect
      .soft(await page.evaluate(SMALL_CONTROLS), `${screen.name}: small controls at ${size.width} px`)
      .toEqual([]);
  }
}

/** Every choice in the window before anybody scrolls, and most of the window left to read in. */
async function expectDecisionInReach(page: Page, screen: Screen, { width, height }: (typeof SIZES)[number]) {
  const isLast = screen.name.includes("last revision");
  const names = ["Approve", ...(isLast ? [] : ["Request changes"]), "Reject"];
  expect.soft(await page.locator(".choices button").count(), screen.name).toBe(names.length);
  for (const name of names) {
    const box = await page.getByRole("button", { name }).boundingBox();
    expect
      .soft(box && box.y >= 0 && box.y + box.height <= height, `${name} in reach at ${width} px`)
      .toBe(true);
  }
  const bar = await page.locator("#decision").boundingBox();
  expect.soft(bar?.height, `the decision's height at ${width} px`).toBeLessThanOrEqual(height / 4);
}

/** What axe and a ruler have to say of a screen. */
async function expectSound(page: Page, screen: Screen): Promise<void> {
  await measure(page, screen);
  await page.evaluate(AXE);
  expect.soft(await violations(page, "light"), `${screen.name}: axe, light`).toEqual([]);
  await page.setViewportSize(SIZES[0]);
  expect.soft(await violations(page, "dark"), `${screen.name}: axe, dark`).toEqual([]);
}

/** The window's title and the icon in its tab say the state. */
async function expectTitled(page: Page, { name, title, icon }: TitledScreen): Promise<void> {
  expect.soft(await page.title(), name).toMatch(new RegExp(`^${title}: `));
  const href = await page.locator("link[rel=icon]").getAttribute("href");
  expect.soft(href, name).toBe(`/favicon-${icon}.svg`);
  const answer = await fetch(`${server.origin}${href}`);
  expect.soft([answer.status, answer.headers.get("content-type")], name).toEqual([200, "image/svg+xml"]);
}

/** On paper everything lies open, with full digests and nothing to press. */
async function expectPrintable(page: Page, { name }: Screen): Promise<void> {
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 680, height: 1000 });
  expect.soft(await page.evaluate(PRESSABLE_ON_PAPER), name).toEqual([]);
  expect.soft(await page.evaluate(FOLDED_ON_PAPER), name).toEqual([]);
  const wide = await page.evaluate("document.scrollingElement.scrollWidth - innerWidth");
  expect.soft(wide, `${name}: wider than paper`).toBeLessThanOrEqual(0);
  const digests = page.locator(".inspector dt:text-is('Digest') + dd code");
  expect.soft(await digests.count(), name).toBeGreaterThanOrEqual(4);
  for (const digest of await digests.all()) {
    expect.soft(await digest.isVisible(), name).toBe(true);
    expect.soft(await digest.innerText(), name).toMatch(/^sha256:[0-9a-f]{64}$/);
  }
  await page.emulateMedia({ media: "screen" });
}

/**
 * Opens each screen on a touch screen and does something there, two screens at a time: while one page is drawn, the server works
 * out another. Every lane keeps its page, which axe is let into; the product's own policy stays as it is.
 */
async function lookAt<S extends Screen>(
  screens: readonly S[],
  work: (page: Page, screen: S) => Promise<void>,
): Promise<void> {
  const left = [...screens];
  const lane = async () => {
    const context = await browser.newContext({ hasTouch: true, bypassCSP: true });
    try {
      await holdStill(context);
      const page = await context.newPage();
      for (let next = left.shift(); next; next = left.shift()) {
        // As new as the last screen's own routes and settings allow.
        await page.unrouteAll({ behavior: "wait" });
        await page.setExtraHTTPHeaders({});
        await page.emulateMedia({ colorScheme: "light" });
        await page.setViewportSize(SIZES[0]);
        await next.open(page);
        await work(page, next);
      }
    } finally {
      await context.close();
    }
  };
  await Promise.all([lane(), lane()]);
}

describe("every screen is sound", () => {
  it("before any run", async () => {
    await lookAt(screensWithoutRuns(server.origin), expectSound);
  }, 600_000);

  it("with runs in every state, which its title, icon and print show", async () => {
    const screens = await screensWithRuns(server.origin);
    expect(screens.length).toBeGreaterThan(20);
    expect(new Set(screens.flatMap(({ icon }) => icon ?? [])).size).toBe(5);
    await lookAt(screens, async (page, screen) => {
      if (screen.icon) await expectTitled(page, screen);
      if (screen.icon || screen.name.includes("last revision")) {
        // A run's page is little to fetch, in every state.
        expect.soft(gzipSync(await page.content()).length, screen.name).toBeLessThan(60 * 1024);
      }
      // Before anything is unfolded.
      if (screen.icon === "good" || screen.decides) await expectPrintable(page, screen);
      await expectSound(page, screen);
    });
  }, 600_000);
});
