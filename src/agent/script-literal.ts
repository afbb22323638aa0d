// The only way by which text enters a generated script or a patch: as a string literal of plain JSON.
// Whatever a title or a reviewer wrote, it can never become code, nor end a line or a comment.

/** JSON that is also a JavaScript literal on one line, in every edition of the language. */
export function literal(value: string | number | readonly string[]): string {
  const json = JSON.stringify(typeof value === "string" ? value.toWellFormed() : value);
  return json.replace(/[\u2028\u2029]/g, (char) => (char === "\u2028" ? "\\u2028" : "\\u2029"));
}

/** At most `max` UTF-16 units, well formed, with a mark where something was cut off. */
export function clip(text: string, max: number): string {
  const whole = text.toWellFormed();
  return whole.length <= max ? whole : `${whole.slice(0, max - 2).toWellFormed()} …`;
}
