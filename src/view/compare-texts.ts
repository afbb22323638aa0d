// What changes between two texts, line by line, in bounded time: texts made to be slow to compare are shown one whole after the
// other. Comparing takes time with the square of the lines that differ, and whoever asks holds up everybody else meanwhile.
import { type StructuredPatchHunk, structuredPatch } from "diff";

/** Most lines that may differ for the rest to be matched. */
const MOST_EDITS = 1_500;

/** Hunks with three lines of context. `matched` is false when the texts differ in so much that no lines were matched. */
export interface ComparedTexts {
  readonly hunks: readonly StructuredPatchHunk[];
  readonly matched: boolean;
}

/** Compares two texts. */
export function compareTexts(before: string, after: string): ComparedTexts {
  const patch = structuredPatch("", "", before, after, "", "", { context: 3, maxEditLength: MOST_EDITS });
  return patch
    ? { hunks: patch.hunks, matched: true }
    : { hunks: [replaceAll(before, after)], matched: false };
}

/** A hunk's range in a heading: one of no lines is named by the line before it, as in every unified diff. */
export function hunkRange(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

/** One hunk that takes every line away and puts every other in its place. */
function replaceAll(before: string, after: string): StructuredPatchHunk {
  const signed = (text: string, sign: string) => {
    const lines = text.split("\n").map((line) => `${sign}${line}`);
    const ends = lines.at(-1) === sign;
    return ends ? lines.slice(0, -1) : [...lines, "\\ No newline at end of file"];
  };
  const old = signed(before, "-");
  const fresh = signed(after, "+");
  const count = (lines: string[]) => lines.filter((line) => line[0] !== "\\").length;
  const lines = [...old, ...fresh];
  return { oldStart: 1, oldLines: count(old), newStart: 1, newLines: count(fresh), lines };
}
