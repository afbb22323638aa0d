// A proposed change that would move other code about, on the run page and style sheet, in a real Chromium: however a line is
// made, every other line stays where it would stand without it, and every character of each lies within its own column.
import { describe, expect, inject, it } from "vitest";
import { textEffect } from "../view/content.ts";
import { runPage } from "../view/scene-page.tsx";
import { story } from "../view/stories.ts";
import { openScene } from "./tab.ts";

/** Ways to make a line wide, tall or unbreakable. */
const HOSTILE: readonly [string, string][] = [
  ["hundreds of combining marks", `const e${"\u0301".repeat(600)} = 1;`],
  ["different marks in turn", `const e${"\u0300\u0301\u0302\u0323\u0489".repeat(100)} = 1;`],
  ["marks that take up room", `const e${"\u0903\u093e".repeat(300)} = 1;`],
  ["marks on many letters", "e\u0301\u0302\u0303\u0304".repeat(400)],
  ["enclosing marks", "o\u20dd\u20de\u20df\u20e0".repeat(200)],
  ["a family without end", "👩\u200d".repeat(400)],
  ["flags", "🇩🇪".repeat(300)],
  ["tags", `🏴${"\u{e0067}".repeat(300)}`],
  ["the widest ligature", "\ufdfd".repeat(200)],
  ["the widest signs", "\u{12031}\u{1242b}\ua9c5\u2e3b\u3031".repeat(80)],
  ["conjoining Hangul", "\u1100".repeat(600)],
  ["Indic conjuncts", "\u0915\u094d".repeat(400)],
  ["stacks of Tibetan", `\u0f40${"\u0f90".repeat(300)}`],
  ["wide letters", "漢".repeat(800)],
  ["no-break spaces", `a${"\u00a0".repeat(600)}b`],
  ["word joiners", "a\u2060".repeat(600)],
  ["tabs", `${"\t".repeat(500)}x`],
  ["plain spaces", `x${" ".repeat(500)}y`],
  ["one long word", "x".repeat(5_000)],
  ["text from right to left", `\u202e${"שלום ".repeat(200)}`],
  ["letters from right to left", "אבג".repeat(500)],
  ["isolates that do not end", "\u2066\u2067\u2068".repeat(100)],
  ["control characters", "\u0001\u0002\u0003".repeat(100)],
  ["form feeds and line separators", "a\f\u2028\u2029\u0085".repeat(100)],
];

const BEFORE = "start();\nallow();\nend();\n";
/** The line below the hostile one: a call behind white space. */
const VICTIM = `deny();${" ".repeat(160)}allow();`;

function hostilePage(line: string): string {
  const after = `start();\n${line}\n${VICTIM}\nend();\n`;
  const effects = [textEffect("file:src/new.js", null, after), textEffect("file:src/edit.js", BEFORE, after)];
  return runPage(story({ rounds: [{ effects, args: {}, code: after }] }), inject("openOrigin"));
}

interface Layout {
  readonly lines: readonly unknown[];
  readonly outside: readonly unknown[];
  readonly box: number;
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
  const box = document.querySelector(".all-lines .code-box");
  ({ lines, outside: outside.slice(0, 3), box: box.scrollWidth - box.clientWidth, page: document.scrollingElement.scrollWidth - innerWidth });
}`;

async function layouts(line: string): Promise<Layout[]> {
  const page = await openScene(hostilePage(line));
  await page.locator(".all-lines > summary").click();
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
    for (const [i, { lines, outside, box, page: wide }] of (await layouts(line)).entries()) {
      expect.soft(lines, `view ${i}: other lines`).toEqual(plain[i]?.lines);
      expect.soft(outside, `view ${i}: outside of its column`).toEqual([]);
      expect.soft(box, `view ${i}: the script's box scrolls sideways`).toBeLessThanOrEqual(0);
      expect.soft(wide, `view ${i}: the page scrolls sideways`).toBeLessThanOrEqual(0);
    }
  });

  it("and none is drawn over another", async () => {
    // Four marks on a letter are lawful; stacked they are higher than a line.
    const page = await openScene(hostilePage("e\u0301\u0302\u0303\u0304".repeat(40)));
    const text = "document.querySelector('.unified td:nth-child(3)')";
    expect(await page.evaluate(`getComputedStyle(${text}).overflowY`)).toBe("clip");
  });
});
