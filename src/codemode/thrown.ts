// What a script throws, told in words. Code Mode keeps nothing of it but its `message`: text, or an object without one, ended a
// script as if it had returned, and `undefined` ended it like a fault of the sandbox.
import { normalizeCode } from "@cloudflare/codemode";

/** Longest text that is kept of what was thrown, in UTF-16 code units. */
const MAX_THROWN = 1_000;

/**
 * Source text, for it runs inside the sandbox: a bundler may write names into a function that exist only outside. It uses nothing
 * that a script cannot break for itself as well, and throws a plain object with the `message` that Code Mode reads.
 */
const TELL = `(thrown) => {
    let message;
    try {
      if (typeof thrown === "string") message = thrown;
      else if (typeof thrown === "object" && thrown !== null && typeof thrown.message === "string") message = thrown.message;
      if (message === undefined || message.trim() === "") {
        const isError = thrown instanceof Error;
        const json = typeof thrown === "object" && !isError ? JSON.stringify(thrown) : undefined;
        message = "it threw " + (isError ? thrown.name + " without a message" : message !== undefined ? "an empty text" : json ?? String(thrown));
      }
    } catch {
      message = "it threw something that cannot be told in words";
    }
    return { message: message.slice(0, ${MAX_THROWN}).toWellFormed() };
  }`;

/** The script, which now throws something with a message, whatever it throws. As a declaration's value, it may end in a semicolon. */
export function tellingWhatItThrows(code: string): string {
  return `async () => {
  const tell = ${TELL};
  const script =
${normalizeCode(code)}
;
  try {
    return await script();
  } catch (thrown) {
    throw tell(thrown);
  }
}`;
}
