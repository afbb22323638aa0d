// The unified diff: one that a patch tool applies, also where two texts are too different to be compared.
import { applyPatch, createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTexts, unifiedPatch } from "../../src/view/compare-texts.ts";

const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${word}${i}\n`).join("");
const text = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "", "x\r", "}"), { maxLength: 20 }), fc.constantFrom("", "\n"))
  .map(([lines, end]) => lines.join("\n") + end);

describe("unifiedPatch", () => {
  it("is what the library makes of two texts that can be compared", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
        expect(unifiedPatch("src/a.js", before, after)).toBe(
          createTwoFilesPatch("a/src/a.js", "b/src/a.js", before, after, "", "", options),
        );
      }),
    );
  });

  it.each([
    ["two long texts", numbered("x", 20_000), numbered("y", 20_000)],
    ["a text that ends without a line feed", numbered("x", 3_000), `${numbered("y", 3_000)}end`],
  ])("of %s with nothing in common takes one away and puts the other there", (_, before, after) => {
    expect(compareTexts(before, after).matched).toBe(false);
    const patch = unifiedPatch("src/a.js", before, after);
    expect(patch.startsWith("--- a/src/a.js\n+++ b/src/a.js\n@@ -1,")).toBe(true);
    expect(applyPatch(before, patch)).toBe(after);
  });
});
