// Calls on a system that loses answers, answers late, twice, wrongly or not at all: the forge is asked to merge once for a decision,
// or as often as it may be, and what the receipt says is what the forge's own log says, or that nobody knows.
import { describe, expect, it } from "vitest";
import type { Finding, Manners, Merging } from "./forge.ts";
import { type Certainty, forgeDomain, forgeLog, merger, tellForge } from "./forge-domain.ts";
import { inRun, verified } from "./in-run.ts";

let repositories = 0;

/** Runs one approved merge to its end. */
async function merge(certainty: Certainty, manners: Manners) {
  repositories += 1;
  const repository = `remote-${repositories}`;
  await tellForge(repository, manners);
  return inRun(async (run) => {
    // Nobody is waited for in vain, but where the forge is told to be late.
    const ms = /hang|later/.test(JSON.stringify(manners)) ? 300 : 10_000;
    const patience = { send: ms, read: ms };
    run.configure({ domain: forgeDomain(certainty), planner: merger(repository), patience });
    run.create();
    await run.drive();
    expect((await forgeLog(repository)).asked).toEqual([]);
    const decision = await run.decide("approve");
    expect(decision.ok).toBe(true);
    await run.drive();
    const said = await verified(run);
    const log = await forgeLog(repository);
    const key = decision.ok ? decision.value.digest : "";
    expect(new Set(log.asked), "one idempotency key: the digest of the decision").toEqual(new Set([key]));
    expect(log.merged.length).toBeLessThanOrEqual(1);
    return { status: said.rounds[0]?.execution?.status, said, log };
  });
}

type Case = [merge: Merging[], find: Finding[], status: "executed" | "failed" | "unknown", merged: number];

describe("a call that can be found", () => {
  it.each<Case>([
    [["ok"], [], "executed", 1],
    [["twice"], [], "executed", 1],
    [["lost"], [], "executed", 1],
    [["dropped"], [], "failed", 0],
    [["error"], [], "failed", 0],
    [["error done"], [], "executed", 1],
    [["refused"], ["error"], "failed", 0],
    [["hang"], [], "failed", 0],
    [["hang done"], [], "executed", 1],
    [["garbage done"], [], "executed", 1],
    [[{ later: 450 }], [], "executed", 1],
    [["lost"], ["absent", "absent", "truth"], "executed", 1],
    [["lost"], ["error", "garbage", "hang", "truth"], "executed", 1],
    [["lost"], ["error"], "unknown", 1],
    [["dropped"], ["hang"], "unknown", 0],
    [["dropped"], ["garbage"], "unknown", 0],
  ])("asked once, %j and found %j, is %s", async (merging, find, status, merged) => {
    const { status: told, log } = await merge("find", { merge: merging, find });
    expect(told).toBe(status);
    expect(log.asked).toHaveLength(1);
    expect(log.merged).toHaveLength(merged);
    expect(log.sent).toEqual([{ number: 7, head: "commit-0" }]);
  });
});

describe("a call that may be repeated", () => {
  it.each<[merge: Merging[], status: string, merged: number, asked: number]>([
    [["ok"], "executed", 1, 1],
    [["lost", "ok"], "executed", 1, 2],
    [["dropped", "error", "ok"], "executed", 1, 3],
    [["error done", "ok"], "executed", 1, 2],
    [["hang", "ok"], "executed", 1, 2],
    [[{ later: 450 }, "ok"], "executed", 1, 2],
    [["garbage done", "ok"], "executed", 1, 2],
    [["refused"], "failed", 0, 1],
    // It happened, its answer was lost, and now the other side sees only that the branch has moved.
    [["lost", "refused"], "unknown", 1, 2],
  ])("answered %j is %s", async (merging, status, merged, asked) => {
    const { status: told, log } = await merge("repeatable", { merge: merging });
    expect(told).toBe(status);
    expect(log.merged).toHaveLength(merged);
    expect(log.asked).toHaveLength(asked);
  });

  it("is unknown in the end when nothing but errors come", async () => {
    const { status, said, log } = await merge("repeatable", { merge: ["error"] });
    expect(status).toBe("unknown");
    expect(said.rounds[0]?.execution?.reason).toContain("the forge answered 502");
    expect(log.asked.length).toBeGreaterThan(2);
  });

  it("is looked for, where it can be, when a repetition is refused", async () => {
    const { status, log } = await merge("repeatable, find", { merge: ["lost", "refused"] });
    expect(status).toBe("executed");
    expect(log.merged).toHaveLength(1);
  });
});

describe("a call that can be neither found nor repeated", () => {
  it.each<[merge: Merging, status: string, merged: number]>([
    ["ok", "executed", 1],
    ["refused", "failed", 0],
    ["lost", "unknown", 1],
    ["dropped", "unknown", 0],
    ["error", "unknown", 0],
    ["error done", "unknown", 1],
    ["hang", "unknown", 0],
    ["garbage done", "unknown", 1],
    [{ later: 450 }, "unknown", 0],
  ])("answered %j is %s at once", async (merging, status, merged) => {
    const { status: told, log } = await merge("neither", { merge: [merging] });
    expect(told).toBe(status);
    expect(log.asked).toHaveLength(1);
    expect(log.found).toBe(0);
    expect(log.merged).toHaveLength(merged);
  });
});

describe("a forge that lies", () => {
  it("is believed in what it answers, and found out by the measurement", async () => {
    const { status, said, log } = await merge("find", { merge: ["lie"] });
    expect(status).toBe("executed");
    expect(log.merged).toEqual([]);
    expect(said.outcome).toMatchObject({ status: "unresolved" });
  });

  it("that says absent of what it did is believed, for nobody else can know", async () => {
    const { status, said, log } = await merge("find", { merge: ["lost"], find: ["absent"] });
    expect(status).toBe("failed");
    expect(said.rounds[0]?.execution?.reason).toContain("the other side has not heard of it");
    expect(log.merged).toHaveLength(1);
  });
});
