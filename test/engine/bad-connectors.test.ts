// Plain connectors that are dead, hang, throw or waver: none holds a run up, and none has a tool run that was not approved.
import { describe, expect, it } from "vitest";
import { NotApplied } from "../../src/domain/index.ts";
import { forgeLog } from "./forge-domain.ts";
import { inRun, runApproved, verified } from "./in-run.ts";
import { Api, type Call, domainOf, Issues, planner, wild } from "./plain-connectors.ts";

const patience = { describe: 40, read: 40, send: 100 };

describe("a dead server", () => {
  const dead: [string, () => Promise<never>][] = [
    [
      "throws",
      async () => {
        throw new Error("ECONNREFUSED");
      },
    ],
    [
      "throws at once",
      () => {
        throw new Error("ECONNREFUSED");
      },
    ],
    ["hangs", () => new Promise(() => {})],
    ["answers nonsense", async () => 7 as never],
    ["answers null", async () => null as never],
  ];

  it.each(dead)("whose describe %s holds nothing up, and none of its tools runs", async (_, describe) => {
    const calls: Call[] = [];
    const said = await runApproved({
      domain: domainOf(() => [wild(calls, ["send"], { describe, getTypeScriptTypes: describe })]),
      planner: planner("async () => wild.send({})"),
      patience,
    });
    expect(said.outcome?.reason).toContain("ended after 5 attempts");
    expect(calls).toEqual([]);
  });

  it.each(dead)("whose describe then %s does not keep an approval from going on", async (_, broken) => {
    const calls: Call[] = [];
    await inRun(async (run) => {
      let describe = () => wild(calls, ["send"]).describe();
      const inner = wild(calls, ["send"], { describe: () => describe() });
      run.configure({
        domain: domainOf(() => [inner]),
        planner: planner("async () => wild.send({})"),
        patience,
      });
      run.create();
      expect(await run.drive()).toMatchObject({ for: "human" });
      describe = broken;
      run.forget();
      await run.decide("approve");
      await run.drive();
      expect((await verified(run)).rounds[0]?.execution).toEqual({ status: "executed", reason: "" });
      expect(calls).toEqual([["send", {}]]);
    });
  });

  it.each<[string, "onPassEnd" | "disposeExecution"]>([
    ["pass", "onPassEnd"],
    ["execution", "disposeExecution"],
  ])("that hangs at the end of a %s holds nothing up", async (_, hook) => {
    const calls: Call[] = [];
    const said = await runApproved({
      domain: domainOf(() => [wild(calls, ["send"], { [hook]: () => new Promise<never>(() => {}) })]),
      planner: planner("async () => wild.send({})"),
      patience,
    });
    expect(said.rounds[0]?.execution?.status).toBe("executed");
  });

  it("whose free tool hangs ends no more than the script", async () => {
    const connector = () => [wild([], ["look"], { executeTool: () => new Promise(() => {}) })];
    const said = await runApproved({
      domain: domainOf(connector, [{ connector: "wild", method: "look" }]),
      planner: planner("async () => wild.look({})"),
      patience,
    });
    expect(said.outcome?.reason).toContain("wild did not answer within");
  });
});

describe("an approved tool", () => {
  it.each<[string, () => Promise<unknown>, string, string]>([
    [
      "that throws",
      async () => {
        throw new Error("502");
      },
      "unknown",
      "502",
    ],
    [
      "that throws at once",
      () => {
        throw new Error("502");
      },
      "unknown",
      "502",
    ],
    ["that hangs", () => new Promise(() => {}), "unknown", "did not answer"],
    [
      "that says it did nothing",
      async () => {
        throw new NotApplied("moved");
      },
      "failed",
      "moved",
    ],
    ["that answers a stream", async () => new ReadableStream(), "executed", ""],
  ])("%s is told as %s", async (_, executeTool, status, reason) => {
    const said = await runApproved({
      domain: domainOf(() => [wild([], ["send"], { executeTool })]),
      planner: planner("async () => wild.send({})"),
      patience,
    });
    expect(said.rounds[0]?.execution?.status).toBe(status);
    expect(said.rounds[0]?.execution?.reason).toContain(reason);
  });

  it("of an MCP server that answers an error is told as unknown", async () => {
    const calls: Call[] = [];
    const said = await runApproved({
      domain: domainOf(({ env, ctx }) => [new Issues(ctx, env, calls)]),
      planner: planner(`async () => issues.create({ title: "bad" })`),
    });
    expect(said.rounds[0]?.execution).toMatchObject({ status: "unknown" });
    expect(said.rounds[0]?.execution?.reason).toContain("no such label");
    expect(calls).toHaveLength(1);
  });

  it("really reaches its system, once", async () => {
    const before = (await forgeLog("api")).asked.length;
    await runApproved({
      domain: domainOf(({ env, ctx }) => [new Api(ctx, env, [])]),
      planner: planner(`async () => api.request({ method: "POST", path: "/api/merge" })`),
    });
    expect((await forgeLog("api")).asked.length).toBe(before + 1);
  });

  it("of a connector whose name wavers goes by the name it gave first", async () => {
    const calls: Call[] = [];
    let asked = 0;
    const inner = wild(calls, ["look", "send"], { name: () => (asked++ === 0 ? "wild" : "tame") });
    const said = await runApproved({
      domain: domainOf(() => [inner], [{ connector: "tame", method: "send" }]),
      planner: planner("async () => wild.send({})"),
      patience,
    });
    expect(said.rounds[0]).toMatchObject({
      action: { connector: "wild" },
      execution: { status: "executed" },
    });
    expect(calls).toHaveLength(1);
  });

  it("of two connectors of one name runs in neither", async () => {
    const calls: Call[] = [];
    const said = await runApproved({
      domain: domainOf(() => [wild(calls, ["send"]), wild(calls, ["send"])]),
      planner: planner("async () => wild.send({})"),
      patience,
    });
    expect(said.outcome?.reason).toContain("two connectors of the name wild");
    expect(calls).toEqual([]);
  });
});
