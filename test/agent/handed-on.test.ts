// A planner that continues other runs: it takes up what their reviewers said, and repeats nothing that they rejected.
import { beforeAll, describe, expect, it } from "vitest";
import { deterministicPlanner as planner } from "../../src/agent/deterministic-planner.ts";
import type { HandedOn, Plan, TriedProposal } from "../../src/agent/planner.ts";
import { ALERT, earlierOf, type Incident, investigate, proposed, tryOut, type Write } from "./incident.ts";

let incident: Incident;
let first: Write;

beforeAll(async () => {
  incident = await investigate(planner);
  first = await tryOut(await propose(null), incident);
});

async function propose(handedOn: HandedOn | null, feedback: string | null = null): Promise<Plan> {
  return planner.propose({ alert: ALERT, evidence: incident.evidence, feedback, earlier: [], handedOn });
}

const tried = (
  run: string,
  write: Write,
  decision: TriedProposal["decision"],
  reason = "",
): TriedProposal => ({
  ...earlierOf(write, decision, reason),
  run,
  status: "withheld",
});

function handedOn(...proposals: TriedProposal[]): HandedOn {
  const tally = { requests: 32, failed: 6, good: 16, goodFailed: 0 };
  return {
    run: proposals.at(-1)?.run ?? "run-0",
    outcome: "not_run",
    stillFailing: { tally, requests: [] },
    tried: proposals,
  };
}

describe("a planner that continues a run", () => {
  it("proposes otherwise as the reason asks, and says what it took up and what not", async () => {
    const plan = await propose(handedOn(tried("run-1", first, "reject", "Answer 409. Buy flowers.")));
    const { content, after } = await tryOut(plan, incident);
    expect(content).toContain("return json(409, {");
    expect(after.tally).toMatchObject({ failed: 0, goodFailed: 0 });
    const { summary, feedback } = proposed(plan);
    expect(summary).toContain("A reviewer rejected the proposal of run-1: “Answer 409. Buy flowers.”");
    expect(summary).toContain("Taken up from there: answers 409");
    expect(summary).toContain("Not taken up: “Buy flowers”");
    // Feedback is what was said to this run's own proposal, and nothing has been.
    expect(feedback).toBeNull();
  });

  it("does not repeat what was rejected, in the run before or in any before that", async () => {
    for (const runs of [
      [tried("run-1", first, "reject")],
      [tried("run-1", first, "reject"), tried("run-2", first, null)],
    ]) {
      expect(await propose(handedOn(...runs))).toEqual({
        propose: false,
        reason: expect.stringContaining("has rejected this very patch"),
      });
    }
  });

  it("comes back to it when the reviewer has changed their mind, and says what it took up", async () => {
    const plan = await propose(
      handedOn(tried("run-1", first, "reject", "Answer 409.")),
      "No, 400 after all.",
    );
    expect((await tryOut(plan, incident)).content).toBe(first.content);
    expect(proposed(plan).feedback?.applied).toEqual(["answers 400 instead of 409"]);
  });

  describe("after a rejection that asked for 409, and one of that", () => {
    const words = [
      "400 was right after all",
      "Sorry, 400 was right after all, not 409.",
      "I was wrong, 400 is right.",
      "I changed my mind, 400 was right.",
      "409 was wrong after all.",
      "Undo the 409.",
      "Bad request was right after all.",
      "Back to 400, please.",
      "Go back to the first version.",
      "The first version was right after all.",
      "The original patch was better.",
      "Use your first proposal.",
      "You were right the first time.",
    ];

    async function second(): Promise<Write> {
      return tryOut(await propose(handedOn(tried("run-1", first, "reject", "Answer 409."))), incident);
    }

    it.each(words)("goes back, in that run and in every one to come: %s", async (reason) => {
      const before = [
        tried("run-1", first, "reject", "Answer 409."),
        tried("run-2", await second(), "reject", reason),
      ];
      const later = [tried("run-3", first, null), tried("run-4", first, null)];
      for (const more of [0, 1, 2]) {
        const plan = await propose(handedOn(...before, ...later.slice(0, more)));
        expect((await tryOut(plan, incident)).content).toBe(first.content);
        expect(proposed(plan).summary).not.toContain("not understood");
      }
    });

    it("does not go back without such words, nor once more when that is rejected as well", async () => {
      const [one, two] = [first, await second()];
      for (const reason of ["", "No.", "Buy flowers."]) {
        const plan = await propose(
          handedOn(tried("run-1", one, "reject", "Answer 409."), tried("run-2", two, "reject", reason)),
        );
        expect(plan).toMatchObject({
          propose: false,
          reason: expect.stringContaining("rejected this very patch"),
        });
      }
      const back = [
        tried("run-1", one, "reject", "Answer 409."),
        tried("run-2", two, "reject", "400 was right after all."),
      ];
      for (const reason of ["", "400 was right after all.", "Buy flowers."]) {
        const plan = await propose(handedOn(...back, tried("run-3", one, "reject", reason)));
        expect(plan).toMatchObject({
          propose: false,
          reason: expect.stringContaining("rejected this very patch"),
        });
      }
      const third = await propose(handedOn(...back, tried("run-3", one, "reject", "Answer 410.")));
      expect((await tryOut(third, incident)).content).toContain("return json(410, {");
    });
  });

  it("keeps to what was asked for before it was rejected, in order", async () => {
    const plan = await propose(
      handedOn(
        tried("run-1", first, "request_changes", "Answer 409."),
        tried("run-1", first, "request_changes", "Answer 410 instead."),
        tried("run-2", first, "reject", "Add a metric."),
      ),
    );
    const { content } = await tryOut(plan, incident);
    expect(content).toContain("return json(410, {");
    expect(content).toMatch(/count\(/);
  });

  it("proposes again what nobody answered", async () => {
    const plan = await propose(handedOn(tried("run-1", first, null)));
    expect((await tryOut(plan, incident)).content).toBe(first.content);
    expect(proposed(plan).summary).toContain("It continues run-1.");
  });

  it("says in its evidence where it starts from", async () => {
    const { code } = await planner.investigate(ALERT, handedOn(tried("run-1", first, "reject")));
    expect(await incident.run(code)).toMatchObject({
      summary: expect.stringContaining(
        "Continues run-1, which ended with nothing written, 6 of 32 requests failing; 1 proposal so far, 1 rejected.",
      ),
    });
  });

  it("takes hostile words of another deployment's reviewer as words", async () => {
    const reason = '`"; globalThis.escaped = true; // \u2028*/';
    const plan = await propose(handedOn(tried("run-1", first, "reject", `${reason} Answer 409.`)));
    const { content } = await tryOut(plan, incident);
    expect(content).toContain("return json(409, {");
    expect("escaped" in globalThis).toBe(false);
    expect(proposed(plan).summary.length).toBeLessThanOrEqual(1500);
    await tryOut(
      await propose(handedOn(tried("x".repeat(64), first, "reject", `${"9".repeat(1900)} Answer 409.`))),
      incident,
    );
  });
});
