// What came of a run, good or bad, as one would say it aloud: a comparison of counts that the runtime signed. Plain text, for the page's
// first line and for a link's description alike; names of checks are spelled out, for somebody else wrote them.
import type { Predicate, Tally } from "../receipt/index.ts";
import { plain } from "./shown-text.tsx";

export type MeasuredChecks = Predicate<"outcome">["checks"];

/** Each has a picture of its own (outcome-picture.tsx). */
export type Picture =
  | "fixed"
  | "fine"
  | "better"
  | "same"
  | "worse"
  | "unmeasured"
  | "unknown"
  | "rejected"
  | "expired"
  | "not-done"
  | "nothing";

/** `title` is a word or two, with its full stop; `sentence` the numbers or words behind it. */
export interface ResultWords {
  readonly title: string;
  readonly sentence: string;
  readonly picture: Picture;
  readonly tone: "good" | "quiet" | "bad";
}

/** Compares what was measured after with what was measured before; null where there is nothing to compare. */
export function compareChecks(checks: MeasuredChecks): ResultWords | null {
  const pairs = checks.flatMap(({ name, before, after }) => (after ? [{ name, before, after }] : []));
  if (pairs.length === 0 || pairs.length < checks.length) return null;
  const sentence = pairs
    .filter((pair, i) => i === 0 || pair.before.failed !== pair.after.failed || pair.after.failed > 0)
    .slice(0, 3)
    .map(({ name, before, after }) => countsInWords(name, before, after))
    .join(" ");
  if (pairs.every(({ after }) => after.failed === 0)) {
    const wasFine = pairs.every(({ before }) => before.failed === 0);
    return wasFine
      ? { title: "Fine as before.", sentence, picture: "fine", tone: "good" }
      : { title: "Fixed.", sentence, picture: "fixed", tone: "good" };
  }
  if (pairs.some(({ before, after }) => after.failed > before.failed)) {
    return { title: "Worse.", sentence, picture: "worse", tone: "bad" };
  }
  return pairs.some(({ before, after }) => after.failed < before.failed)
    ? { title: "Better, not fixed.", sentence, picture: "better", tone: "bad" }
    : { title: "No better.", sentence, picture: "same", tone: "bad" };
}

/** `Requests that failed: 6 → 0 of 32.` */
function countsInWords(name: string, before: Tally, after: Tally): string {
  const what = capital(plain(name, "name"));
  if (after.failed === before.failed) return `${what}: ${after.failed} of ${after.total}, as before.`;
  if (after.total === before.total) return `${what}: ${before.failed} → ${after.failed} of ${after.total}.`;
  return `${what}: ${before.failed} of ${before.total} → ${after.failed} of ${after.total}.`;
}

/** Most of somebody's own words that a first line repeats; they stand below in full. */
export const LONGEST = 160;

/** The beginning of somebody's words, on one line, as a sentence with a capital letter. */
export function inShort(words: string): string {
  const line = capital(plain(words.trim().replace(/\s+/gu, " "), "prose"));
  if (line === "") return "";
  const characters = [...line];
  if (characters.length > LONGEST) return `${characters.slice(0, LONGEST).join("").trim()} …`;
  return /[.!?…]$/u.test(line) ? line : `${line}.`;
}

/** With a capital letter, unless it begins with a name, which is written as it is. */
export function capital(text: string): string {
  const [first = ""] = /^\p{L}+(?=[\s,;.!?]|$)/u.test(text) ? text : "";
  return first.toUpperCase() + text.slice(first.length);
}
