// Scripts that try to have something else done than was approved, or more of it: what happens is the approved call, or nothing.
import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import {
  type Domain,
  defineDomain,
  gated,
  type Planner,
  type ProposalPlan,
  scripted,
} from "../../src/domain/index.ts";
import { inRun, verified } from "./in-run.ts";

/** Every call that the engine really made. */
const made: unknown[] = [];
beforeEach(() => made.splice(0));

const set = gated<{ name: string; value: number }, unknown>({
  connector: "box",
  method: "set",
  description: "Sets a value.",
  args: z.object({ name: z.string(), value: z.number() }),
  effects: [{ resource: "box:{name}", before: "read", after: "$value" }],
  local: ({ name, value }, resources) => {
    made.push({ name, value });
    resources.put(`box:${name}`, value);
    return { set: name };
  },
});
const ping = gated<unknown, unknown>({
  connector: "box",
  method: "ping",
  description: "Takes nothing.",
  args: z.strictObject({}),
  effects: [],
  remote: { send: async (args) => made.push(args) },
});
const box: Domain<never> = defineDomain<unknown>({
  name: "box",
  rule: "A human approves every value.",
  calls: [set, ping],
  json: ["box:"],
  reads: {
    box: {
      get: { description: "A value.", run: ({ name = "" }, { resources }) => resources.get(`box:${name}`) },
    },
  },
}) as Domain<never>;

function proposing(code: string): Planner {
  const proposal: ProposalPlan = { code, title: "Set it", summary: "", risk: "low", feedback: null };
  return scripted({
    id: "script",
    investigate: () => "async () => ({})",
    propose: () => ({ propose: proposal }).propose,
  });
}

/** Has every proposal of a script approved, and tells what was made of it. */
async function approveAll(code: string, scriptTimeoutMs = 10_000) {
  return inRun(async (run) => {
    run.configure({ domain: box, planner: proposing(code), scriptTimeoutMs });
    run.create();
    for (let rounds = 0; (await run.drive()).for === "human"; rounds += 1) {
      expect(rounds).toBeLessThan(5);
      const answer = await run.decide("approve");
      if (!answer.ok) throw new Error(answer.refusal.message);
    }
    const said = await verified(run);
    const executions = said.rounds.map(({ action, execution }) => ({ args: action.args, ...execution }));
    return { said, executions };
  });
}

const first = { name: "a", value: 1 };
const A = `{ name: "a", value: 1 }`;
const B = `{ name: "b", value: 2 }`;

describe("a script", () => {
  it.each([
    ["throws words after its call", `async () => { await box.set(${A}); throw new Error("no"); }`],
    ["throws an empty text after its call", `async () => { await box.set(${A}); throw ""; }`],
    ["throws undefined after its call", `async () => { await box.set(${A}); throw undefined; }`],
    [
      "throws an object after its call",
      `async () => { await box.set(${A}); throw { toString() { throw 1 } }; }`,
    ],
    [
      "answers nothing that is JSON",
      `async () => { await box.set(${A}); return { now: new Date(), f() {} }; }`,
    ],
    ["never comes back from its call", `async () => { await box.set(${A}); await new Promise(() => {}); }`],
    ["swallows everything", `async () => { try { await box.set(${A}); } catch {} }`],
    [
      "does not wait for its call",
      `async () => { box.set(${A}).catch(() => {}); await new Promise((r) => setTimeout(r, 200)); }`,
    ],
  ])("that %s has its one call made, once", async (_, code) => {
    const { executions } = await approveAll(code, code.includes("new Promise(() => {})") ? 2_000 : 10_000);
    expect(executions).toMatchObject([{ args: first, status: "executed" }]);
    expect(made).toEqual([first]);
  });

  it("that switches its call after the pause has the approved one made, and no other", async () => {
    const code = `async () => {
      const value = (await codemode.step("look", async () => 1), new Error().stack.length);
      return box.set(globalThis.crypto.randomUUID() < "8" ? ${A} : ${B});
    }`;
    // Whichever it asks for at first, at random: half of the resumed passes ask for the other one.
    for (let i = 0; i < 8; i += 1) {
      made.splice(0);
      const { executions } = await approveAll(code);
      expect(executions).toHaveLength(1);
      expect(made).toEqual([executions[0]?.args]);
      expect(executions[0]?.status).toBe("executed");
    }
  });

  it.each([
    ["-0 for 0", `{ name: "a", value: 0 }`, `{ name: "a", value: -0 }`],
    ["a member without a value", `{ name: "a", value: 1 }`, `{ name: "a", value: 1, more: undefined }`],
  ])("that switches %s, which Code Mode cannot see, changes nothing", async (__, one, other) => {
    const code = `async () => box.set(crypto.randomUUID() < "8" ? ${one} : ${other})`;
    for (let i = 0; i < 6; i += 1) {
      made.splice(0);
      const { executions } = await approveAll(code);
      for (const { args, status } of executions)
        expect([args, status]).toEqual([JSON.parse(JSON.stringify(args)), "executed"]);
      expect(made).toHaveLength(executions.length);
    }
  });

  it.each([
    ["-0 for 0", `{ name: "a", value: 0 }`, `{ name: "a", value: -0 }`, ""],
    ["other arguments", A, B, "the script failed"],
    ["another method", A, "7", "the script failed"],
    ["what is no JSON", A, `{ name: "a", value: 1, more: undefined }`, "the script failed"],
  ])(
    "that surely switches %s after the pause has the approved call made, and the receipt says so",
    async (_, one, other, reason) => {
      await inRun(async (run) => {
        const later = Date.now() + 400;
        run.configure({
          domain: box,
          planner: proposing(
            `async () => { try { await box.set(Date.now() < ${later} ? ${one} : ${other}); } catch {} }`,
          ),
        });
        run.create();
        await run.drive();
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, later - Date.now()) + 20));
        await run.decide("approve");
        await run.drive();
        const { rounds } = await verified(run);
        expect(rounds.map(({ execution }) => execution?.status)).toEqual(["executed"]);
        expect(rounds[0]?.execution?.reason).toContain(reason);
        expect(made).toEqual([rounds[0]?.action.args]);
      });
    },
  );

  it("that calls twice in parallel waits for a human twice", async () => {
    const { executions } = await approveAll(`async () => Promise.all([box.set(${A}), box.set(${B})])`);
    expect(executions).toMatchObject([
      { args: first, status: "executed" },
      { args: { name: "b", value: 2 }, status: "executed" },
    ]);
    expect(made).toEqual(executions.map(({ args }) => args));
  });

  it("that makes the same call twice in parallel waits for a human twice", async () => {
    const { executions } = await approveAll(`async () => Promise.all([box.set(${A}), box.set(${A})])`);
    expect(executions).toMatchObject([{ status: "executed" }, { status: "executed" }]);
    expect(made).toEqual([first, first]);
  });

  it("that swallows the pause and calls on has only the approved call made", async () => {
    const code = `async () => {
      for (const value of [1, 2, 3]) { try { await box.set({ name: "a", value }); } catch {} }
    }`;
    const { executions } = await approveAll(code);
    expect(made).toEqual(executions.map(({ args }) => args));
    expect(executions.map(({ args }) => args)).toEqual([1, 2, 3].map((value) => ({ name: "a", value })));
  });

  it("that is not resumed goes on to nothing when its second call is rejected", async () => {
    await inRun(async (run) => {
      run.configure({
        domain: box,
        planner: proposing(`async () => { await box.set(${A}); await box.set(${B}); }`),
      });
      run.create();
      await run.drive();
      await run.decide("approve");
      expect(await run.drive()).toMatchObject({ for: "human" });
      await run.decide("reject");
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.rounds.map(({ execution }) => execution?.status)).toEqual(["executed", "withheld"]);
      expect(made).toEqual([first]);
    });
  });

  it("gets the very result of its call, and hands it on", async () => {
    const code = `async () => { const { set } = await box.set(${A}); await box.set({ name: set + "!", value: 2 }); }`;
    const { executions } = await approveAll(code);
    expect(executions[1]?.args).toEqual({ name: "a!", value: 2 });
  });

  it("that calls without arguments has the call approved, and made, with none", async () => {
    const { executions } = await approveAll(`async () => box.ping()`);
    expect(executions).toMatchObject([{ args: {}, status: "executed", reason: "" }]);
    expect(made).toEqual([{}]);
  });

  it.each([
    ["never pauses", `async () => 1`],
    ["throws before it pauses", `async () => { throw "no"; }`],
    ["is no script", `const`],
    ["calls only what is free", `async () => box.get({ name: "a" })`],
    ["waits for ever", `async () => { await new Promise(() => {}); }`],
    ["asks for what does not fit", `async () => box.set({ name: "a", value: "one" })`],
    ["asks for what is not there", `async () => box.drop({})`],
    ["asks for a constructor", `async () => box.constructor({})`],
    ["asks for a prototype", `async () => box.__proto__({})`],
    ["asks for toString", `async () => box.toString({})`],
  ])("that %s comes to an end within five tries, and nothing was made", async (__, code) => {
    const { said, executions } = await approveAll(code, code.includes("new Promise") ? 200 : 10_000);
    expect(executions).toEqual([]);
    expect(made).toEqual([]);
    expect(said.outcome?.status).toBe("not_run");
    expect(said.outcome?.reason).toContain("ended after 5 attempts");
  });
});
