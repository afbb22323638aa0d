// Lets the time left to decide run. By the server's clock, as of when it made the page: a reader's clock may be wrong.
// In no live region, so that nobody has it read out every second.

interface Made {
  readonly from: string;
  /** How far this browser's clock is ahead of the server's. */
  readonly ahead: number;
}

/** So little time that it has to catch the eye, and that seconds are counted, in milliseconds. */
const SHORT_MS = 5 * 60_000;

const made = new WeakMap<HTMLElement, Made>();

/** Starts the clock; it finds what there is to count each time. */
export function tick(): void {
  for (const element of document.querySelectorAll<HTMLElement>(".time-left")) {
    const { from = "", to = "" } = element.dataset;
    let known = made.get(element);
    if (known?.from !== from) {
      known = { from, ahead: Date.now() - Date.parse(from) };
      made.set(element, known);
    }
    const left = Date.parse(to) - (Date.now() - known.ahead);
    element.classList.toggle("is-short", left > 0 && left < SHORT_MS);
    element.classList.toggle("is-over", left <= 0);
    const words = timeLeft(left);
    // The text node stays the same one, so that it goes on being the server's.
    if (element.firstChild && element.textContent !== words) element.firstChild.nodeValue = words;
  }
  setTimeout(tick, 1_000);
}

/** Seconds only at the end: what changes every second draws the eye away from the change. */
export function timeLeft(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds <= 0) return "time is up";
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 47) return `${Math.floor(hours / 24)} days left`;
  if (hours > 0) return `${hours} h ${minutes % 60} min left`;
  if (ms >= SHORT_MS) return `${minutes} min left`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s left` : `${seconds} s left`;
}
