// Source of the checkout Worker's `src/metrics.js`: counters that `GET /metrics` shows.
// It is data here; only a sandbox or a test ever runs it.

export const METRICS_SOURCE = `const COUNTS = new Map();

export function count(name) {
  COUNTS.set(name, (COUNTS.get(name) ?? 0) + 1);
}

export function counts() {
  return Object.fromEntries(COUNTS);
}
`;
