// Lets the ages of runs and the times left to decide run, in the words that the server has for them (src/view/run-lines.tsx).
// By the server's clock, as of when it made the page: a visitor's clock may be wrong. In no live region.

import { ageWords, leftWords } from "../view/duration.ts";
import { part } from "./page-part.ts";

/** Words for each class of `<time>`, as of an instant in milliseconds. */
const WORDS: Readonly<Record<string, (instant: number, now: number) => string>> = {
  age: (since, now) => ageWords(now - since),
  left: (until, now) => leftWords(until - now),
};

/** Starts the clock; it finds what there is to count each time. */
export function runAges(): void {
  let madeAt = "";
  let ahead = 0;
  function tick(): void {
    const { now = "" } = part("desk").dataset;
    if (now !== madeAt) {
      madeAt = now;
      ahead = Date.now() - Date.parse(now);
    }
    for (const time of part("desk").querySelectorAll("time")) {
      const words = WORDS[time.className]?.(Date.parse(time.dateTime), Date.now() - ahead);
      // The text node stays the same one, so that it goes on being the server's.
      if (words && time.firstChild && words !== time.textContent) time.firstChild.nodeValue = words;
    }
    setTimeout(tick, 1_000);
  }
  tick();
}
