// Cuts texts so that together they fit into a prompt. The newest keep most.

/** The texts, none longer than `each` and together about as long as `all`; of each that is cut it is said how long it was. */
export function clipEach(texts: readonly string[], each: number, all: number): string[] {
  let left = all;
  const clipped = texts.toReversed().map((text) => {
    const room = Math.min(each, left);
    const kept =
      text.length <= room ? text : `${text.slice(0, room)}… [cut; ${text.length} characters in all]`;
    left = Math.max(0, left - kept.length);
    return kept.toWellFormed();
  });
  return clipped.toReversed();
}
