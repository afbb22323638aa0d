// The only way by which text enters a generated script, a patch or an error: as a string literal of plain JSON.
// Whatever a title or a reviewer wrote, it can never become code, nor end a line or a comment.

/** What ends a line somewhere, or cannot be seen and may turn the text around it. */
const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** JSON that is also a JavaScript literal on one line, in every edition of the language. */
export function literal(value: unknown): string {
  const json = JSON.stringify(typeof value === "string" ? value.toWellFormed() : value);
  return json.replace(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** At most `max` UTF-16 units on one line, well formed, with a mark where something was cut off. */
export function clip(text: string, max: number): string {
  const line = text.toWellFormed().replace(/\s+/g, " ").trim();
  return line.length <= max ? line : `${line.slice(0, max - 2).toWellFormed()} …`;
}
