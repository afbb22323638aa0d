// Characters that cannot be seen, or that change the order in which others are shown. A reviewer must see them, or source
// can read otherwise than it runs ("Trojan Source", CVE-2021-42574). Which these are is decided here and nowhere else.

/** A part of a text: as it is, or one hidden character by its code point and what it does. */
export type TextPart = string | { readonly code: string; readonly what: string };

/**
 * In code: controls but tab and line feed; format characters and whatever Unicode lets a font ignore, so the bidirectional
 * and zero-width ones, fillers, tags, selectors; separators; every space but the plain one; the Braille blank.
 */
const IN_CODE =
  /(?![\t\n ])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Zs}\u{2800}\u{fff9}-\u{fffb}]/gu;

/** In prose, where joiners and wide spaces belong to many scripts: only what reorders text, and controls. */
const IN_PROSE = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u{e0000}-\u{e007f}]/gu;

const REORDERS = /\p{Bidi_Control}/u;

/** Splits a text at its hidden characters. Joined again, with each code point as its character, it is the text. */
export function showHidden(text: string, where: "code" | "prose"): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(where === "code" ? IN_CODE : IN_PROSE)) {
    if (index > end) parts.push(text.slice(end, index));
    const code = character.codePointAt(0) ?? 0;
    parts.push({
      code: `U+${code.toString(16).toUpperCase().padStart(4, "0")}`,
      what: whatItIs(character, code),
    });
    end = index + character.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** How many hidden characters a piece of code holds. */
export function countHidden(text: string): number {
  return text.match(IN_CODE)?.length ?? 0;
}

function whatItIs(character: string, code: number): string {
  if (REORDERS.test(character)) return "changes the order in which text is shown";
  if (code === 0xd) return "carriage return";
  if (code < 0xa0) return "control character";
  if (/\p{Zs}/u.test(character)) return "a space, but not the plain one";
  return "cannot be seen";
}
