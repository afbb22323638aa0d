// A run that continues another, and one that undoes a call of another: both verify together with the run before.
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { follow } from "../../src/chain/index.ts";
import type { Domain, Inherited, Json, Planner } from "../../src/domain/index.ts";
import { canonicalBytes, type Digest, sha256Hex } from "../../src/receipt/index.ts";
import { ownFlags, remoteFlags, switcher } from "./flag-domains.ts";
import { inRun, verified } from "./in-run.ts";
import type { TestEnv, TestRun } from "./worker.ts";

const { FLAGS } = env as unknown as TestEnv;

beforeEach(() => FLAGS.put("new_pricing", "true"));

/** A finished run that has switched new_pricing off, as a child gets to know it. */
async function finishParent(domain: Domain<never>) {
  return inRun(async (run) => {
    run.configure({ domain, planner: switcher });
    run.create();
    await run.drive();
    await run.decide("approve");
    await run.drive();
    const { context } = await run.engine();
    const bytes = canonicalBytes(await run.bundle());
    const { state } = context.chain;
    if (!state.head || !state.round?.execution) throw new Error("expected a finished run");
    return {
      execution: state.round.execution.digest,
      more: {
        bundle: bytes,
        resources: [...context.own.contents()],
        continues: {
          run: context.chain.run,
          handoff: state.head,
          issuer: context.chain.issuer,
          bundle: sha256Hex(bytes),
        },
      },
    };
  });
}

async function verdicts(run: TestRun): Promise<string[]> {
  const { runs } = await follow(await run.bundle(), [run.trust]);
  const failed = runs.flatMap(({ report }) => report.checks.filter(({ ok }) => !ok));
  expect(failed).toEqual([]);
  return runs.map(({ report }) => report.verdict);
}

const on = (flag: string, value: Json) => ({ connector: "flags", method: "set", args: { flag, on: value } });

describe("a run that continues another", () => {
  it("starts from its resources, and its planner from what its receipts say", async () => {
    const { more } = await finishParent(ownFlags);
    const told: (Inherited | null)[] = [];
    const planner: Planner = {
      id: "heir",
      next: (situation) => {
        told.push(situation.inherited);
        return situation.proposals.length > 0
          ? { stop: "done" }
          : {
              propose: {
                code: `async () => flags.set({ flag: "second", on: true })`,
                title: "Second",
                summary: "",
                risk: "low",
                feedback: null,
              },
            };
      },
    };
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner });
      run.create({}, more);
      await run.drive();
      await run.decide("approve");
      await run.drive();
      const said = await verified(run);
      expect(Object.keys(said.resources ?? {})).toEqual(["flag:new_pricing", "flag:second"]);
      expect(await verdicts(run)).toEqual(["valid", "valid"]);
      expect(told[0]).toMatchObject({
        run: more.continues.run,
        outcome: "resolved",
        proposals: [{ status: "executed", action: { args: { flag: "new_pricing", on: false } } }],
      });
    });
  });

  it("hands on what it was handed when it does nothing", async () => {
    const { more } = await finishParent(ownFlags);
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: { id: "idle", next: () => ({ stop: "nothing to do" }) } });
      run.create({}, more);
      await run.drive();
      expect(Object.keys((await verified(run)).resources ?? {})).toEqual(["flag:new_pricing"]);
      expect(await verdicts(run)).toEqual(["valid", "valid"]);
    });
  });
});

describe.each([
  ["in Workers KV", remoteFlags],
  ["among the run's own resources", ownFlags],
])("a revert of a flag %s", (_, domain) => {
  const isOwn = domain === ownFlags;
  const inRevert = async (
    call: ReturnType<typeof on>,
    work: (run: TestRun) => Promise<void>,
    wrong?: Digest,
  ) => {
    const { execution, more } = await finishParent(domain);
    await inRun(async (run) => {
      run.configure({ domain, planner: switcher });
      run.create({}, { ...more, startedBy: "bob", reverts: { execution: wrong ?? execution, call } });
      await work(run);
    });
  };

  it("is proposed by who started it, and done once a human approves", async () => {
    await inRevert(on("new_pricing", true), async (run) => {
      expect(await run.drive()).toMatchObject({ for: "human" });
      const { round } = (await run.engine()).context.chain.state;
      expect(round?.proposal.statement.predicate).toMatchObject({
        author: { kind: "reviewer", id: "bob" },
        title: "flags.set",
        risk: "high",
      });
      await run.decide("approve");
      run.forget();
      expect(await run.drive()).toEqual({ for: "end" });
      const { rounds } = await verified(run);
      expect(rounds[0]?.execution).toEqual({ status: "executed", reason: "" });
      expect(await verdicts(run)).toEqual(["valid", "valid"]);
      const now = isOwn
        ? (await run.engine()).context.own.contents().get("flag:new_pricing")
        : await FLAGS.get("new_pricing", "json");
      expect(now).toBe(true);
    });
  });

  it("is not proposed when the flag has changed since", async () => {
    await inRevert(on("new_pricing", true), async (run) => {
      await FLAGS.put("new_pricing", '"half"');
      if (isOwn) {
        const { context } = await run.engine();
        context.store.transaction(() => context.own.put("flag:new_pricing", "half"));
      }
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.rounds).toEqual([]);
      expect(said.outcome?.reason).toContain("It cannot be undone");
      if (!isOwn) expect(await verdicts(run)).toEqual(["valid", "valid"]);
    });
  });

  it.each<[what: string, call: ReturnType<typeof on>]>([
    ["undoes something else", on("other", true)],
    ["leaves it otherwise than it was", on("new_pricing", false)],
  ])("that %s is not proposed", async (_, call) => {
    await inRevert(call, async (run) => {
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.rounds).toEqual([]);
      expect(said.outcome?.reason).toContain("It cannot be undone");
      expect(await verdicts(run)).toEqual(["valid", "valid"]);
    });
  });

  it("of what the run before never did is not proposed", async () => {
    await inRevert(
      on("new_pricing", true),
      async (run) => {
        expect(await run.drive()).toEqual({ for: "end" });
        expect((await verified(run)).outcome?.reason).toContain("is not in the run before");
      },
      `sha256:${"0".repeat(64)}`,
    );
  });

  it("that is sent back with words goes to the planner", async () => {
    await inRevert(on("new_pricing", true), async (run) => {
      await run.drive();
      await run.decide("request_changes", { reason: "think again" });
      expect(await run.drive()).toMatchObject({ for: "human" });
      const { round } = (await run.engine()).context.chain.state;
      expect(round?.proposal.statement.predicate).toMatchObject({ revision: 2, reverts: null });
      await run.decide("approve");
      await run.drive();
      expect((await verified(run)).rounds[1]?.execution?.status).toBeDefined();
      expect(await verdicts(run)).toEqual(["valid", "valid"]);
    });
  });
});
