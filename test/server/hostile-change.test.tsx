// A proposed change that would move other code about, on the run page and style sheet, in a real Chromium: however a line is
// made, every other line stays where it would stand without it, and every character of each lies within its own column.
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { RunPage } from "../../src/view/run-page.tsx";
import { textEffect } from "../view/content.ts";
import { story } from "../view/stories.ts";
import { openTab } from "./tab.ts";

/** Ways to make a line wide, tall or unbreakable. */
const HOSTILE: readonly [string, string][] = [
  ["hundreds of combining marks", `const e${"\u0301".repeat(600)} = 1;`],
  ["marks that take up room", `const e${"\u0903\u093e".repeat(300)} = 1;`],
  ["a family without end", "👩\u200d".repeat(400)],
  ["the widest ligature", "\ufdfd".repeat(200)],
  ["stacks of Tibetan", `\u0f40${"\u0f90".repeat(300)}`],
  ["no-break spaces", `a${"\u00a0".repeat(600)}b`],
  ["tabs", `${"\t".repeat(500)}x`],
  ["plain spaces", `x${" ".repeat(500)}y`],
  ["one long word", "x".repeat(5_000)],
  ["text from right to left", `\u202e${"שלום ".repeat(200)}`],
  ["isolates that do not end", "\u2066\u2067\u2068".repeat(100)],
  ["control characters", "\u0001\u0002\u0003".repeat(100)],
  ["form feeds and line separators", "a\f\u2028\u2029\u0085".repeat(100)],
];

const BEFORE = "start();\nallow();\nend();\n";
/** The line below the hostile one: a call behind white space. */
const VICTIM = `deny();${" ".repeat(160)}allow();`;

async function hostilePage(line: string): Promise<string> {
  const after = `start();\n${line}\n${VICTIM}\nend();\n`;
  const effects = [textEffect("file:src/new.js", null, after), textEffect("file:src/edit.js", BEFORE, after)];
  const html = (
    <RunPage
      story={story({ rounds: [{ effects, args: {}, code: after }] })}
      deciding={{ as: "anyone" }}
      refused={null}
      origin={inject("openOrigin")}
      now="2026-11-29T07:52:40.000Z"
      keys={new Map()}
    />
  );
  return `<!doctype html>${await html.toString()}`;
}

interface Layout {
  readonly lines: readonly unknown[];
  readonly outside: readonly unknown[];
  readonly page: number;
}

/** Where the text of each line stands but for the hostile one, from the left edge, and its height; and what lies outside of its own column. */
const LAYOUT = `{
  const place = (range, from) => [...range.getClientRects()].map(({ left, width, height }) =>
    [left - from, width, height].map((n) => Math.round(n)));
  const rangeOf = (node) => { const range = document.createRange(); range.selectNodeContents(node); return range; };
  const lines = [], outside = [];
  for (const cell of document.querySelectorAll(".diff tr:not(.hunk) td")) {
    if (!cell.checkVisibility()) continue;
    const box = cell.getBoundingClientRect();
    for (const { left, right } of rangeOf(cell).getClientRects())
      if (left < box.left - 1 || right > box.right + 1) outside.push([cell.textContent.slice(0, 30), left, right, box.left, box.right]);
    const text = cell.textContent;
    if (/start\\(|deny\\(|end\\(/.test(text)) lines.push([text.trim(), Math.round(box.left), Math.round(box.width), Math.round(box.height), place(rangeOf(cell), box.left)]);
  }
  ({ lines, outside: outside.slice(0, 3), page: document.scrollingElement.scrollWidth - innerWidth });
}`;

async function layouts(line: string): Promise<Layout[]> {
  const page: Page = await openTab(null, { javaScriptEnabled: true });
  const body = await hostilePage(line);
  await page.route("**/hostile", (route) => route.fulfill({ contentType: "text/html", body }));
  // The page's script would ask for a run that is not there.
  await page.route("**/run-page.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await page.goto("/hostile");
  const found: Layout[] = [];
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    found.push(await page.evaluate<Layout>(LAYOUT));
    const split = page.locator("#content input[value=split]").first();
    if (!(await split.isVisible())) continue;
    await split.check();
    found.push(await page.evaluate<Layout>(LAYOUT));
  }
  return found;
}

describe("no line of a change moves another", () => {
  let plain: Layout[];

  it("unified on a phone, unified and side by side on a desk", async () => {
    plain = await layouts("const plain = 1;");
    expect(plain).toHaveLength(3);
    for (const { lines, outside } of plain) {
      expect(lines.length).toBeGreaterThanOrEqual(6);
      expect(outside).toEqual([]);
    }
  });

  it.each(HOSTILE)("with %s in it", async (_, line) => {
    for (const [i, { lines, outside, page: wide }] of (await layouts(line)).entries()) {
      expect.soft(lines, `view ${i}: other lines`).toEqual(plain[i]?.lines);
      expect.soft(outside, `view ${i}: outside of its column`).toEqual([]);
      expect.soft(wide, `view ${i}: the page scrolls sideways`).toBeLessThanOrEqual(0);
    }
  });
});
