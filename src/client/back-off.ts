// How long to wait before a server that did not answer is tried again.

/**
 * Doubles from `first` with each failure, up to `longest`, in milliseconds. Half of it is by chance, from 0 to 1, so that the
 * many who lost the same server do not all come back at once.
 */
export function backOff(failures: number, first: number, longest: number, chance = Math.random()): number {
  return Math.min(longest, first * 2 ** failures) * (0.5 + chance / 2);
}
