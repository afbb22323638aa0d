// The human decides on what they saw, once, or not at all.
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { decide, decided, kindsOf, post, receiptsOf, startRun, stubOf, verifyRun } from "./client.ts";
import { inside, startWith } from "./instances.ts";

async function codeOf(response: Response): Promise<string> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const { code }: { code: string } = await response.json();
  return code;
}

describe("a decision", () => {
  it("that names an old proposal is 409 and signs nothing", async () => {
    const first = await startRun();
    const second = await decided(first, "request-changes", { feedback: "Answer 409 instead." });
    const before = await receiptsOf(first.run);
    for (const how of ["approve", "reject", "request-changes"] as const) {
      const stale = await decide(first, how, how === "request-changes" ? { feedback: "x" } : {});
      expect(stale.status).toBe(409);
      expect(await codeOf(stale)).toBe("ERR_DECISION_STALE");
    }
    expect(await receiptsOf(first.run)).toEqual(before);
    expect((await decided(second, "approve")).status).toBe("completed");
  });

  it("that is repeated is 409, whatever it says the second time", async () => {
    const view = await startRun();
    await decided(view, "approve");
    const before = await receiptsOf(view.run);
    for (const how of ["approve", "reject"] as const) expect((await decide(view, how)).status).toBe(409);
    expect(await receiptsOf(view.run)).toEqual(before);
  });

  it("sent twice at once gives one 200", async () => {
    const view = await startRun();
    const answers = await Promise.all([decide(view, "approve"), decide(view, "approve")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await kindsOf(view.run)).filter((kind) => kind === "decision")).toHaveLength(1);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it.each(Array.from({ length: 20 }, (_, round) => round))(
    "raced by 63 others of every kind is signed once, and the losers sign nothing: round %i",
    async (round) => {
      const view = await startRun();
      // Half of the races meet an instance that has yet to load the chain.
      if (round % 2 === 1) await evictDurableObject(stubOf(view.run));
      const hows = Array.from(
        { length: 64 },
        (_, i) => (["approve", "reject", "request-changes"] as const)[(i + round) % 3] ?? "reject",
      );
      const answers = await Promise.all(
        hows.map((how) => decide(view, how, how === "request-changes" ? { feedback: "Answer 409." } : {})),
      );
      const won = answers.findIndex(({ status }) => status === 200);
      expect(answers.map(({ status }) => status)).toEqual(hows.map((_, i) => (i === won ? 200 : 409)));
      const { receipts } = await receiptsOf(view.run);
      const decisions = receipts.filter(({ kind }) => kind === "decision");
      expect(decisions.map(({ statement }) => statement.predicate)).toEqual([
        expect.objectContaining({ decision: hows[won]?.replace("-", "_") }),
      ]);
      expect((await verifyRun(view.run)).verdict).toBe(
        hows[won] === "request-changes" ? "incomplete" : "valid",
      );
    },
  );

  it("to request changes is refused at the policy's limit of revisions, and signs nothing", async () => {
    const first = await startWith({}, { revisions: 2 });
    const last = await decided(first, "request-changes", { feedback: "Answer 409." });
    const before = await receiptsOf(first.run);
    const refused = await decide(last, "request-changes", { feedback: "Answer 422." });
    expect(refused.status).toBe(422);
    expect(await codeOf(refused)).toBe("ERR_REVISION_LIMIT");
    expect(await receiptsOf(first.run)).toEqual(before);
    expect((await decided(last, "approve")).status).toBe("completed");
  });

  it("by the starter is refused where the policy wants a separate reviewer", async () => {
    const view = await startWith({}, { separateReviewer: true });
    const { proposal, preview } = view.pending ?? {};
    expect(preview).toBeDefined();
    const answer = (id: string) =>
      inside(view.run, (_, instance) => {
        const reviewer = { id, method: "test" };
        return instance.decide(
          { decision: "approve", proposal: proposal ?? "sha256:", reason: "", reviewer },
          { waitMs: 5_000 },
        );
      });
    expect(await answer("starter")).toMatchObject({ ok: false, refusal: { code: "ERR_REVIEWER" } });
    expect(await answer("somebody else")).toMatchObject({ ok: true, value: { status: "completed" } });
  });

  it.each([
    ['respond-async=""', "respond-async"],
    ['wait=5, Respond-Async; foo="a, b"', "respond-async"],
    ['foo="x, respond-async, y"', null],
    ['foo="\\", respond-async, "', null],
    ["respond-async=1", null],
  ])("reads what is preferred as RFC 7240 spells it: %s", async (prefer, applied) => {
    const answer = await post("/api/runs", {}, { prefer });
    expect([answer.status, answer.headers.get("preference-applied")]).toEqual([201, applied]);
  });

  it("answers at once where the client prefers not to wait, and the run goes on by itself", async () => {
    const view = await startRun();
    const body = { proposal: view.pending?.proposal };
    const answer = await post(`/api/runs/${view.run}/approve`, body, { prefer: "respond-async" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("preference-applied")).toBe("respond-async");
    await expect.poll(async () => (await receiptsOf(view.run)).status, { timeout: 10_000 }).toBe("completed");
  });
});
