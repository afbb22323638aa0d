// Text on its way to a terminal. What a signer, a server or a file says never reaches it as an escape sequence, a line of its
// own, or a character that cannot be seen or that turns the reading direction.

/** Control, format, private and unassigned characters, lone surrogates, line and paragraph separators, and what is drawn as nothing. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** One line of visible text, cut to `max` characters. */
export function plainText(text: string, max = 400): string {
  const line = text.slice(0, max + 1).replace(UNSEEN, "�");
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
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
