// What the probe's sum-up counts as failed and as good.
import { describe, expect, it } from "vitest";
import { PROBE_REQUESTS, type ProbeResult, summarizeProbe } from "../../src/workload/probe.ts";

const good = PROBE_REQUESTS.find((request) => request.good);
const other = PROBE_REQUESTS.find((request) => !request.good);
const result = (id: string | undefined, status: number, error: string | null = null): ProbeResult => ({
  id: id ?? "",
  kind: "any",
  status,
  error,
});

describe("the probe's requests", () => {
  it("have ids of their own and a few kinds", () => {
    expect(new Set(PROBE_REQUESTS.map(({ id }) => id)).size).toBe(PROBE_REQUESTS.length);
    expect(new Set(PROBE_REQUESTS.map(({ kind }) => kind)).size).toBe(6);
  });
});

describe("summarizeProbe", () => {
  it("counts nothing for no results", () => {
    expect(summarizeProbe([])).toEqual({
      tally: { requests: 0, failed: 0, good: 0, goodFailed: 0 },
      byKind: [],
      failures: [],
    });
  });

  it("counts a 5xx and a throw as failed, and a refusal as not", () => {
    const results = [result(other?.id, 500), result(other?.id, 200, "boom"), result(other?.id, 404)];
    expect(summarizeProbe(results).tally).toEqual({ requests: 3, failed: 2, good: 0, goodFailed: 0 });
  });

  it("counts a good checkout that is refused as a good one failed, though not as failed", () => {
    const { tally, failures } = summarizeProbe([result(good?.id, 400), result(good?.id, 200)]);
    expect(tally).toEqual({ requests: 2, failed: 0, good: 2, goodFailed: 1 });
    expect(failures).toEqual([]);
  });

  it("takes goodness from the mix and not from what a result claims", () => {
    expect(summarizeProbe([result("unheard-of", 200)]).tally.good).toBe(0);
  });

  it("groups by kind in order of appearance", () => {
    const results = [
      { ...result(good?.id, 200), kind: "b" },
      { ...result(other?.id, 500, "boom"), kind: "a" },
      { ...result(good?.id, 200), kind: "b" },
    ];
    const { byKind, failures } = summarizeProbe(results);
    expect(byKind).toEqual([
      { kind: "b", requests: 2, failed: 0 },
      { kind: "a", requests: 1, failed: 1 },
    ]);
    expect(failures).toMatchObject([
      { id: other?.id, kind: "a", status: 500, error: "boom", path: other?.path },
    ]);
  });
});
