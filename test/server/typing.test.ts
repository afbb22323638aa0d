// Words typed into the reason box, and the keys that lead to the decision, in a real Chromium: none of it scrolls the page away
// from what the reviewer reads.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sharedChromium } from "./chromium.ts";
import type { Deployment } from "./place.ts";
import { verified } from "./run-tab.ts";
import { startRun } from "./runs.ts";
import { startServer } from "./server.ts";

let server: Deployment;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), sharedChromium()]);
});
afterAll(async () => {
  await server?.stop();
});

const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
] as const;

/** Where in the page the reviewer stands, as a share of the way to where the decision ends. */
const PLACES = [0, 0.3, 0.7, 1];

async function openRun(viewport: (typeof SIZES)[number]): Promise<Page> {
  const { run } = await startRun(server.origin);
  const context = await browser.newContext({ viewport });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`${server.origin}/runs/${run}`);
  await verified(page);
  return page;
}

/** Stands somewhere in the page, with the focus nowhere, and says how far down that is. */
async function standAt(page: Page, place: number): Promise<number> {
  await page.evaluate("document.activeElement.blur()");
  await page.evaluate(`{
    const { bottom } = document.querySelector("article").getBoundingClientRect();
    scrollTo(0, Math.round(${place} * (bottom + scrollY - innerHeight)));
  }`);
  return whereIs(page);
}

/** Presses the mouse where something is. Playwright's own click would scroll first, by its own lights. */
async function press(page: Page, target: Locator): Promise<void> {
  const box = await target.boundingBox();
  if (!box) throw new Error("expected it to be on the page");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** After the frame in which the browser would scroll. */
const whereIs = (page: Page) =>
  page.evaluate(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(scrollY))))",
  ) as Promise<number>;

describe.each(SIZES)("at $width px, nothing scrolls the page", (size) => {
  it("when a sentence is typed into the reason box, from wherever it is begun", async () => {
    const page = await openRun(size);
    for (const place of PLACES) {
      const from = await standAt(page, place);
      await press(page, page.getByRole("textbox"));
      const moved: number[] = [];
      for (const letter of "Answer 409 instead, and say why.") {
        await page.keyboard.type(letter);
        moved.push((await whereIs(page)) - from);
      }
      expect.soft(moved, `from ${from} px`).toEqual(moved.map(() => 0));
      // A text of several lines, and one line taken back.
      await page.keyboard.type(`\n${"word ".repeat(60)}\nend`);
      await page.keyboard.press("Backspace");
      expect.soft(await whereIs(page), `several lines, from ${from} px`).toBe(from);
      await page.getByRole("textbox").fill("");
    }
    const box = await page.getByRole("textbox").boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0), "the box is in view").toBeLessThanOrEqual(size.height);
  });

  it("when a key leads to the decision, and Escape out of the box", async () => {
    const page = await openRun(size);
    for (const place of PLACES) {
      const from = await standAt(page, place);
      for (const key of ["a", "r", "c", "Escape", "a"]) {
        await page.keyboard.press(key);
        expect.soft(await whereIs(page), `${key} from ${from} px`).toBe(from);
      }
      expect(await page.evaluate("document.activeElement.value")).toBe("approve");
    }
  });

  it("when Tab goes from the box to the choices", async () => {
    const page = await openRun(size);
    const from = await standAt(page, 0.3);
    await press(page, page.getByRole("textbox"));
    for (const name of ["approve", "request_changes", "reject"]) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.value")).toBe(name);
      expect.soft(await whereIs(page), name).toBe(from);
    }
  });

  it("when a request for changes without words is sent back to the box", async () => {
    const page = await openRun(size);
    const from = await standAt(page, 0.3);
    await press(page, page.getByRole("button", { name: "Request changes" }));
    expect(await page.evaluate("document.activeElement.id")).toBe("reason");
    expect(await whereIs(page)).toBe(from);
  });
});

describe("what has the focus", () => {
  it("outside the decision is never behind it", async () => {
    const page = await openRun(SIZES[0]);
    await standAt(page, 0);
    for (let stop = 0; stop < 24; stop += 1) {
      await page.keyboard.press("Tab");
      const hidden = await page.evaluate(`{
        const { bottom } = document.activeElement.getBoundingClientRect();
        const decision = document.querySelector("#decision");
        !decision.contains(document.activeElement) && bottom > decision.getBoundingClientRect().top
          && document.activeElement.outerHTML.slice(0, 100);
      }`);
      expect(hidden).toBe(false);
    }
  });

  it("by a key is brought into view where the window is too low for the decision to stay in it", async () => {
    const page = await openRun({ width: 1440, height: 900 });
    await page.setViewportSize({ width: 1440, height: 500 });
    await standAt(page, 0);
    await page.keyboard.press("a");
    const box = await page.getByRole("button", { name: "Approve" }).boundingBox();
    expect((box?.y ?? 1000) + (box?.height ?? 0)).toBeLessThanOrEqual(500);
  });
});
