// Spans of time as people say them: on a page as it is made, and by its script as time goes by.

/** How long, roughly, in the two largest units; null where it is no time at all. */
export function duration(ms: number): string | null {
  const seconds = Math.floor(ms / 1000);
  if (!(seconds > 0)) return null;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** How long ago something was. */
export function ageWords(ms: number): string {
  const age = duration(ms);
  return age === null ? "just now" : `${age} ago`;
}

/** How long there is to decide. */
export function leftWords(ms: number): string {
  const left = duration(ms);
  return left === null ? "time is up" : `${left} left`;
}

/** The time from one instant to a later one. */
export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** The time between two receipts: `54 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function lapse(from: string, to: string): string {
  const ms = Math.max(0, between(from, to));
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor(ms / 1000) % 60} s`;
  return duration(ms) ?? "0 ms";
}
