// Nothing that a client was told is lost, nothing is written twice or unapproved, and no run gets stuck, whenever the server is
// killed. `node scripts/kills.ts 200` does the same at length.
import { expect, it } from "vitest";
import { killRounds } from "./kill-rounds.ts";
import { serve } from "./serve.ts";

it("comes back from 15 kills with every run and every receipt", { timeout: 600_000 }, async () => {
  const report = await killRounds(serve, 15);
  expect(report.problems).toEqual([]);
  // Kills that met no approved call would prove little: of 15, some six do.
  expect(report.recovered).toBeGreaterThan(0);
  expect(report.runs).toBeGreaterThanOrEqual(15);
  expect(Object.values(report.ends).reduce((sum, count) => sum + count, 0)).toBe(report.runs);
});
