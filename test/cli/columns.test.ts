// The room that text takes in a terminal: never less than it does, and never a line that is longer than was asked.
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakIntoColumns, columnsOf, cutToColumns } from "../../src/cli/columns.ts";
import { plainName, plainText, quoted } from "../../src/cli/plain-text.ts";

describe("columns", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["café", 4],
    ["cafe\u0301", 4],
    ["漢字かなカナ한글", 16],
    ["ｗｉｄｅ", 8],
    ["😀⚡☕", 6],
    ["✓●■▲…→", 6],
    ["हिन्दी", 5],
    ["𠀀", 2],
  ])("of %j are %i", (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  const LIST = `
import unicodedata
for c in range(0x110000):
    kind = unicodedata.category(chr(c))
    if unicodedata.east_asian_width(chr(c)) in "WF" and kind[0] != "C" and kind not in ("Mn", "Me"):
        print(c)`;
  const python = spawnSync("python3", ["-c", LIST], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });

  it.skipIf(python.status !== 0)("are two for everything that Python's Unicode data calls wide", () => {
    const wide = python.stdout.trim().split("\n").map(Number);
    expect(wide.length).toBeGreaterThan(100_000);
    expect(wide.filter((code) => columnsOf(String.fromCodePoint(code)) !== 2)).toEqual([]);
  });
});

const anyLine = fc
  .array(
    fc.oneof(fc.constantFrom("a", " ", "漢", "😀", "e\u0301", "\u0301", "─"), fc.string({ unit: "binary" })),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(""));

describe("text", () => {
  it("that is cut is never wider than asked, and says so where something is missing", () => {
    fc.assert(
      fc.property(anyLine, fc.integer({ min: 1, max: 80 }), (line, columns) => {
        const cut = cutToColumns(line, columns);
        expect(columnsOf(cut)).toBeLessThanOrEqual(columns);
        if (cut !== line)
          expect([cut.endsWith("…"), line.startsWith(cut.slice(0, -1))]).toEqual([true, true]);
        else expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 1000 },
    );
  });

  it("that is broken loses nothing but the spaces where it breaks, and each line fits", () => {
    fc.assert(
      fc.property(anyLine, fc.integer({ min: 20, max: 80 }), (line, columns) => {
        const plain = plainText(line, 400);
        const [first = "", ...rest] = breakIntoColumns(plain, columns);
        for (const each of [first, ...rest]) expect(columnsOf(each)).toBeLessThanOrEqual(columns);
        for (const each of rest) expect(each.startsWith("    │ ")).toBe(true);
        const joined = [first, ...rest.map((each) => each.slice(6))].join("");
        expect(joined.replaceAll(" ", "")).toBe(plain.replaceAll(" ", ""));
      }),
      { numRuns: 1000 },
    );
  });

  it("that is quoted ends where its quotation mark does", () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        expect(quoted(`${line}"\\${line}`)).toMatch(/^"(?:[^"\\]|\\["\\]|\\(?=…"$))*"$/u);
        expect(columnsOf(quoted(line, 30))).toBeLessThanOrEqual(32);
      }),
      { numRuns: 1000 },
    );
  });

  it("is a bare name only where it is plainly one word", () => {
    expect(["alice@example.com", "src/checkout.js", "a_b+c-d"].map((name) => plainName(name))).toEqual([
      "alice@example.com",
      "src/checkout.js",
      "a_b+c-d",
    ]);
    const odd = ["", "a b", "a,b", "a:b", '"', "é", "аlice", "a\u200b", "a\n"];
    for (const name of odd) expect(plainName(name)).toMatch(/^".*"$/);
  });

  it.each([
    ["a mark on nothing", "\u0301a", "�a"],
    ["marks beyond the fourth", `e${"\u0301".repeat(4)}${"\u0302".repeat(500)}x`, `e${"\u0301".repeat(4)}�x`],
    ["marks that letters need", "ế क्षि ก็", "ế क्षि ก็"],
    ["white space of every kind", " a\t\u00a0\u2003\u3000\r\n\u2028\ufeffb ", "a b"],
    ["white space without end", `a${" ".repeat(100_000)}b`, "a …"],
  ])("is shown plainly: %s", (_, text, shown) => {
    expect(plainText(text)).toBe(shown);
  });
});
