// A run that has grown as large as a run may ends by its own rules, with the reason.
import { describe, expect, it } from "vitest";
import type { Planner } from "../../src/domain/index.ts";
import { RUN_LIMITS } from "../../src/engine/index.ts";
import { ownFlags, switcher } from "./flag-domains.ts";
import { inRun, verified } from "./in-run.ts";

describe("a run", () => {
  it("that is sent back for ever ends when it has all the receipts it may have", {
    timeout: 120_000,
  }, async () => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: switcher });
      run.create({ revisions: 1000 });
      for (let i = 0; (await run.drive()).for === "human"; i += 1) {
        if (i > 100) throw new Error("expected the run to end");
        await run.decide("request_changes", { reason: `again ${i}` });
      }
      const said = await verified(run);
      expect(said.outcome?.reason).toContain(`limit of ${RUN_LIMITS.receipts} receipts`);
      expect((await run.engine()).context.chain.state.count).toBeLessThanOrEqual(RUN_LIMITS.receipts);
    });
  });

  it("that gathers more than fits keeps what does, says so, and ends with the reason", async () => {
    let asked = 0;
    const collector: Planner = {
      id: "collector",
      next: () => ({
        investigate: `async () => { for (let i = 0; i < 7; i += 1) await flags.get({ flag: "${++asked}" + "x".repeat(900_000) + i }); return { summary: "collected" }; }`,
      }),
    };
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: collector, scriptTimeoutMs: 10_000 });
      run.create();
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.outcome?.reason).toContain(`limit of ${RUN_LIMITS.artifacts} bytes`);
      const { context } = await run.engine();
      const [evidence] = context.chain.all("evidence");
      expect(evidence?.statement.predicate.summary).toContain("too many or too large to keep");
      expect(context.store.artifactBytes()).toBeLessThan(RUN_LIMITS.artifacts);
    });
  });

  it.each<[string, string, string]>([
    [
      "calls more often than a script may",
      `for (let i = 0; i < 201; i += 1) await flags.get({ flag: "a" });`,
      "at most 200 calls",
    ],
    [
      "is longer than can be kept",
      `/* ${"x".repeat(RUN_LIMITS.artifact)} */`,
      "expected a script of at most",
    ],
    ["is longer than Code Mode takes", `/* ${"x".repeat(1_000_010)} */`, "too large to record"],
    [
      "asks for a call that is too large",
      `await flags.set({ flag: "x".repeat(1_100_000), on: true });`,
      "too large",
    ],
    [
      "asks for a resource of too long a name",
      `await flags.set({ flag: "x".repeat(1_000), on: true });`,
      "1 to 1000",
    ],
  ])("whose script %s ends with the reason", async (_, body, reason) => {
    const planner: Planner = {
      id: "large",
      next: () => ({
        propose: {
          code: `async () => { ${body} }`,
          title: "Large",
          summary: "",
          risk: "low",
          feedback: null,
        },
      }),
    };
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner });
      run.create();
      expect(await run.drive()).toEqual({ for: "end" });
      expect((await verified(run)).outcome?.reason).toContain(reason);
    });
  });

  it("whose domain answers a long reason has it cut to what a receipt holds", async () => {
    const planner: Planner = {
      id: "wordy",
      next: () => {
        throw new Error("é".repeat(5_000));
      },
    };
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner });
      run.create();
      expect(await run.drive()).toEqual({ for: "end" });
      expect((await verified(run)).outcome?.reason.length).toBeLessThanOrEqual(2_000);
    });
  });
});
