// A planner that continues other runs: it takes up what their reviewers said, and repeats nothing that they rejected.
import { beforeAll, describe, expect, it } from "vitest";
import { earlier, type Incident, investigate, propose, tryOut } from "./incident.ts";

let incident: Incident;
beforeAll(async () => {
  incident = await investigate();
});

describe("a planner that continues a run", () => {
  const inherit = (...proposals: ReturnType<typeof earlier>[]) => ({
    inherited: { run: "run-2", outcome: "not_run" as const, checks: [], report: null, proposals },
  });
  const first = async () => tryOut(await propose(incident), incident);

  it("proposes otherwise as the reason asks, and says what it took up and what not", async () => {
    const plan = await propose(
      incident,
      inherit(earlier(await first(), "reject", "Answer 409. Buy flowers.")),
    );
    const { content } = await tryOut(plan, incident);
    expect(content).toContain("return json(409, {");
    expect(plan).toMatchObject({
      summary: expect.stringMatching(
        /“Answer 409. Buy flowers.”.*Taken up from there: answers 409.*Not taken up: “Buy flowers”/,
      ),
      // Feedback is what was said to this run's own proposal, and nothing has been.
      feedback: null,
    });
  });

  it("does not repeat what was rejected, in the run before or in any before that", async () => {
    const write = await first();
    for (const told of [
      [earlier(write, "reject")],
      [earlier(write, "reject"), earlier(write, null, "", "run-2")],
    ]) {
      expect(await propose(incident, inherit(...told))).toContain("rejected this very patch");
    }
  });

  it("keeps to what was asked for before, in order, under what is asked for now", async () => {
    const write = await first();
    const inherited = inherit(
      earlier(write, "request_changes", "Answer 409."),
      earlier(write, "request_changes", "Answer 410 instead."),
      earlier(write, "reject", "Add a metric.", "run-2"),
    );
    const plan = await propose(incident, {
      ...inherited,
      proposals: [earlier(write, "request_changes", "narrower")],
    });
    const { content } = await tryOut(plan, incident);
    for (const part of ["return json(410, {", "count(", "if (!cart)"]) expect(content).toContain(part);
  });

  it("proposes again what nobody answered", async () => {
    const write = await first();
    const plan = await propose(incident, inherit(earlier(write, null)));
    expect((await tryOut(plan, incident)).content).toBe(write.content);
    expect(plan).toMatchObject({ summary: expect.stringContaining("It continues run-2.") });
  });

  it("does not claim to have taken up what the newest words undo", async () => {
    const write = await first();
    const inherited = inherit(earlier(write, "reject", "Use 409 and add a metric."));
    const plan = await propose(incident, {
      ...inherited,
      proposals: [earlier(write, "request_changes", "Use 422, and no metric.")],
    });
    expect(plan).toMatchObject({ summary: expect.not.stringContaining("Taken up from there") });
    expect(plan).toMatchObject({ summary: expect.stringContaining("overruled") });
  });
});
