// The desk's words for how long ago a run began and how long there is to decide: those of src/view/run-lines.tsx, to the letter.

/** How long ago it was. Both instants in milliseconds. */
export function wordsForAge(since: number, now: number): string {
  const age = duration(now - since);
  return age === null ? "just now" : `${age} ago`;
}

/** How long there is to decide. Both instants in milliseconds. */
export function wordsForTimeLeft(until: number, now: number): string {
  const left = duration(until - now);
  return left === null ? "time is up" : `${left} left`;
}

function duration(ms: number): string | null {
  const seconds = Math.floor(ms / 1_000);
  if (seconds <= 0) return null;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
