// A domain's own functions that throw, hang or answer nonsense before anything is approved: the alert is raised, the run ends with
// the reason, and its chain verifies.
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { scripted } from "../../src/domain/index.ts";
import {
  type Args,
  args,
  boom,
  check,
  domainOf,
  type Hooks,
  hang,
  reasons,
  remote,
  setupOf,
} from "./hook-domain.ts";
import { inRun, runApproved, verified } from "./in-run.ts";

describe("a domain before its proposal", () => {
  it.each<[what: string, hooks: Hooks, reason: string]>([
    ["whose measure throws", { measure: boom }, "boom"],
    [
      "whose measure names half a character",
      { measure: () => ({ checks: [{ name: "\ud800", total: 1, failed: 0 }], report: null }) },
      "the domain's measure",
    ],
    ["whose measure hangs", { measure: hang }, "measure did not answer within"],
    ["whose measure answers a text", { measure: () => "fine" as never }, "the domain's measure"],
    [
      "whose measure has more failed than there are",
      { measure: () => check(2) },
      "failed to be at most total",
    ],
    ["whose measure counts in halves", { measure: () => check(0.5) }, "the domain's measure"],
    [
      "whose measure names a check twice",
      { measure: () => ({ checks: [...check(0).checks, ...check(1).checks], report: null }) },
      "each check once",
    ],
    [
      "whose measure has 51 checks",
      {
        measure: () => ({
          checks: Array.from({ length: 51 }, (_, i) => ({ name: `${i}`, total: 1, failed: 0 })),
          report: null,
        }),
      },
      "the domain's measure",
    ],
    [
      "whose measure puts nonsense into its view",
      {
        measure: ({ resources }) => {
          resources.put("box:a", new Date() as never);
          return check(0);
        },
      },
      "expected JSON at box:a",
    ],
    ["whose read throws", { call: remote, read: boom, watch: ["out:a"] }, "boom"],
    ["whose read hangs", { call: remote, read: hang }, "read of out:a did not answer within"],
    ["whose read answers a function", { call: remote, read: () => boom }, "expected JSON at out:a"],
    ["whose read answers half a character", { call: remote, read: () => "\ud800" }, "lone surrogate"],
    ["whose plan throws", { call: { plan: boom } }, "The dry run of box.set failed: boom"],
    ["whose plan hangs", { call: { plan: hang } }, "the dry run did not answer within"],
    ["whose plan answers a number", { call: { plan: () => 7 as never } }, "expected a text, got number"],
    ["whose plan is too long", { call: { plan: () => "x".repeat(2 ** 20 + 1) } }, "is too large"],
    ["whose connectors throw", { connectors: boom }, "boom"],
    [
      "whose connectors are a promise",
      { connectors: (async () => []) as never },
      "expected the domain's connectors() to give Code Mode connectors",
    ],
    [
      "whose connectors are nonsense",
      { connectors: () => [null, 7] as never },
      "expected the domain's connectors() to give Code Mode connectors",
    ],
    ["whose schema throws", { call: { args: z.custom<Args>(boom) } }, "boom"],
    [
      "whose schema is asynchronous",
      { call: { args: args.refine(async () => true) } },
      "cannot check the arguments",
    ],
    [
      "whose schema changes the arguments",
      { call: { args: args.transform((given) => ({ ...given, name: "b" })) as never } },
      "the schema changes the arguments",
    ],
  ])("%s ends the run, and the reason says so", async (_, hooks, reason) => {
    const said = await runApproved(setupOf(hooks));
    expect(said.rounds).toEqual([]);
    expect(said.outcome?.status).toBe("not_run");
    expect(reasons(said)).toContain(reason);
  });

  it.each<[what: string, hooks: Hooks]>([
    ["whose report is no JSON", { measure: () => ({ ...check(0), report: new Map() as never }) }],
    ["whose report is too long", { measure: () => ({ ...check(0), report: "x".repeat(1_000_000) }) }],
    [
      "whose report nests as deep as JSON may",
      { measure: () => ({ ...check(0), report: JSON.parse(`${"[".repeat(64)}${"]".repeat(64)}`) }) },
    ],
  ])("%s still tells its alert, and runs", async (_, hooks) => {
    await inRun(async (run) => {
      run.configure(setupOf(hooks));
      run.create();
      await run.drive();
      const [alert] = (await run.engine()).context.chain.all("alert");
      const [subject] = alert?.statement.subject ?? [];
      const bytes = run.store.artifact(subject?.digest.sha256 ?? "");
      expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({
        alert: { title: "Something is wrong" },
      });
      await run.decide("approve");
      await run.drive();
      expect((await verified(run)).rounds[0]?.execution?.status).toBe("executed");
    });
  });

  it("whose dry run begins with a byte order mark is quoted exactly", async () => {
    const said = await runApproved(setupOf({ call: { plan: () => "\ufeffone row" } }));
    expect(said.rounds[0]?.execution?.status).toBe("executed");
  });

  it.each<[what: string, title: NonNullable<Hooks["call"]>["title"]]>([
    ["throws", boom],
    ["answers a number", () => 7 as never],
    ["answers nothing", () => ""],
  ])("whose title %s has its edits named after the call", async (_, title) => {
    await inRun(async (run) => {
      run.configure(setupOf({ call: { ...(title && { title }) } }));
      run.create();
      await run.drive();
      const edit = { connector: "box", method: "set", args: { name: "a", value: 2 } };
      expect((await run.decide("request_changes", { edit })).ok).toBe(true);
      await run.drive();
      const { round } = (await run.engine()).context.chain.state;
      expect(round?.proposal.statement.predicate.title).toBe("box.set");
    });
  });
});

describe("a free read", () => {
  it.each<[string, () => unknown, string]>([
    ["throws", boom, "boom"],
    ["hangs", hang, "did not answer within"],
    ["answers a function", () => boom, ""],
    ["answers too much", () => "x".repeat(2_000_000), ""],
  ])("that %s ends no more than the script", async (_, bad, reason) => {
    await inRun(async (run) => {
      const setup = setupOf({ reads: { box: { get: { description: "A value.", run: bad } } } });
      const planner = scripted({
        id: "reader",
        investigate: () => "async () => ({ got: await box.get({}) })",
        propose: () => ({ stop: "seen" }),
      });
      run.configure({ ...setup, planner });
      run.create();
      expect(await run.drive()).toEqual({ for: "end" });
      expect((await verified(run)).outcome?.reason).toBe("The agent proposes nothing: “seen”");
      const [evidence] = (await run.engine()).context.chain.all("evidence");
      expect(evidence?.statement.predicate.summary).toContain(reason);
    });
  });
});

describe("defineDomain and policyOf", () => {
  it.each<[string, () => unknown, string]>([
    [
      "a before to look at without read()",
      () =>
        domainOf({
          call: { ...remote, effects: [{ resource: "out:{name}", before: "absent", after: "$value" }] },
        }),
      "expected read()",
    ],
    [
      "a call of a name that no script can write",
      () => domainOf({ free: [{ connector: "box", method: "get-it" }] }),
      "that a script can write",
    ],
    [
      "a call that is free and gated",
      () => domainOf({ free: [{ connector: "box", method: "set" }] }),
      "each call once",
    ],
  ])("refuse %s", (_, make, reason) => {
    expect(make).toThrow(reason);
  });

  it.each<[string, Hooks, string]>([
    [
      "a template with a stray brace",
      { call: { effects: [{ resource: "box:{name", before: "read", after: "$value" }] } },
      "braces",
    ],
    ["a name of 101 characters", { name: "x".repeat(101) }, "domain"],
    ["a resource without a name", { resources: { "": 1 } }, "resource's name"],
  ])("keep a run from starting under %s", async (_, hooks, reason) => {
    await inRun(async (run) => {
      run.configure(setupOf(hooks));
      expect(() => run.create()).toThrow(reason);
      expect(run.store.version()).toBeNull();
    });
  });
});
