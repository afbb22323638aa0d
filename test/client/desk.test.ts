// The pure parts of the desk's script: how long it waits for a server that is away, and its words for ages and times left.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunEntry } from "../../src/chain/index.ts";
import { wordsForAge, wordsForTimeLeft } from "../../src/client/age-words.ts";
import { backOff } from "../../src/client/back-off.ts";
import { RunLines } from "../../src/view/run-lines.tsx";

describe("the wait before a server is tried again", () => {
  it("doubles to an upper bound, and is half by chance", () => {
    const waits = (chance: number) => [0, 1, 2, 5, 500].map((failures) => backOff(failures, 3, 60, chance));
    expect(waits(1)).toEqual([3, 6, 12, 60, 60]);
    expect(waits(0)).toEqual([1.5, 3, 6, 30, 30]);
  });
});

describe("the words for ages and times left", () => {
  const run: RunEntry = {
    run: "run-0",
    status: "awaiting_decision",
    head: null,
    count: 4,
    createdAt: "2026-11-23T12:00:00.000Z",
    title: "An alert",
    risk: null,
    expiresAt: "2026-11-25T18:00:00.000Z",
    outcome: null,
    links: { self: "", page: "" },
  };
  const began = Date.parse(run.createdAt);
  const ends = Date.parse(run.expiresAt ?? "");

  it("are the server's at every moment", () => {
    const seconds = fc.oneof(fc.integer({ min: -100, max: 7_300 }), fc.integer({ min: 0, max: 400_000 }));
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 999 }), (after, ms) => {
        const now = began + after * 1_000 + ms;
        const html = RunLines({ runs: [run], now: new Date(now).toISOString() }).toString();
        expect(html).toContain(`>${wordsForAge(began, now)}</time>`);
        expect(html).toContain(`>${wordsForTimeLeft(ends, now)}</time>`);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [-1, "just now"],
    [59, "59 s ago"],
    [60, "1 min ago"],
    [3_599, "59 min ago"],
    [3_660, "1 h 1 min ago"],
    [172_800, "2 days ago"],
  ])("are, %i seconds after the start, %s", (after, words) => {
    expect(wordsForAge(began, began + after * 1_000)).toBe(words);
  });

  it("say when the time to decide is over", () => {
    expect([wordsForTimeLeft(ends, ends - 1_000), wordsForTimeLeft(ends, ends)]).toEqual([
      "1 s left to decide",
      "the time to decide is over",
    ]);
  });
});
