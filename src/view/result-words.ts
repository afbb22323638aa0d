// What came of a write, good or bad, as one would say it aloud: a comparison of two measurements that the runtime signed.
import type { Tally } from "../receipt/index.ts";

/** `title` is a word or two; `sentence` is the numbers behind it. */
export interface ResultWords {
  readonly title: "Fixed" | "Fine as before" | "Better, not fixed" | "No better" | "Worse";
  readonly sentence: string;
  readonly tone: "good" | "bad";
}

/** Nothing failed, and every valid checkout was answered. */
export function isSound({ failed, goodFailed }: Tally): boolean {
  return failed === 0 && goodFailed === 0;
}

/** Compares the measurement after a write with the one before. Broken valid checkouts make it worse, whatever else it cured. */
export function resultWords(before: Tally, after: Tally): ResultWords {
  const sentence = `${failures(before, after)}${checkouts(before, after)}`;
  if (isSound(after)) {
    return { title: isSound(before) ? "Fine as before" : "Fixed", sentence, tone: "good" };
  }
  if (after.failed > before.failed || after.goodFailed > before.goodFailed) {
    return { title: "Worse", sentence, tone: "bad" };
  }
  const isBetter = after.failed < before.failed || after.goodFailed < before.goodFailed;
  return { title: isBetter ? "Better, not fixed" : "No better", sentence, tone: "bad" };
}

function failures(before: Tally, after: Tally): string {
  if (after.failed === before.failed) return `${after.failed} of ${after.requests} fail, as before.`;
  if (after.failed === 0) return `${before.failed} → 0 of ${after.requests} requests fail.`;
  return `${after.failed} of ${after.requests} fail now, ${before.failed} before.`;
}

/** A checkout that is refused without a failure is in no count of failures. */
function checkouts(before: Tally, after: Tally): string {
  const [was, is] = [before.goodFailed, after.goodFailed];
  if (is === 0 && was === 0) return "";
  const then = is === was ? "as before" : `${was} before`;
  return ` ${is} of ${after.good} valid checkouts are not answered 200, ${then}.`;
}
