// The first line of a run's page, and the words of a link to it: what every ending says, and that none says more than the receipts do.
import { describe, expect, it } from "vitest";
import { describeStatus, statusWords } from "../../src/view/status-words.ts";
import { SCENES } from "./scenes.ts";
import { measured, story } from "./stories.ts";

const said = (name: string) => {
  const make = SCENES[name];
  if (!make) throw new Error(`expected a scene ${name}`);
  const { title, sentence } = statusWords(make());
  return `${title} ${sentence}`.trim();
};

describe("the first line of an ended run", () => {
  it.each([
    ["fixed", "Fixed. Requests that failed: 6 → 0 of 32."],
    ["worse", "Worse. Requests that failed: 6 → 32 of 32. Valid checkouts that failed: 0 → 16 of 16."],
    ["better", "Better, not fixed. Requests that failed: 6 → 2 of 32."],
    ["same", "No better. Requests that failed: 6 of 32, as before."],
    ["unmeasured", "Done, not measured. What came of it could not be measured: no answer in 30 s."],
    ["rejected", "Rejected by alice: not in a freeze. Nothing was changed."],
    ["expired", "Expired. Nobody decided before 08:52. Nothing was changed."],
    ["not-done", "Not done. file:src/checkout.js has changed since the proposal. Nothing was changed."],
    ["unknown", "It may or may not have happened. The call was sent, and no answer came within 600 s."],
    ["nothing", "Nothing proposed. No file in evidence reads “items” where a guard could answer."],
    [
      "sent-back",
      "Sent back, and no new proposal. The agent understood none of the words. Nothing was changed.",
    ],
  ])("of %s", (name, words) => {
    expect(said(name)).toBe(words);
  });

  it("has a picture of its own for every ending", () => {
    const ended = Object.values(SCENES).map((make) => statusWords(make()).picture);
    const pictures = ended.filter((picture) => picture !== null);
    expect(new Set(pictures).size).toBe(pictures.length - 1);
  });

  it("says that an earlier call stands where the last one was rejected", () => {
    const approved = {
      decisions: [{ decision: "approve" as const }],
      execution: { status: "executed" as const },
    };
    const rejected = { decisions: [{ decision: "reject" as const }], execution: {} };
    const words = statusWords(
      story({
        rounds: [approved, rejected],
        status: "rejected",
        outcome: { status: "unresolved", checks: measured(2, 0) },
      }),
    );
    expect(words.sentence).toContain("An earlier approved call of this run stands.");
    expect(words.sentence).toContain("6 → 2 of 32");
  });

  it("does not call it fixed where one check of two was not measured", () => {
    const rounds = [
      { decisions: [{ decision: "approve" as const }], execution: { status: "executed" as const } },
    ];
    const words = statusWords(
      story({ rounds, outcome: { status: "unmeasured", checks: measured(0, null) } }),
    );
    expect(words.title).toBe("Done, not measured.");
  });
});

describe("the description of a link", () => {
  it("says what is asked, or what came of it, and spells out what would reorder it", () => {
    expect(describeStatus(story())).toBe(
      "Decision needed: Answer 400 when a session has no cart. Alert: Checkout is answering 5xx.",
    );
    expect(describeStatus(story({ rounds: [{ title: "Delete\u202Etxt.exe" }] }))).toContain(
      "DeleteU+202Etxt.exe",
    );
    expect(describeStatus(SCENES.rejected?.() ?? story())).toMatch(/^Rejected by alice: not in a freeze\./);
  });
});
