// What is measured, and how often: a pure measurement of equal contents once, and what came of a run always afresh.
import { describe, expect, it } from "vitest";
import type { Json, Planner } from "../../src/domain/index.ts";
import { PATIENCE } from "../../src/engine/index.ts";
import { Measurer } from "../../src/engine/measuring.ts";
import { ownFlags, switcher } from "./flag-domains.ts";
import { inRun, verified } from "./in-run.ts";

/** Asks for the measurement, and says that it did. */
const LOOK = "async () => ({ summary: (await flags.price({})).checks[0].failed + ' wrong' })";

const count = (failed: number) => ({ checks: [{ name: "wrong", total: 4, failed }], report: null });

/** How often a run that is approved has its domain measure. */
async function measurements(pure: boolean): Promise<Json[]> {
  const seen: Json[] = [];
  await inRun(async (run) => {
    const measure: typeof ownFlags.measure = ({ resources }) => {
      const flag = resources.get("flag:new_pricing");
      seen.push(flag);
      return count(flag === true ? 3 : 0);
    };
    const reads = {
      flags: { price: { description: "Prices carts.", run: (_, { measure }) => measure() } },
    } satisfies typeof ownFlags.reads;
    const planner: Planner = {
      id: "looks-first",
      next: (situation, context) =>
        situation.evidence.length > 0 ? switcher.next(situation, context) : { investigate: LOOK },
    };
    run.configure({ domain: { ...ownFlags, reads, pure, measure }, planner });
    run.create();
    await run.drive();
    await run.decide("request_changes", { reason: "again" });
    await run.drive();
    await run.decide("approve");
    await run.drive();
    expect((await verified(run)).outcome?.status).toBe("resolved");
  });
  return seen;
}

describe("a measurement", () => {
  it("that is a function of its view is made once for equal contents, and afresh after the call", async () => {
    // The alert, the evidence and the previews' before are one; the rehearsal is another; what came of it is measured in earnest.
    expect(await measurements(true)).toEqual([true, false, false]);
  });

  it("that is not is made each time", async () => {
    expect(await measurements(false)).toEqual([true, true, true, false, true, false, false]);
  });

  it("that failed is not kept", async () => {
    let calls = 0;
    const measurer = new Measurer(
      {
        name: "m",
        rule: "",
        calls: [],
        pure: true,
        measure: () => (++calls === 1 ? Promise.reject(new Error("once")) : count(0)),
      },
      {},
      PATIENCE,
    );
    await expect(measurer.measure(new Map())).rejects.toThrow("once");
    await expect(measurer.measure(new Map())).resolves.toEqual(count(0));
  });

  it("tells a text from the JSON value that shares its digest", async () => {
    const seen: Json[] = [];
    const measurer = new Measurer(
      {
        name: "m",
        rule: "",
        calls: [],
        pure: true,
        json: ["flag:"],
        measure: ({ resources }) => {
          seen.push(resources.get("flag:a"));
          return count(0);
        },
      },
      {},
      PATIENCE,
    );
    for (const content of ["true", true, "true", true])
      await measurer.measure(new Map([["flag:a", content]]));
    expect(seen).toEqual(["true", true]);
  });
});
