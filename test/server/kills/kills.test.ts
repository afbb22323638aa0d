// Nothing that a client was told is lost, nothing is written twice and no run gets stuck, whenever the server is killed.
// `npm run test:kills -- 200` does the same at length, to `wrangler dev`.
import { expect, it } from "vitest";
import { startServer } from "../server.ts";
import { killRounds } from "./kill-rounds.ts";

it("comes back from 15 kills with every run and every receipt", { timeout: 600_000 }, async () => {
  const report = await killRounds(startServer, 15);
  expect(report.problems).toEqual([]);
  expect(report.runs).toBeGreaterThanOrEqual(15);
  expect(Object.values(report.ends).reduce((sum, count) => sum + count, 0)).toBe(report.runs);
});
