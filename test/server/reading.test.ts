// What a reviewer reads and presses stays where it is, in a real Chromium: while they type, while a key leads them about,
// and when somebody else decides meanwhile. The decision is in reach of eye, thumb and keyboard.
import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import {
  changeRun,
  decideRun,
  eventually,
  headline,
  openRun,
  openTab,
  runThat,
  SIZES,
  startRun,
  verified,
} from "./tab.ts";

/** Where in the page the reviewer stands, as a share of the way to its end. */
const PLACES = [0, 0.3, 0.7, 1];

/** After the frame in which the browser would scroll. */
const whereIs = (page: Page) =>
  page.evaluate(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(scrollY))))",
  ) as Promise<number>;

/** Stands somewhere in the page, with the focus nowhere, and says how far down that is. */
async function standAt(page: Page, place: number): Promise<number> {
  await page.evaluate("document.activeElement.blur()");
  await page.evaluate(
    `scrollTo(0, Math.round(${place} * (document.scrollingElement.scrollHeight - innerHeight)))`,
  );
  return whereIs(page);
}

/** Presses the mouse where something is. Playwright's own click would scroll first, by its own lights. */
async function press(page: Page, target: Locator): Promise<void> {
  const box = await target.boundingBox();
  if (!box) throw new Error("expected it to be on the page");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

describe.each(SIZES)("at $width px, nothing scrolls the page", (viewport) => {
  it("when a sentence is typed into the box, from wherever it is begun", async () => {
    const page = await openRun(await startRun(), { viewport });
    for (const place of PLACES) {
      const from = await standAt(page, place);
      await press(page, page.locator("#decision button[value=request_changes]"));
      const moved: number[] = [];
      for (const letter of "Answer 409, and why.") {
        await page.keyboard.type(letter);
        moved.push((await whereIs(page)) - from);
      }
      expect.soft(moved, `from ${from} px`).toEqual(moved.map(() => 0));
      await page.keyboard.type(`\n${"word ".repeat(60)}\nend`);
      await page.keyboard.press("Backspace");
      expect.soft(await whereIs(page), `several lines, from ${from} px`).toBe(from);
      expect(await page.evaluate("document.activeElement.id")).toBe("reason");
      await page.locator("#reason").fill("");
      const box = await page.locator("#reason").boundingBox();
      expect((box?.y ?? 0) + (box?.height ?? 0), "the box is in view").toBeLessThanOrEqual(viewport.height);
      await page.keyboard.press("Escape");
    }
  });

  it("when a key leads to the decision, and Escape out of the box", async () => {
    const page = await openRun(await startRun(), { viewport });
    for (const place of PLACES) {
      const from = await standAt(page, place);
      for (const key of ["r", "c", "r", "a"]) {
        await page.keyboard.press(key);
        expect.soft(await whereIs(page), `${key} from ${from} px`).toBe(from);
      }
      await page.keyboard.press("c");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("reason");
      await page.keyboard.press("Escape");
      expect.soft(await whereIs(page), `out of the box, from ${from} px`).toBe(from);
      expect(await page.evaluate("document.activeElement.value")).toBe("request_changes");
    }
  });
});

/** Collects from now on what moves without anybody having touched the page. */
const WATCH = `
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) window.shifts.push([value, ...sources.map(({ node, previousRect, currentRect }) =>
        [node?.outerHTML?.slice(0, 80) ?? node?.nodeValue, previousRect.y, currentRect.y, previousRect.height, currentRect.height].join(" "))]);
  }).observe({ type: "layout-shift" });
`;
/** Notes the fewest marks that stand, at each change of them. */
const WATCH_MARKS = `
  window.fewest = Infinity;
  const look = () => { window.fewest = Math.min(window.fewest, document.querySelectorAll(".receipt-mark.is-held").length); };
  look();
  new MutationObserver(look).observe(document.querySelector("#receipts"), { subtree: true, childList: true, attributes: true });
`;
/** Most that may move: the share of the window times how far, summed up. */
const MOST = 0.02;
const STANDS = [
  ["at the head", "scrollTo(0, 0)"],
  ["at the change", "document.querySelector('[id^=change-]').scrollIntoView()"],
  ["at the end", "scrollTo(0, document.scrollingElement.scrollHeight)"],
] as const;

describe.each(SIZES)("at $width px", (viewport) => {
  it.each(STANDS)("a decision from another tab moves next to nothing, %s", async (name, go) => {
    const run = await startRun();
    const page = await openRun(run, { viewport });
    await page.evaluate(go);
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    await page.evaluate(WATCH);
    await page.evaluate(WATCH_MARKS);
    const script = () => page.locator("#run .script > header").boundingBox();
    const stood = await script();
    const marks = await page.locator(".receipt-mark.is-held").count();
    await decideRun(run, "approve");
    await eventually(() => headline(page)).toBe("Fixed.");
    await eventually(() =>
      page.evaluate("document.querySelectorAll('.receipt:not(:has(.is-held))').length"),
    ).toBe(0);
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const shifts = await page.evaluate<[number, ...string[]][]>("window.shifts");
    const sum = shifts.reduce((total, [value]) => total + value, 0);
    expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThan(MOST);
    // Chromium does not count what is drawn anew, as the script's card is; whoever reads on does.
    if (name !== "at the head")
      expect(Math.abs(((await script())?.y ?? 0) - (stood?.y ?? 0)), "the script's card").toBeLessThanOrEqual(
        1,
      );
    expect(await page.evaluate("window.fewest"), "marks that stood").toBe(marks);
  });
});

describe("the decision", () => {
  it("is within ten stops of the keyboard, and what has the focus is never behind it", async () => {
    const page = await openRun(await runThat("waits"), { viewport: SIZES[0] });
    await page.evaluate("document.activeElement.blur()");
    let reached = Number.POSITIVE_INFINITY;
    for (let stop = 1; stop <= 24; stop += 1) {
      await page.keyboard.press("Tab");
      const [inside, hidden] = await page.evaluate<[boolean, string | false]>(`{
        const { bottom } = document.activeElement.getBoundingClientRect();
        const decision = document.querySelector("#decision");
        const inside = decision.contains(document.activeElement);
        const outside = document.activeElement === document.body || inside;
        [inside, !outside && bottom > decision.getBoundingClientRect().top && document.activeElement.outerHTML.slice(0, 100)];
      }`);
      expect.soft(hidden, `stop ${stop}`).toBe(false);
      if (inside) reached = Math.min(reached, stop);
    }
    expect(reached).toBeLessThanOrEqual(10);
  });

  it("and the question are on the first screen of a phone", async () => {
    const [viewport] = SIZES;
    const page = await openRun(await runThat("waits"), { viewport });
    for (const part of ["#decision", "#ask-title", "[id^=ask-]"]) {
      const box = await page.locator(part).first().boundingBox();
      expect.soft(box?.y, `${part} begins`).toBeGreaterThanOrEqual(0);
      expect.soft((box?.y ?? 0) + (box?.height ?? 0), `${part} ends`).toBeLessThanOrEqual(viewport.height);
    }
    const ask = await page.locator(".head").boundingBox();
    const decision = await page.locator("#decision").boundingBox();
    expect((ask?.y ?? 0) + (ask?.height ?? 0), "above the decision").toBeLessThanOrEqual(decision?.y ?? 0);
    for (const value of ["reject", "request_changes"])
      expect(await page.locator(`#decision button[value=${value}]`).isVisible(), value).toBe(true);
  });
});

it.each(SIZES)(
  "a whole run moves next to nothing under a reader at $width px, from its first paint on",
  async (viewport) => {
    const run = await startRun();
    const page = await openTab(null, { viewport });
    await page.addInitScript(WATCH);
    await page.goto(`/runs/${run.run}`);
    await verified(page);
    const revised = await changeRun(run, "Answer 409 instead.");
    await eventually(() => page.locator("#ask-2").count()).toBe(1);
    await verified(page);
    await decideRun(revised, "approve");
    await eventually(() => headline(page)).toBe("Fixed.");
    await eventually(() => page.locator(".receipt-mark.is-held").count()).toBe(12);
    const shifts = await page.evaluate<[number, ...string[]][]>("window.shifts");
    const sum = shifts.reduce((total, [value]) => total + value, 0);
    expect(sum, JSON.stringify(shifts, null, 1)).toBeLessThan(MOST);
  },
);
