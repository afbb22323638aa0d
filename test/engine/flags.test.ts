// A flag's change from its proposal to its end, wherever the flag stands.
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Domain } from "../../src/domain/index.ts";
import { ownFlags, remoteFlags, switcher } from "./flag-domains.ts";
import { inRun, verified } from "./in-run.ts";
import type { TestEnv, TestRun } from "./worker.ts";

const { FLAGS } = env as unknown as TestEnv;

function start(run: TestRun, domain: Domain<never>): void {
  run.configure({ domain, planner: switcher });
  run.create();
}

beforeEach(() => FLAGS.put("new_pricing", "true"));

describe.each([
  ["in Workers KV", remoteFlags],
  ["among the run's own resources", ownFlags],
])("a flag %s", (_, domain) => {
  it("is set by the engine once a human approves, and not before", async () => {
    await inRun(async (run) => {
      start(run, domain);
      expect(await run.drive()).toMatchObject({ for: "human" });
      const { state } = (await run.engine()).context.chain;
      const preview = state.round?.preview?.statement.predicate;
      expect(preview?.checks).toEqual([
        { name: "carts priced wrong", before: { total: 4, failed: 3 }, rehearsed: { total: 4, failed: 0 } },
      ]);
      expect(await FLAGS.get("new_pricing")).toBe("true");
      expect((await run.decide("approve")).ok).toBe(true);
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
      expect(said.rounds[0]?.execution).toEqual({ status: "executed", reason: "" });
      const isOwn = domain === ownFlags;
      expect(await FLAGS.get("new_pricing")).toBe(isOwn ? "true" : "false");
      expect(Object.keys(said.resources ?? {})).toEqual(isOwn ? ["flag:new_pricing"] : []);
    });
  });

  it("stays as it is when a human rejects", async () => {
    await inRun(async (run) => {
      start(run, domain);
      await run.drive();
      await run.decide("reject", { reason: "not in a freeze" });
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said).toMatchObject({ status: "rejected", outcome: { status: "not_run" } });
      expect(await FLAGS.get("new_pricing")).toBe("true");
    });
  });

  it("is set as the reviewer's edit says, after that was approved in its turn", async () => {
    await inRun(async (run) => {
      start(run, domain);
      await run.drive();
      const edit = { connector: "flags", method: "set", args: { flag: "old_pricing", on: true } };
      expect((await run.decide("request_changes", { edit })).ok).toBe(true);
      expect(await run.drive()).toMatchObject({ for: "human" });
      expect((await run.decide("approve")).ok).toBe(true);
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.rounds[1]?.action.args).toEqual({ flag: "old_pricing", on: true });
      expect(said.rounds[1]?.execution?.status).toBe("executed");
    });
  });

  it("is asked about again after a request for changes", async () => {
    await inRun(async (run) => {
      start(run, domain);
      await run.drive();
      await run.decide("request_changes", { reason: "say why" });
      expect(await run.drive()).toMatchObject({ for: "human" });
      const { state } = (await run.engine()).context.chain;
      expect(state.round?.proposal.statement.predicate).toMatchObject({
        revision: 2,
        feedback: { text: "say why", applied: ["thought again"] },
      });
    });
  });

  it("is not set when it has changed since the proposal", async () => {
    await inRun(async (run) => {
      start(run, domain);
      await run.drive();
      await FLAGS.put("new_pricing", '"other"');
      if (domain === ownFlags) {
        const { context } = await run.engine();
        context.store.transaction(() => context.own.put("flag:new_pricing", "other"));
      }
      await run.decide("approve");
      await run.drive();
      const said = await verified(run);
      expect(said.rounds[0]?.execution?.status).toBe("failed");
      expect(said.rounds[0]?.execution?.reason).toContain("has changed since the proposal");
    });
  });

  it("is set once, and told as recovered, when a restart comes after the approval", async () => {
    await inRun(async (run) => {
      start(run, domain);
      await run.drive();
      await run.decide("approve");
      run.forget();
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.rounds[0]?.execution?.status).toBe("executed");
      const [execution] = (await run.engine()).context.chain.all("execution");
      expect(execution?.statement.predicate.recovered).toBe(true);
    });
  });
});
