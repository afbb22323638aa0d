// Text on its way to a terminal. What a signer, a server or a file says never reaches it as an escape sequence, a line of its
// own, or a character that cannot be seen or that turns the reading direction.
import { cutToColumns } from "./columns.ts";

/** Control, format, private and unassigned characters, lone surrogates, line and paragraph separators, and what is drawn as nothing. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Marks with nothing to stand on, and those beyond the fourth on one character: they are drawn over the lines above and below. */
const STRAY_MARKS = /^\p{M}+|(?<=\p{M}{4})\p{M}+/gu;

/** One line of visible text, its white space collapsed, cut to `max` columns. */
export function plainText(text: string, max = 400): string {
  return cutToColumns(visibleLine(text, max), max);
}

/** Words of somebody else's, in quotation marks that they cannot end. */
export function quoted(words: string, max = 60): string {
  return `"${cutToColumns(visibleLine(words, max).replace(/["\\]/g, "\\$&"), max)}"`;
}

/** A name of somebody else's: as it is where it is plainly one word, else quoted. */
export function plainName(name: string, max = 60): string {
  return /^[\w@+/.-]+$/.test(name) ? plainText(name, max) : quoted(name, max);
}

/**
 * A name that means exactly what it says: a resource, a call, a reviewer. As it is where it is plainly one word; else quoted, with
 * every character written out that cannot be told from another: white space but for single spaces inside, and what is unseen.
 */
export function exactName(name: string, max = 60): string {
  if (/^[\w@+/.:%-]+$/.test(name)) return plainText(name, max);
  const shown = name.length > 8 * max ? `${name.slice(0, 8 * max)}…` : name;
  const spelled = shown
    .replace(/["\\]/g, "\\$&")
    .replace(UNCLEAR_SPACE, writtenOut)
    .replace(UNSEEN, writtenOut)
    .replace(STRAY_MARKS, writtenOut);
  return `"${cutToColumns(spelled, max)}"`;
}

/** White space that would be drawn as one space, as nothing, or as a line's end. */
const UNCLEAR_SPACE = /[^\S ]|^ | $|(?<= ) /gu;

function writtenOut(found: string): string {
  return Array.from(found, (each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`).join("");
}

/** Nothing but what can be seen, on one line; of a very long text only as much as could be shown. */
function visibleLine(text: string, max: number): string {
  const shown = text.length > 8 * max ? `${text.slice(0, 8 * max)}…` : text;
  return shown.replace(/\s+/g, " ").trim().replace(UNSEEN, "�").replace(STRAY_MARKS, "�");
}

/** JSON that says the same with nothing unseen in it: JSON.stringify itself escapes only the ASCII controls. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNSEEN, (found) =>
    found === "\n"
      ? found
      : [...Array(found.length).keys()]
          .map((i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, "0")}`)
          .join(""),
  );
}
