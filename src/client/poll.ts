// Looks again every few seconds, for as long as somebody can see the page: not while it is hidden, at once when it is seen
// again, and ever more rarely while the server is away.
import { backOff } from "./back-off.ts";

const EVERY_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;

/** Starts. `look` says whether the server answered. */
export function poll(look: () => Promise<boolean>): void {
  let failures = 0;
  let next: ReturnType<typeof setTimeout> | undefined;

  async function turn(): Promise<void> {
    clearTimeout(next);
    if (document.hidden) return;
    failures = (await look()) ? 0 : failures + 1;
    plan();
  }

  function plan(): void {
    clearTimeout(next);
    if (document.hidden) return;
    next = setTimeout(turn, failures === 0 ? EVERY_MS : backOff(failures, EVERY_MS, LONGEST_WAIT_MS));
  }

  document.addEventListener("visibilitychange", turn);
  addEventListener("online", turn);
  // A page that comes back from the browser's memory has heard nothing meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && turn());
  plan();
}
