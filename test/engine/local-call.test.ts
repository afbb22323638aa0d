// A local call that throws, is asynchronous, changes what it may not or keeps what it was lent: all of it happens, or nothing.
import { describe, expect, it } from "vitest";
import type { GatedCall, Resources } from "../../src/domain/index.ts";
import { type Args, boom, check, type Hooks, reasons, remote, setupOf } from "./hook-domain.ts";
import { inRun, runApproved, verified } from "./in-run.ts";

const thenable = Object.fromEntries(["then"].map((name) => [name, (done: () => void) => done()]));

describe("a local call", () => {
  const kept: Resources[] = [];
  it.each<[what: string, local: NonNullable<GatedCall<Args, unknown>["local"]>, reason: string]>([
    ["that throws", boom, "boom"],
    [
      "that throws nothing",
      () => {
        throw undefined;
      },
      "undefined was thrown",
    ],
    [
      "that is asynchronous",
      (async (_: Args, resources: Resources) => {
        resources.put("box:a", { n: 1 });
        await null;
        resources.put("box:b", "x");
      }) as never,
      "expected a local call to be synchronous",
    ],
    ["that answers a thenable", () => thenable, "expected a local call to be synchronous"],
    [
      "that answers a function with a then",
      () => Object.assign(() => {}, thenable),
      "expected a local call to be synchronous",
    ],
    [
      "that changes what it did not name",
      (_, resources) => {
        resources.put("box:a", { n: 1 });
        resources.put("box:b", "x");
      },
      "would change box:b",
    ],
    [
      "that takes away what it did not name",
      (_, resources) => {
        resources.put("box:a", { n: 1 });
        resources.delete("box:b");
      },
      "would change box:b",
    ],
    ["that changes nothing", () => null, "otherwise than approved"],
    [
      "that puts something else",
      (_, resources) => {
        resources.put("box:a", { n: 2 });
      },
      "otherwise than approved",
    ],
    [
      "that changes a content in place",
      (_, resources) => {
        Object.assign(resources.get("box:a") as object, { n: 1 });
      },
      "read only",
    ],
  ])("%s fails, and nothing is changed", async (_, local, reason) => {
    await inRun(async (run) => {
      run.configure(setupOf({ call: { local } }));
      run.create();
      await run.drive();
      await run.decide("approve");
      await run.drive();
      const said = await verified(run);
      expect(said.rounds[0]?.execution).toMatchObject({ status: "failed" });
      expect(reasons(said)).toContain(reason);
      expect((await run.engine()).context.own.contents()).toEqual(
        new Map<string, unknown>([
          ["box:a", { n: 0 }],
          ["box:b", "untouched"],
        ]),
      );
    });
  });

  it("that keeps its view can do nothing with it later", async () => {
    const local = ({ value }: Args, resources: Resources) => {
      kept.push(resources);
      resources.put("box:a", value as never);
    };
    await inRun(async (run) => {
      const measure: Hooks["measure"] = ({ resources }) => {
        kept.push(resources);
        return check(0);
      };
      run.configure(setupOf({ call: { local }, measure }));
      run.create();
      await run.drive();
      await run.decide("approve");
      await run.drive();
      expect((await verified(run)).outcome?.status).toBe("resolved");
      expect(kept.length).toBeGreaterThan(3);
      for (const view of kept) {
        expect(() => view.get("box:a")).toThrow("closed");
        expect(() => view.put("box:a", 1)).toThrow("closed");
        expect(() => view.entries()).toThrow("closed");
      }
      expect((await run.engine()).context.own.contents().get("box:a")).toEqual({ n: 1 });
    });
  });

  it.each<[what: string, result: unknown]>([
    ["a date", new Date()],
    ["a function", () => 1],
    ["a map", new Map()],
    ["too much", "x".repeat(1_000_000)],
    [
      "an accessor that throws",
      {
        get a() {
          return boom();
        },
      },
    ],
    ["a proxy that throws", new Proxy({}, { getPrototypeOf: boom, ownKeys: boom })],
  ])("that answers %s is executed, and its result omitted", async (_, result) => {
    const local = ({ value }: Args, resources: Resources) => {
      resources.put("box:a", value as never);
      return result;
    };
    const { rounds } = await runApproved(setupOf({ call: { local } }));
    expect(rounds[0]?.execution?.status).toBe("executed");
    const sent = await runApproved(
      setupOf({ call: { ...remote, remote: { send: async () => result } }, read: () => null }),
    );
    expect(sent.rounds[0]?.execution?.status).toBe("executed");
  });
});
