// A call on another system leaves at most once for a decision, whenever the server is killed, and the receipt says what the other
// system's own log says, or that nobody knows. `npm run test:kills -- 200 remote` does the same at length.
import { expect, it } from "vitest";
import { remoteKillRounds } from "./remote-rounds.ts";

it("comes back from 6 kills with every merge told truly", { timeout: 300_000 }, async () => {
  const report = await remoteKillRounds(6);
  expect(report.problems).toEqual([]);
  expect(report.runs).toBe(18);
  expect(report.met).toBeGreaterThan(0);
});
