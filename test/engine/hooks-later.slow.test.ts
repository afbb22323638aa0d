// A domain that turns bad, or is deployed anew, between the proposal and its call: nothing that was not approved happens, and the run
// ends with the reason.
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type Domain, scripted } from "../../src/domain/index.ts";
import { boom, check, domainOf, type Hooks, hang, reasons, remote, setupOf } from "./hook-domain.ts";
import { inRun, verified } from "./in-run.ts";
import type { TestRun } from "./worker.ts";

/** Approves a run whose hooks turn bad just before the approval. */
async function turnBad(
  good: Hooks,
  spoil: () => void,
  work: (run: TestRun) => Promise<void> = async () => {},
) {
  return inRun(async (run) => {
    run.configure(setupOf(good));
    run.create();
    expect(await run.drive()).toMatchObject({ for: "human" });
    spoil();
    await work(run);
    await run.decide("approve");
    expect(await run.drive()).toEqual({ for: "end" });
    return verified(run);
  });
}

describe("a domain after the approval", () => {
  it.each<[string, () => unknown]>([
    ["throws", boom],
    ["hangs", hang],
    ["answers nonsense", () => "fine"],
    ["measures something else", () => ({ checks: [{ name: "other", total: 1, failed: 0 }], report: null })],
    ["measures nothing", () => null],
  ])("whose measure then %s is executed, and told as unmeasured", async (_, bad) => {
    let measure: () => unknown = () => check(1);
    const said = await turnBad({ measure: () => measure() as never }, () => {
      measure = bad;
    });
    expect(said.rounds[0]?.execution?.status).toBe("executed");
    expect(said.outcome?.status).toBe("unmeasured");
    expect(said.outcome?.checks).toEqual([{ name: "wrong", before: { total: 1, failed: 1 }, after: null }]);
  });

  it.each<[string, () => unknown, string]>([
    ["throws", boom, "Whether anything changed since the proposal cannot be seen: boom"],
    ["hangs", hang, "did not answer within"],
    ["answers nonsense", () => boom, "expected JSON at out:a"],
    ["answers something else", () => "other", "has changed since the proposal"],
  ])("whose read then %s is not called, and fails", async (_, bad, reason) => {
    let read: () => unknown = () => null;
    let sent = 0;
    const call = {
      ...remote,
      remote: {
        send: async () => {
          sent += 1;
        },
      },
    };
    const said = await turnBad({ call, read: () => read() }, () => {
      read = bad;
    });
    expect(said.rounds[0]?.execution?.status).toBe("failed");
    expect(reasons(said)).toContain(reason);
    expect(sent).toBe(0);
  });

  it("that has lost its call by a new deployment fails it, and nothing was sent", async () => {
    const said = await turnBad(
      { call: remote, read: () => null },
      () => {},
      async (run) => {
        run.configure({ ...setupOf({}), domain: { ...domainOf({}), calls: [] } as Domain<never> });
        run.forget();
      },
    );
    expect(said.rounds[0]?.execution?.status).toBe("failed");
    expect(reasons(said)).toContain("no longer has box.set");
  });

  it("that has lost a call which was begun tells that nobody knows", async () => {
    const call = {
      ...remote,
      remote: { send: boom, find: async () => "absent" as const, settleSeconds: 60 },
    };
    await inRun(async (run) => {
      run.configure(setupOf({ call, read: () => null }));
      run.create();
      await run.drive();
      await run.decide("approve");
      const { driver } = await run.engine();
      expect(await driver.drive()).toMatchObject({ for: "time" });
      run.configure({ ...setupOf({}), domain: { ...domainOf({}), calls: [] } as Domain<never> });
      run.forget();
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.rounds[0]?.execution?.status).toBe("unknown");
      expect(reasons(said)).toContain("no longer has box.set");
    });
  });

  it("whose schema has changed by a new deployment is not called, and fails", async () => {
    let sent = 0;
    const call = {
      ...remote,
      remote: {
        send: async () => {
          sent += 1;
        },
      },
    };
    const said = await turnBad(
      { call, read: () => null },
      () => {},
      async (run) => {
        run.configure(
          setupOf({
            call: { ...call, args: z.strictObject({ other: z.string() }) as never },
            read: () => null,
          }),
        );
        run.forget();
      },
    );
    expect(said.rounds[0]?.execution?.status).toBe("failed");
    expect(sent).toBe(0);
  });

  it("whose connectors then throw has its call made all the same, and told", async () => {
    let connectors: () => [] = () => [];
    const said = await turnBad(
      { connectors: () => connectors() },
      () => {
        connectors = boom;
      },
      async (run) => run.forget(),
    );
    expect(said.rounds[0]?.execution?.status).toBe("executed");
    expect(reasons(said)).toContain("boom");
  });

  it("that deploys a further free read does not let it run under the policy that was signed", async () => {
    const looked: string[] = [];
    const read = { description: "Looks.", run: () => looked.push("looked") };
    const said = await inRun(async (run) => {
      const setup = setupOf({});
      run.configure(setup);
      run.create();
      const planner = scripted({
        id: "late",
        investigate: () => `async () => ({ summary: String(await box.look({}).catch((e) => e.message)) })`,
        propose: () => ({ stop: "seen" }),
      });
      run.configure({ domain: domainOf({ reads: { box: { look: read } } }), planner });
      await run.drive();
      const [evidence] = (await run.engine()).context.chain.all("evidence");
      expect(evidence?.statement.predicate.summary).toContain("is not free in this run's policy");
      return verified(run);
    });
    expect(looked).toEqual([]);
    expect(said.outcome?.status).toBe("not_run");
  });
});
