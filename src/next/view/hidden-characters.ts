// Characters that cannot be seen, or that change where others are shown. A reviewer must see them, or source can read otherwise
// than it runs ("Trojan Source", CVE-2021-42574) and one path like another. Which these are is decided here and nowhere else.

/** What a text is: that decides what of it is spelled out. */
export type Where =
  /** Source, where white space is plain to see by its line. */
  | "code"
  /** Sentences, where joiners and wide spaces belong to many scripts. */
  | "prose"
  /** The title of an alert: words, on one line. */
  | "title"
  /** What somebody or something is called. */
  | "name"
  /** A path: of white space nothing but itself tells it from another. */
  | "path";

/** A part of a text: as it is, or what cannot be shown as it is, by code point, count and effect. */
export type TextPart = string | HiddenPart;

export interface HiddenPart {
  readonly text: string;
  readonly code: string;
  readonly what: string;
}

/**
 * In code: controls but tab and line feed; format characters and whatever Unicode lets a font ignore, so the bidirectional
 * and zero-width ones, fillers, tags, selectors; separators; every space but the plain one; the Braille blank.
 */
const IN_CODE =
  /(?![\t\n ])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Zs}\u{2800}\u{fff9}-\u{fffb}]/u;

/** In prose only what reorders text, and controls. */
const IN_PROSE = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u{e0000}-\u{e007f}]/u;

/** White space that a page would not show: at either end, doubled, or none that stays on its line. */
const UNUSUAL_SPACE = /[\t\n]|^ +| +$| {2,}/u;

/** More marks on one letter than any script has. They are drawn over other lines, or make their own too wide to break. */
const MARKS = /\p{M}{5,}/u;
const MARKS_AND_JOINERS = /[\p{M}\p{Default_Ignorable_Code_Point}]{5,}/u;

/** Most code points that may stand as one, which no line can be broken in: a family of emoji has eleven. */
const LONGEST_CLUSTER = 16;
/** Different characters in a row that are spelled out one by one. */
const SPELLED_OUT = 6;

const RUNS: Readonly<Record<Where, RegExp>> = {
  code: anyOf(MARKS, some(IN_CODE)),
  prose: anyOf(MARKS_AND_JOINERS, some(IN_PROSE)),
  title: anyOf(MARKS_AND_JOINERS, some(IN_PROSE), UNUSUAL_SPACE),
  name: anyOf(MARKS, some(IN_CODE), UNUSUAL_SPACE),
  path: anyOf(MARKS, some(IN_CODE), /[\t\n ]+/u),
};

function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join("|"), "gu");
}

function some({ source }: RegExp): RegExp {
  return new RegExp(`(?:${source})+`, "u");
}

const REORDERS = /\p{Bidi_Control}/u;
const EVERY_IN_CODE = new RegExp(IN_CODE.source, "gu");
const EVERY_RUN_OF_MARKS = new RegExp(MARKS.source, "gu");
const BEYOND_ASCII = /[^\0-\x7f]/;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Splits a text at what cannot be shown as it is. The parts' texts, joined again, are the text. */
export function showHidden(text: string, where: Where): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: run, index } of text.matchAll(RUNS[where])) {
    if (index > end) parts.push(...unbreakable(text.slice(end, index)));
    parts.push(...spelledOut(run));
    end = index + run.length;
  }
  if (end < text.length) parts.push(...unbreakable(text.slice(end)));
  return parts;
}

/** Whether a text has a run of marks that is not shown as it is. */
export function hasRunOfMarks(text: string): boolean {
  return MARKS.test(text);
}

/** How many hidden characters a piece of code holds, and how many marks that stand in unusual runs. */
export function countHidden(text: string): { readonly hidden: number; readonly marks: number } {
  const marks = text.match(EVERY_RUN_OF_MARKS)?.reduce((sum, run) => sum + countOf(run), 0) ?? 0;
  return { hidden: text.match(EVERY_IN_CODE)?.length ?? 0, marks };
}

/** The same characters in a row as one, with their count; a row of many different ones as its beginning and their count. */
function spelledOut(run: string): HiddenPart[] {
  const same: string[][] = [];
  for (const character of run) {
    const last = same.at(-1);
    if (last?.[0] === character) last.push(character);
    else same.push([character]);
  }
  if (same.length <= SPELLED_OUT) {
    return same.map((characters) => {
      const [character = ""] = characters;
      const times = characters.length > 1 ? ` ×${characters.length}` : "";
      return {
        text: characters.join(""),
        code: `${codeOf(character)}${times}`,
        what: `${whatItIs(character)}${times}`,
      };
    });
  }
  const first = same.slice(0, 3).map(([character = ""]) => codeOf(character));
  const what = MARKS.test(run) ? "marks on one letter" : "characters that cannot be seen";
  return [
    { text: run, code: `${first.join(" ")} … ${countOf(run)} in all`, what: `${countOf(run)} ${what}` },
  ];
}

/** A text with its longest clusters, which no line can be broken in, as their count. */
function unbreakable(text: string): TextPart[] {
  if (!BEYOND_ASCII.test(text)) return [text];
  const parts: TextPart[] = [];
  let plain = "";
  for (const { segment } of graphemes.segment(text)) {
    if (segment.length <= LONGEST_CLUSTER || countOf(segment) <= LONGEST_CLUSTER) {
      plain += segment;
      continue;
    }
    if (plain !== "") parts.push(plain);
    plain = "";
    const [first = "", second = ""] = segment;
    const code = `${codeOf(first)} ${codeOf(second)} … ${countOf(segment)} in all`;
    parts.push({ text: segment, code, what: `${countOf(segment)} characters that stand as one` });
  }
  if (plain !== "") parts.push(plain);
  return parts;
}

function countOf(text: string): number {
  return [...text].length;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

const NAMED: Readonly<Record<string, string>> = {
  " ": "space",
  "\t": "tab",
  "\n": "line feed",
  "\r": "carriage return",
};

function whatItIs(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  if (REORDERS.test(character)) return "changes the order in which text is shown";
  if (character < "\u00a0") return "control character";
  if (/\p{Zs}/u.test(character)) return "a space, but not the plain one";
  if (/\p{M}/u.test(character)) return "a mark on the letter before";
  return "cannot be seen";
}
