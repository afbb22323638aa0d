import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countHidden, showHidden } from "../../src/view/hidden-characters.ts";

const codes = (text: string, where: "code" | "prose") =>
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
    expect(showHidden(`a${character}b`, "code")).toEqual(["a", { code, what: expect.any(String) }, "b"]);
    expect(countHidden(`${character}a${character}`)).toBe(2);
  });

  it("leaves what can be seen: letters of any script, accents, tabs and line feeds", () => {
    const text = "\tconst größe = “日本語 שלום e\u0301”;\n";
    expect(showHidden(text, "code")).toEqual([text]);
  });

  it("in prose, shows only what reorders or controls, and leaves joiners and emoji whole", () => {
    expect(codes("a\u202eb\u2069c\u200ed\u0007", "prose")).toEqual(["U+202E", "U+2069", "U+200E", "U+0007"]);
    expect(codes("می\u200cخواهم ❤\ufe0f 全角\u3000 10\u00a0%", "prose")).toEqual([]);
  });

  it("loses nothing: the parts joined again are the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const joined = showHidden(text, "code")
          .map((part) =>
            typeof part === "string" ? part : String.fromCodePoint(Number.parseInt(part.code.slice(2), 16)),
          )
          .join("");
        expect(joined).toBe(text);
      }),
    );
  });
});
