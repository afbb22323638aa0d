// Planners that throw, hang, lie or answer nonsense: the run ends within five tries, with the reason, and its chain verifies.
import { describe, expect, it } from "vitest";
import type { Planner, PlannerAnswer, Situation } from "../../src/domain/index.ts";
import { ownFlags, switcher } from "./flag-domains.ts";
import { inRun, runApproved, verified } from "./in-run.ts";

const OFF = `async () => flags.set({ flag: "new_pricing", on: false })`;
const proposal = { code: OFF, title: "Off", summary: "", risk: "low", feedback: null };

/** A planner that answers whatever it is told to, in a form that its type would forbid. */
function answering(next: (situation: Situation) => unknown, id: unknown = "odd"): Planner {
  return { id: id as string, next: (situation) => next(situation) as PlannerAnswer };
}

const cyclic: Record<string, unknown> = {};
cyclic.investigate = cyclic;

describe("a planner", () => {
  it.each<[what: string, next: (situation: Situation) => unknown, reason: string]>([
    [
      "that throws",
      () => {
        throw new Error("out of tokens");
      },
      "out of tokens",
    ],
    [
      "that throws an empty text",
      () => {
        throw "";
      },
      "an empty text was thrown",
    ],
    [
      "that throws undefined",
      () => {
        throw undefined;
      },
      "undefined was thrown",
    ],
    ["that rejects", () => Promise.reject(new Error("503 from the model")), "503 from the model"],
    ["that hangs", () => new Promise(() => {}), "did not answer within"],
    ["that answers nothing", () => undefined, "expected {investigate}, {propose} or {stop}"],
    ["that answers null", () => null, "expected {investigate}, {propose} or {stop}"],
    ["that answers a text", () => "propose it", "expected {investigate}, {propose} or {stop}"],
    ["that answers a list", () => [{ stop: "x" }], "expected {investigate}, {propose} or {stop}"],
    ["that answers two things", () => ({ stop: "x", investigate: "async () => 1" }), "expected"],
    ["that answers a cycle", () => cyclic, "expected"],
    [
      "that answers an accessor that throws",
      () => ({
        get stop() {
          throw new Error("gotcha");
        },
      }),
      "gotcha",
    ],
    ["that answers an empty script", () => ({ investigate: "" }), "expected"],
    ["that answers a script that is a number", () => ({ investigate: 4 }), "expected"],
    ["that answers an empty reason", () => ({ stop: "" }), "expected"],
    ["that answers a proposal without a title", () => ({ propose: { ...proposal, title: "" } }), "title"],
    ["that answers a title of 121", () => ({ propose: { ...proposal, title: "x".repeat(121) } }), "title"],
    ["that answers a risk of its own", () => ({ propose: { ...proposal, risk: "none" } }), "risk"],
    [
      "that answers feedback in the reviewer's place",
      () => ({ propose: { ...proposal, feedback: { text: "fine", applied: [], notApplied: [] } } }),
      "feedback",
    ],
    [
      "that claims an execution",
      () => ({ propose: { ...proposal, execution: { id: "x", seq: 1 } } }),
      "expected",
    ],
    [
      "that proposes a free call",
      () => ({ propose: { ...proposal, code: `async () => flags.get({ flag: "a" })` } }),
      "without asking for a gated call",
    ],
    [
      "that proposes nonsense",
      () => ({ propose: { ...proposal, code: "}" } }),
      "The script is not JavaScript that can run",
    ],
  ])("%s ends the run within five tries, and the reason says so", async (_, next, reason) => {
    let asked = 0;
    const counted = answering((situation) => {
      asked += 1;
      return next(situation);
    });
    const said = await runApproved({ domain: ownFlags, planner: counted, patience: { planner: 50 } });
    expect(said.outcome?.status).toBe("not_run");
    expect(said.outcome?.reason).toContain("ended after 5 attempts");
    expect(said.outcome?.reason).toContain(reason);
    expect(asked).toBeGreaterThanOrEqual(5);
    expect(asked).toBeLessThanOrEqual(6);
    expect(said.rounds).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["empty", ""],
    ["too long", "x".repeat(201)],
    ["no text", 7],
    ["missing", undefined],
    ["half a character", "\ud800"],
  ])("whose id is %s ends the run, and the reason says so", async (_, id) => {
    const planner = { ...answering(() => ({ stop: "x" })), id: id as string };
    const said = await runApproved({ domain: ownFlags, planner });
    expect(said.outcome?.reason).toContain("expected its id to be a text of 1 to 200 characters");
  });

  it("that cannot be made ends the run, and the reason says so", async () => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags });
      Object.defineProperty(run, "planner", {
        get() {
          throw new Error("no API key");
        },
      });
      run.create();
      expect(await run.drive()).toEqual({ for: "end" });
      expect((await verified(run)).outcome?.reason).toContain("no API key");
    });
  });

  it("that investigates for ever is stopped at ten investigations in a row", async () => {
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: answering(() => ({ investigate: "async () => ({})" })) });
      run.create();
      expect(await run.drive()).toEqual({ for: "end" });
      const said = await verified(run);
      expect(said.outcome?.reason).toContain("investigated 10 times in a row");
      expect((await run.engine()).context.chain.all("evidence")).toHaveLength(10);
    });
  });

  it("that changes its id between evidence and proposal proposes under the one it investigated with", async () => {
    let asked = 0;
    const liar: Planner = {
      get id() {
        return asked < 2 ? "first" : "second";
      },
      next: () =>
        ++asked === 1 ? { investigate: "async () => ({})" } : ({ propose: proposal } as PlannerAnswer),
    };
    const said = await runApproved({ domain: ownFlags, planner: liar });
    expect(said.rounds[0]?.execution?.status).toBe("executed");
  });

  it("that changes what it was told changes nothing", async () => {
    const meddler: Planner = {
      id: "meddler",
      next: (situation, asking) => {
        Object.assign(situation.alert, { title: "All is well" });
        for (const { action } of situation.proposals) Object.assign(action.args ?? {}, { on: true });
        return switcher.next(situation, asking);
      },
    };
    await inRun(async (run) => {
      run.configure({ domain: ownFlags, planner: meddler });
      run.create();
      await run.drive();
      await run.decide("request_changes", { reason: "again" });
      await run.drive();
      await run.decide("approve");
      await run.drive();
      const said = await verified(run);
      expect(said.rounds.map(({ action }) => action.args)).toEqual(
        Array(2).fill({ flag: "new_pricing", on: false }),
      );
      expect((await run.engine()).context.request.alert.title).toBe("Something is wrong");
      const { state } = (await run.engine()).context.chain;
      expect(state.round?.before?.action.args).toEqual({ flag: "new_pricing", on: false });
    });
  });

  it("is told why its last attempt came to nothing", async () => {
    const told: (string | null)[] = [];
    const learner = answering(({ lastFailure }) => {
      told.push(lastFailure);
      return lastFailure === null ? { investigate: 0 } : { stop: "understood" };
    });
    const said = await runApproved({ domain: ownFlags, planner: learner });
    expect(told[1]).toContain("investigate");
    expect(said.outcome?.reason).toBe("The agent proposes nothing: “understood”");
  });

  it("that proposes at once is given an evidence of nothing", async () => {
    const said = await runApproved({ domain: ownFlags, planner: answering(() => ({ propose: proposal })) });
    expect(said.rounds[0]?.execution?.status).toBe("executed");
  });

  it("that stops after a request for changes ends the run with its reason", async () => {
    await inRun(async (run) => {
      run.configure({
        domain: ownFlags,
        planner: answering(({ proposals }) =>
          proposals.length === 0 ? { propose: proposal } : { stop: "I see" },
        ),
      });
      run.create();
      await run.drive();
      await run.decide("request_changes", { reason: "no" });
      expect(await run.drive()).toEqual({ for: "end" });
      expect((await verified(run)).outcome?.reason).toContain("I see");
    });
  });
});
