// What a reader has before scrolling, and how far they scroll at the most: on a phone, at twice the size, on paper, in forced colours.
import { describe, expect, inject, it } from "vitest";
import { SCENE_NAMES, scenePage } from "../view/scene-page.tsx";
import { endOf, openRun, openScene, openTab, review, runThat, SIZES, startRun } from "./tab.ts";

const [PHONE] = SIZES;
/** Most that the end of the change lies below what the first screen shows. */
const BELOW = 400;

describe.each(["light", "dark"] as const)("a phone, in %s", (colorScheme) => {
  it("shows question, first lines of the change and decision at once, and the whole change 400 px below", async () => {
    const page = await openRun(await startRun(), { viewport: PHONE, colorScheme });
    const decision = await page.locator("#decision").boundingBox();
    expect(await endOf(page, "#decision")).toBeLessThanOrEqual(PHONE.height);
    const foot = decision?.y ?? 0;
    expect(await endOf(page, ".head"), "the question ends above the decision").toBeLessThan(foot);
    const lines = page.locator(".change .unified tr.is-added");
    expect(await endOf(page, ".change .unified tr.is-added >> nth=2"), "three added lines").toBeLessThan(
      foot,
    );
    expect(await lines.count()).toBeGreaterThan(3);
    expect((await endOf(page, ".change")) - foot, "below the first screen").toBeLessThanOrEqual(BELOW);
  });
});

/** Scenes of runs that have ended. */
const WAITS = /^(waiting|working|executing|hostile)/;
const ENDED = SCENE_NAMES.filter((name) => !WAITS.test(name));

describe("a run that has ended", () => {
  const screens = "document.scrollingElement.scrollHeight / innerHeight";

  it("takes up three screens of a phone at most", async () => {
    const page = await openRun(await runThat("ended"), { viewport: PHONE });
    expect(await page.evaluate(screens)).toBeLessThanOrEqual(3);
    expect(await endOf(page, ".after-run"), "what to do with it").toBeLessThanOrEqual(PHONE.height);
  });

  it.each(ENDED)("and so does one that ended like this: %s", async (name) => {
    const page = await openScene(scenePage(name, inject("openOrigin")), { viewport: PHONE });
    expect(await page.evaluate(screens)).toBeLessThanOrEqual(3);
  });
});

it("a wide page has the switch to side by side in the head of the change, over nothing", async () => {
  const page = await openRun(await startRun(), { viewport: SIZES[1] });
  const boxOf = async (selector: string) =>
    (await page.locator(selector).first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [head, control, name] = [
    await boxOf(".change figcaption"),
    await boxOf(".of-split"),
    await boxOf(".change figcaption > :nth-child(2)"),
  ];
  expect(control.y).toBeGreaterThanOrEqual(head.y);
  expect(control.y + control.height).toBeLessThanOrEqual(head.y + head.height + 2);
  expect(control.x + control.width).toBeLessThanOrEqual(head.x + head.width);
  expect(control.x).toBeGreaterThan(name.x + name.width);
});

describe.each(SIZES)("a domain that means harm, at $width px", (viewport) => {
  it("pushes nothing out of sight: question, decision, both ends of what is long", async () => {
    const page = await openScene(scenePage("hostile", inject("openOrigin")), { viewport });
    const sideways = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(sideways)).toBeLessThanOrEqual(0);
    expect(await endOf(page, "#ask-title")).toBeLessThan(
      (await page.locator("#decision").boundingBox())?.y ?? 0,
    );
    expect(await endOf(page, "#decision")).toBeLessThanOrEqual(viewport.height);
    expect(await page.locator("#decision button[value=approve]").innerText()).toContain("not shown in full");
    const wide = `[...document.querySelectorAll("#run .column :is(p, dd, h1, figure, td, bdi, u, code, summary)")]
      .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 90)).slice(0, 3)`;
    expect(await page.evaluate(wide)).toEqual([]);
  });
});

it("twice the size leaves question and decision on the first screen", async () => {
  const page = await openRun(await startRun(), {
    viewport: { width: 640, height: 450 },
    deviceScaleFactor: 2,
  });
  expect(await endOf(page, "#decision")).toBeLessThanOrEqual(450);
  const foot = (await page.locator("#decision").boundingBox())?.y ?? 0;
  expect(foot, "most of the window is the page's").toBeGreaterThan(450 / 2);
  expect(await endOf(page, "#ask-title")).toBeLessThan(foot);
  await review(page);
  expect(await page.locator("#decision button[value=approve]").isVisible()).toBe(true);
});

it.each(["waits", "ended"] as const)("a run that %s prints on two pages at most", async (state) => {
  const page = await openRun(await runThat(state));
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThan(0);
  expect(pages).toBeLessThanOrEqual(2);
});

it("forced colours leave every mark: lines, steps, seals, the primary button, the focus", async () => {
  const page = await openRun(await startRun(), { viewport: SIZES[1], forcedColors: "active" });
  const look = (selector: string, property: string) =>
    page.evaluate<string>(
      `getComputedStyle(document.querySelector(${JSON.stringify(selector)}))[${JSON.stringify(property)}]`,
    );
  const ground = await look("body", "backgroundColor");
  for (const selector of ["#decision button[value=approve]", ".head", ".card"]) {
    expect.soft(await look(selector, "borderTopColor"), `${selector} has an edge`).not.toBe(ground);
    expect.soft(Number.parseFloat(await look(selector, "borderTopWidth")), selector).toBeGreaterThan(0);
  }
  expect.soft(await look(".seal-ground", "fill"), "a seal").not.toBe(await look(".seal-letter", "fill"));
  const step = "document.querySelector('.rail .is-done'), '::after'";
  expect.soft(await page.evaluate(`getComputedStyle(${step}).backgroundColor`), "a step").not.toBe(ground);
  await page.locator("#decision button[value=reject]").focus();
  await page.keyboard.press("Tab");
  const outline = "getComputedStyle(document.activeElement).outlineStyle";
  expect.soft(await page.evaluate(outline), "the focus").toBe("solid");
  const signs = await page.locator(".unified ins > b").allInnerTexts();
  expect(new Set(signs)).toEqual(new Set(["+"]));
});

it("the desk without JavaScript starts a run, and /verify says what to do instead", async () => {
  const page = await openTab("/", { javaScriptEnabled: false });
  await page.getByRole("button", { name: "Fire the demo alert" }).click();
  await page.waitForURL(/\/runs\/run-/);
  await page.goto("/verify");
  expect(await page.locator("noscript, .notice").first().innerText()).toContain("Nothing has been verified");
});
