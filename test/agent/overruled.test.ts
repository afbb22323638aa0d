// "Applied" is said of what the proposed code shows, and of nothing that a later wish has undone.
import { beforeAll, describe, expect, it } from "vitest";
import { deterministicPlanner as planner } from "../../src/agent/deterministic-planner.ts";
import { ALERT, earlierOf, type Incident, investigate, proposed, tryOut } from "./incident.ts";

let incident: Incident;

beforeAll(async () => {
  incident = await investigate(planner);
});

async function propose(feedback: string, before = "") {
  const first = await tryOut(await planner.propose(asked(null)), incident);
  const tried = [{ ...earlierOf(first, "reject", before), run: "run-1", status: "withheld" as const }];
  const tally = { requests: 32, failed: 6, good: 16, goodFailed: 0 };
  const stillFailing = { tally, requests: [] };
  const handedOn =
    before === "" ? null : ({ run: "run-1", outcome: "not_run", stillFailing, tried } as const);
  return proposed(await planner.propose({ ...asked(feedback), handedOn }));
}

const asked = (feedback: string | null) => ({
  alert: ALERT,
  evidence: incident.evidence,
  feedback,
  earlier: [],
});

describe("of wishes that undo one another", () => {
  it.each([
    ["Use 409. Actually, go back to the first version.", /409/, /first version/],
    ["Use the error code `cart_gone`. Use the error code `cart_lost`.", /cart_gone/, /cart_lost/],
    [
      'Answer with the message "Your cart has expired". Answer with the message "Please start again".',
      /has expired/,
      /start again/,
    ],
    ["Make it narrower. Make it wider.", /narrower/, /wider/],
    ["Add a metric. Do not add a metric.", /^counts/, /no longer counts|without a metric/],
    ["Add a comment. Remove the comment.", /^has a comment/, /no longer has a comment|without a comment/],
    ["Count it as `a.b`. Count it as `c.d`.", /a\.b/, /c\.d/],
    ["Add a Retry-After header of 30. Set Retry-After: 60.", /: 30/, /: 60/],
  ])(
    "only what stands is told as applied, and the other as overruled: %s",
    async (feedback, gone, stands) => {
      const { feedback: answer } = await propose(feedback);
      expect(answer?.applied.filter((claim) => gone.test(claim))).toEqual([]);
      expect(answer?.applied.filter((claim) => stands.test(claim))).toHaveLength(1);
      expect(answer?.notApplied).toEqual([expect.stringContaining("overruled by what was asked after it")]);
    },
  );

  it("a counter that nobody named is told by the name that it has in the end", async () => {
    const { feedback: answer, code } = await propose("Add a metric. Use the error code `cart_gone`.");
    expect(answer?.applied).toContain("counts these answers as checkout.cart_gone");
    expect(answer?.notApplied).toEqual([]);
    expect(code).toContain("checkout.cart_gone");
  });

  it("what an earlier run's reviewer asked for is not told as taken up where the newest words undo it", async () => {
    const { summary } = await propose("Use 422, and no metric.", "Use 409 and add a metric.");
    expect(summary).not.toMatch(/Taken up from there/);
    expect(summary).toContain("overruled");
  });
});

describe("a header that every answer has", () => {
  it("is not told as left out", async () => {
    const { feedback: answer } = await propose("Remove the x-content-type-options header.");
    expect(answer).toMatchObject({ applied: [], notApplied: [expect.stringContaining("with every answer")] });
  });
});
