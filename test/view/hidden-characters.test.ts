import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countHidden, showHidden, type Where } from "../../src/view/hidden-characters.ts";

const codes = (text: string, where: Where) =>
  showHidden(text, where).flatMap((part) => (typeof part === "string" ? [] : [part.code]));

/** One of each way to hide something from a reviewer. */
const HIDDEN: readonly [string, string][] = [
  ["right-to-left override", "\u202e"],
  ["isolate", "\u2066"],
  ["right-to-left mark", "\u200f"],
  ["Arabic letter mark", "\u061c"],
  ["zero-width space", "\u200b"],
  ["zero-width joiner", "\u200d"],
  ["word joiner", "\u2060"],
  ["byte order mark", "\ufeff"],
  ["soft hyphen", "\u00ad"],
  ["Hangul filler, a letter to JavaScript", "\u3164"],
  ["tag letter", "\u{e0041}"],
  ["variation selector", "\ufe0f"],
  ["line separator", "\u2028"],
  ["no-break space", "\u00a0"],
  ["escape", "\u001b"],
  ["carriage return", "\r"],
  ["Braille blank", "\u2800"],
];

describe("hidden characters", () => {
  it.each(HIDDEN)("in code, shows a %s", (_, character) => {
    const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    const shown = { text: character, code, what: expect.any(String) };
    expect(showHidden(`a${character}b`, "code")).toEqual(["a", shown, "b"]);
    expect(countHidden(`${character}a${character}`)).toEqual({ hidden: 2, marks: 0 });
  });

  it("leaves what can be seen: letters of any script, accents, tabs and line feeds", () => {
    const text = "\tconst größe = “日本語 שלום e\u0301”;\n";
    expect(showHidden(text, "code")).toEqual([text]);
  });

  it("in prose, shows only what reorders or controls, and leaves joiners and emoji whole", () => {
    expect(codes("a\u202eb\u2069c\u200ed\u0007", "prose")).toEqual(["U+202E", "U+2069", "U+200E", "U+0007"]);
    expect(codes("می\u200cخواهم ❤\ufe0f 全角\u3000 10\u00a0%", "prose")).toEqual([]);
  });

  it("tells the same character many times as one with its count, and many in a row by the first of them", () => {
    expect(codes(`a${"\u0001".repeat(3000)}b\u202e\u202e`, "code")).toEqual(["U+0001 ×3000", "U+202E ×2"]);
    const mixed = String.fromCodePoint(...Array.from({ length: 30 }, (_, i) => 0xe0020 + i));
    expect(codes(`a${mixed}b`, "code")).toEqual(["U+E0020 U+E0021 U+E0022 … 30 in all"]);
  });

  it.each(["code", "prose", "title", "name", "path"] as const)(
    "in %s, tells a run of marks that no script has by its count, and leaves those of scripts",
    (where) => {
      expect(codes(`e${"\u0301".repeat(300)}x`, where)).toEqual(["U+0301 ×300"]);
      expect(codes(`e${"\u0300\u0301\u0302\u0303".repeat(80)}x`, where)).toEqual([
        "U+0300 U+0301 U+0302 … 320 in all",
      ]);
      expect(codes("Tiê\u0301ng, שָּׁ, ที่, हिन्दी, བརྒྱུད", where)).toEqual(where === "path" ? SPACES : []);
    },
  );

  const SPACES = Array(4).fill("U+0020");

  it.each([
    ["conjoining Hangul", "\u1100".repeat(300)],
    ["Indic conjuncts", "\u0915\u094d".repeat(300)],
    ["a family of emoji", "👩\u200d".repeat(300)],
    ["marks with joiners between them", "e\u0301\u200d".repeat(300)],
  ])("leaves nothing so long that no line can be broken in it: %s", (_, text) => {
    const segments = new Intl.Segmenter("en", { granularity: "grapheme" });
    for (const part of showHidden(`a${text}b`, "prose")) {
      if (typeof part !== "string") continue;
      for (const { segment } of segments.segment(part)) expect([...segment].length).toBeLessThanOrEqual(16);
    }
  });

  it("counts marks in unusual runs, and no others", () => {
    expect(countHidden(`e${"\u0301".repeat(300)} e\u0301`)).toEqual({ hidden: 0, marks: 300 });
  });

  it.each(["name", "title"] as const)("in a %s, shows white space that a page would lose", (where) => {
    expect(codes(" a", where)).toEqual(["U+0020"]);
    expect(codes("a ", where)).toEqual(["U+0020"]);
    expect(codes("a  b", where)).toEqual(["U+0020 ×2"]);
    expect(codes("a\tb\nc", where)).toEqual(["U+0009", "U+000A"]);
    expect(codes("Alert manager 5xx", where)).toEqual([]);
  });

  it("in a path, shows all of it", () => {
    expect(codes("src/ a.js ", "path")).toEqual(["U+0020", "U+0020"]);
    expect(codes("src/a b\t.js", "path")).toEqual(["U+0020", "U+0009"]);
  });

  it.each(["code", "prose", "title", "name", "path"] as const)(
    "loses nothing of %s: the parts joined again are the text",
    (where) => {
      const unit = fc.oneof(
        fc.string({ unit: "binary", maxLength: 5 }),
        fc.constantFrom(" ", "\n", "\t", "e", "\u0301".repeat(9), "\u200d", "\u202e", "\u1100"),
      );
      fc.assert(
        fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
          const text = units.join("");
          const parts = showHidden(text, where);
          expect(parts.map((part) => (typeof part === "string" ? part : part.text)).join("")).toBe(text);
        }),
      );
    },
  );
});
