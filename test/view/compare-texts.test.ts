// Hunks that a patch tool applies, also where two texts are too different to be compared.
import { applyPatch, createTwoFilesPatch, FILE_HEADERS_ONLY, formatPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTexts } from "../../src/view/compare-texts.ts";

const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${word}${i}\n`).join("");
const text = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "", "x\r", "}"), { maxLength: 20 }), fc.constantFrom("", "\n"))
  .map(([lines, end]) => lines.join("\n") + end);

/** The hunks as a patch of a file. */
function patchOf(before: string, after: string): string {
  const hunks = [...compareTexts(before, after).hunks];
  const names = { oldFileName: "a/src/a.js", newFileName: "b/src/a.js", oldHeader: "", newHeader: "" };
  return formatPatch({ ...names, hunks }, FILE_HEADERS_ONLY);
}

describe("compareTexts", () => {
  it("finds what the library finds in two texts that can be compared", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
        expect(patchOf(before, after)).toBe(
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
    const patch = patchOf(before, after);
    expect(patch.startsWith("--- a/src/a.js\n+++ b/src/a.js\n@@ -1,")).toBe(true);
    expect(applyPatch(before, patch)).toBe(after);
  });
});
