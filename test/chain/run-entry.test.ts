// A run's line on the desk, at each point of a run.
import { describe, expect, it } from "vitest";
import { EMPTY, runEntry } from "../../src/chain/index.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { openChain } from "./open-chain.ts";

const CREATED = "2026-11-23T05:29:00.000Z";

describe("runEntry", () => {
  it("knows of a run that has no receipt only its name and when it was created", () => {
    expect(runEntry("run-1", CREATED, EMPTY)).toEqual({
      run: "run-1",
      status: "investigating",
      head: null,
      count: 0,
      createdAt: CREATED,
      title: null,
      risk: null,
      expiresAt: null,
      outcome: null,
      links: { self: "/api/runs/run-1", page: "/runs/run-1" },
    });
  });

  it("tells until when a decision is awaited, and only then", async () => {
    const { states } = await openChain(SCENARIOS.approved);
    const entries = states.map((state) => runEntry("run-1", CREATED, state));
    expect(entries.map(({ status, expiresAt }) => [status, expiresAt])).toEqual([
      ...new Array(4).fill(["investigating", null]),
      ["awaiting_decision", "2026-11-23T05:48:00.000Z"],
      ...new Array(3).fill(["executing", null]),
      ["completed", null],
    ]);
    expect(entries.map(({ title }) => title)).toEqual([null, ...new Array(8).fill("Checkout answers 500")]);
    expect(entries.map(({ risk }) => risk)).toEqual([null, null, null, ...new Array(6).fill("low")]);
  });

  it("tells how an ended run ended, without the reason", async () => {
    const { states } = await openChain(SCENARIOS.unresolved);
    const end = states.at(-1) ?? EMPTY;
    expect(runEntry("run-1", CREATED, end)).toMatchObject({ head: end.head, count: 8 });
    expect(runEntry("run-1", CREATED, end).outcome).toEqual({
      status: "unresolved",
      before: { requests: 40, failed: 6, good: 30, goodFailed: 0 },
      after: { requests: 40, failed: 6, good: 30, goodFailed: 0 },
    });
  });
});
