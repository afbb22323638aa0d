// What those have in common who tell the world outside of the run: the list of runs, the receiver of webhooks, another run.

/** Longest time one try may take, in milliseconds. */
export const TRY_WITHIN_MS = 10_000;
/** When the alarm takes up what died with its host, in milliseconds: a step, or the first try at a message, made at once. */
export const RESUME_AFTER_MS = 15_000;
/** Longest pause between two tries, in milliseconds, give or take a quarter. */
export const MAX_RETRY_MS = 15 * 60_000;

/** Tells something, and goes on trying until it has arrived. No step waits for it, and what it cannot tell fails none. */
export interface Teller {
  /** When something is due (again), in milliseconds since 1970; null when nothing is left to tell. */
  nextDue(): number | null;
  /** Tries everything that is new or due, and joins what is under way. Never throws. */
  deliver(): Promise<void>;
}

/** A pause that differs from run to run by a quarter either way, so that many runs do not come back at the same moment. */
export function spread(pause: number): number {
  return Math.round(pause * (0.75 + Math.random() / 2));
}
