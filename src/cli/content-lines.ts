// Somebody else's content for a terminal, line by line and whole: every character is seen where it stands, none passes for another,
// and no line goes on at the left edge, where it could pass for a line of ours.
import { compareTexts, hunkRange } from "../view/compare-texts.ts";
import { showHidden } from "../view/hidden-characters.ts";
import { breakExactly } from "./columns.ts";

/** Before each line of content, and before what goes on of one that is too wide. */
const MARGIN = "    │ ";
const GOES_ON = "    ┆ ";

/** Signs of ours within content. Where content has one itself, it is spelled out like what is hidden. */
const TAB = "⇥   ";
const OURS = /[⟦⟧⇥]/g;

/** The lines of a text, `sign` before each. */
export function contentLines(text: string, columns: number, sign = ""): string[] {
  return text.split("\n").flatMap((line) => {
    const [first = "", ...rest] = breakExactly(visible(line), columns - MARGIN.length - sign.length);
    const indent = " ".repeat(sign.length);
    return [`${MARGIN}${sign}${first}`, ...rest.map((more) => `${GOES_ON}${indent}${more}`)];
  });
}

/** A unified diff of two texts, null where nothing stands. Made here, from the two texts. */
export function diffLines(before: string | null, after: string | null, columns: number): string[] {
  const { hunks } = compareTexts(before ?? "", after ?? "");
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `    @@ -${hunkRange(oldStart, oldLines)} +${hunkRange(newStart, newLines)} @@`,
    ...lines.flatMap((line) =>
      // Of the differ's own words there is one line: that a text ends without a line feed.
      line.startsWith("\\") ? [`    ${line}`] : contentLines(line.slice(1), columns, `${line[0]} `),
    ),
  ]);
}

/** A line with what cannot be seen spelled out by its code point: ⟦U+202E⟧. */
function visible(line: string): string {
  return showHidden(line, "code")
    .map((part) => (typeof part === "string" ? part.replace(OURS, spelled) : `⟦${part.code}⟧`))
    .join("")
    .replaceAll("\t", TAB);
}

function spelled(sign: string): string {
  return `⟦U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase()}⟧`;
}
