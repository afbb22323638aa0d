// What time does to a step: a clock that steps back in the middle of it, and an answer that never comes.
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import type { Digest } from "../../src/receipt/index.ts";
import { get, receiptsOf, stubOf } from "./client.ts";
import { inside, runRequest, startWith } from "./instances.ts";

describe("a clock that steps back", () => {
  it("while a run expires leaves no untrue word: what was withdrawn is told as withheld", async () => {
    const view = await startWith({});
    const proposal = view.pending?.proposal as Digest;
    await inside(view.run, async ({ scripts }, instance) => {
      let now = Date.parse(view.pending?.expiresAt ?? "");
      instance.now = () => now;
      const reject = scripts.reject.bind(scripts);
      scripts.reject = async (...call) => {
        const rejected = await reject(...call);
        now -= 1;
        return rejected;
      };
      await instance.alarm();
      const reviewer = { id: "r", method: "test" };
      const late = await instance.decide(
        { decision: "approve", proposal, reason: "", reviewer },
        { waitMs: 3_000 },
      );
      expect(late.ok).toBe(false);
    });
    const { receipts } = await receiptsOf(view.run);
    const told = receipts.flatMap((receipt) =>
      receipt.kind === "execution" ? [receipt.statement.predicate] : [],
    );
    expect(told).toMatchObject([{ status: "withheld", decision: null }]);
  });
});

describe("a planner that never answers", () => {
  it("is asked again after a while, and the run goes on", async () => {
    const run = nameRun(null);
    let asked = 0;
    await runInDurableObject(stubOf(run), async (instance) => {
      const { investigate } = instance.planner;
      instance.planner = {
        ...instance.planner,
        investigate: (...given) => {
          asked += 1;
          return asked === 1 ? new Promise(() => {}) : investigate(...given);
        },
      };
      const real = globalThis.setTimeout;
      // Two minutes are over at once.
      globalThis.setTimeout = ((work: () => void, ms?: number) =>
        real(work, ms === 120_000 ? 10 : ms)) as typeof setTimeout;
      try {
        await instance.start(run, runRequest(), { waitMs: 2_000 });
      } finally {
        globalThis.setTimeout = real;
      }
      await instance.alarm();
    });
    expect([asked, (await get<RunView>(`/api/runs/${run}`)).status]).toEqual([2, "awaiting_decision"]);
  });
});
