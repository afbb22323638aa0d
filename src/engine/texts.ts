// Texts and JSON of unknown size, made to fit a receipt.
import { canonicalBytes, NotCanonicalError } from "../receipt/index.ts";
import { wordsOf } from "./in-time.ts";

/** Text that fits a receipt: well formed, and cut with an ellipsis at `max` UTF-16 code units. */
export function fitText(text: string, max: number): string {
  const whole = text.toWellFormed();
  return whole.length <= max ? whole : `${whole.slice(0, max - 1)}…`.toWellFormed();
}

/** Somebody else's words in a sentence of ours: on one line, between marks that they cannot bring themselves. */
export function quote(words: string): string {
  return `“${words.replace(/[“”]/g, "'").replace(/\s+/g, " ").trim()}”`;
}

/** Longest JSON that is kept as a result or a report, in UTF-16 code units. */
const MAX_JSON = 900_000;

/** A value as canonical JSON; where it is none, or too long, `{"omitted": reason}`. Undefined is null. */
export function fitJson(value: unknown): Uint8Array {
  try {
    const bytes = canonicalBytes(value ?? null);
    if (bytes.length <= MAX_JSON) return bytes;
    return canonicalBytes({ omitted: `longer than ${MAX_JSON} bytes of JSON: ${bytes.length}` });
  } catch (error) {
    // Whatever it is that was answered, an answer it was.
    return canonicalBytes({ omitted: fitText(wordsOf(error), 300) });
  }
}

/** The exact bytes of a call, or null when its arguments are not plain JSON. */
export function callBytes(call: { connector: string; method: string; args: unknown }): Uint8Array | null {
  const { connector, method, args } = call;
  try {
    return canonicalBytes({ connector, method, args });
  } catch (error) {
    if (error instanceof NotCanonicalError) return null;
    throw error;
  }
}
