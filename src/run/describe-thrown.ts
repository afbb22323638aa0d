// What was thrown, in words: a planner or a binding may throw anything, and whoever reads a reason is owed the cause.

/** Longest text that is kept of what was thrown, in UTF-16 code units. */
const MAX_THROWN = 1_000;

/** The message of an error, text as it is, anything else as JSON. Never empty, and never throws itself. */
export function describeThrown(thrown: unknown): string {
  try {
    const words = wordsOf(thrown).slice(0, MAX_THROWN).toWellFormed();
    if (words.trim() !== "") return words;
    return thrown instanceof Error ? `it threw ${thrown.name} without a message` : "it threw an empty text";
  } catch {
    return "it threw something that cannot be told in words";
  }
}

function wordsOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  if (typeof thrown !== "object" || thrown === null) return `it threw ${String(thrown)}`;
  if ("message" in thrown && typeof thrown.message === "string") return thrown.message;
  return thrown instanceof Error ? "" : `it threw ${JSON.stringify(thrown) ?? String(thrown)}`;
}
