// The human decides on what they saw, once, or not at all: over HTTP, on the run's own resources.
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import {
  decide,
  decided,
  expectNothingSigned,
  get,
  post,
  predicatesOf,
  receiptsOf,
  refusalOf,
  startRun,
  verifyRun,
} from "./client.ts";
import { flag, inside, stubOf, withVars } from "./inside.ts";

describe("a run", () => {
  it("shows what waits: the call, its effects, checks, plan and approvals", async () => {
    const { pending, domain } = await startRun();
    expect(domain).toBe("flags");
    expect(pending).toMatchObject({
      author: { kind: "agent", id: "switcher" },
      title: "Set new_pricing",
      connector: "flags",
      method: "set",
      args: { flag: "new_pricing", on: false },
      effects: [
        {
          resource: "flag:new_pricing",
          before: { json: true, text: null, bytes: 4 },
          after: { json: false, text: null, bytes: 5 },
        },
      ],
      checks: [
        { name: "carts priced wrong", before: { total: 4, failed: 3 }, rehearsed: { total: 4, failed: 0 } },
      ],
      plan: "would set new_pricing",
      approvals: {
        asked: [{ role: "reviewer", count: 1 }],
        given: [],
        missing: [{ role: "reviewer", count: 1 }],
      },
    });
  });

  it("is executed once approved, and its chain verifies", async () => {
    const view = await startRun();
    const done = await decided(view, "approve", { reason: "Reads well." });
    expect(done).toMatchObject({ status: "completed", due: null, outcome: { status: "resolved" } });
    expect(await flag(view.run)).toBe(false);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
    expect(await get(`/api/runs/${view.run}/gate`)).toMatchObject({ allowsCall: false, due: null });
  });

  it("changes nothing once rejected", async () => {
    const view = await startRun();
    const done = await decided(view, "reject", { reason: "Not in a freeze." });
    expect(done).toMatchObject({ status: "rejected", outcome: { status: "not_run" } });
    expect(await flag(view.run)).toBe(true);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("goes on to its script's next call, each decided by itself", async () => {
    const set = [
      { flag: "a", on: { rate: 1 } },
      { flag: "b", on: "text" },
    ];
    const first = await startRun({ set });
    const second = await decided(first, "approve");
    expect(second.pending?.args).toEqual(set[1]);
    expect(await decided(second, "approve")).toMatchObject({ status: "completed" });
    expect(await flag(first.run, "flag:b")).toBe("text");
  });

  it("that finds nothing to propose ends with the reason", async () => {
    const answer = await post("/api/runs", { alert: { set: [] } });
    expect(await answer.json()).toMatchObject({
      status: "failed",
      outcome: { status: "not_run", reason: expect.stringContaining("There is nothing to set.") },
    });
  });
});

describe("a decision", () => {
  it("that names an old proposal is 409 and signs nothing", async () => {
    const first = await startRun();
    const second = await decided(first, "request-changes", { feedback: "Say why." });
    expect(second.pending).toMatchObject({ revision: 2 });
    await expectNothingSigned(first.run, async () => {
      for (const how of ["approve", "reject", "request-changes"] as const) {
        const stale = await decide(first, how, how === "request-changes" ? { feedback: "x" } : {});
        expect(await refusalOf(stale)).toEqual([409, "ERR_DECISION_STALE"]);
      }
    });
    expect((await decided(second, "approve")).status).toBe("completed");
  });

  it("that stands already in the same words answers the run; another is 409", async () => {
    const view = await startRun();
    const done = await decided(view, "approve", { reason: "Yes." });
    await expectNothingSigned(view.run, async () => {
      expect(await decided(view, "approve", { reason: "Yes." })).toEqual(done);
      for (const [how, reason] of [
        ["approve", "Yes!"],
        ["reject", "Yes."],
      ] as const) {
        expect(await refusalOf(await decide(view, how, { reason }))).toEqual([409, "ERR_DECISION_STALE"]);
      }
    });
  });

  it.each([0, 1, 2, 3])(
    "raced by 30 others of every kind is signed once, and the losers sign nothing: round %i",
    async (round) => {
      const view = await startRun();
      // Half of the races meet an instance that has yet to load the chain.
      if (round % 2 === 1) await evictDurableObject(stubOf(view.run));
      const hows = Array.from(
        { length: 30 },
        (_, i) => (["approve", "reject", "request-changes"] as const)[(i + round) % 3] ?? "reject",
      );
      const answers = await Promise.all(
        // Each in its own words: the same words again would be the same decision.
        hows.map((how, i) =>
          decide(view, how, { [how === "request-changes" ? "feedback" : "reason"]: `${i}` }),
        ),
      );
      const won = answers.findIndex(({ status }) => status === 200);
      expect(answers.map(({ status }) => status)).toEqual(hows.map((_, i) => (i === won ? 200 : 409)));
      expect(await predicatesOf(view.run, "decision")).toMatchObject([
        { decision: hows[won]?.replace("-", "_") },
      ]);
    },
  );

  it("to request changes is refused at the policy's limit of revisions", async () => {
    const first = await withVars({ REVISIONS: "2" }, () => startRun());
    const last = await decided(first, "request-changes", { feedback: "Again." });
    await expectNothingSigned(first.run, async () => {
      const refused = await decide(last, "request-changes", { feedback: "And again." });
      expect(await refusalOf(refused)).toEqual([422, "ERR_REVISION_LIMIT"]);
    });
    expect((await decided(last, "approve")).status).toBe("completed");
  });

  it("is refused once its time is over, and the run expires", async () => {
    const view = await startRun();
    await inside(view.run, (_, instance) => {
      instance.now = () => Date.parse(view.pending?.expiresAt ?? "");
    });
    expect(await refusalOf(await decide(view, "approve"))).toEqual([409, "ERR_DECISION_LATE"]);
    await expect.poll(async () => (await receiptsOf(view.run)).status).toBe("expired");
  });

  it.each([
    ['respond-async=""', "respond-async"],
    ['wait=5, Respond-Async; foo="a, b"', "respond-async"],
    ['foo="x, respond-async, y"', null],
    ["respond-async=1", null],
  ])("reads what is preferred as RFC 7240 spells it: %s", async (prefer, applied) => {
    const answer = await post("/api/runs", {}, { prefer });
    expect([answer.status, answer.headers.get("preference-applied")]).toEqual([201, applied]);
  });

  it("answers at once where the client prefers not to wait, and the run goes on by itself", async () => {
    const view = await startRun();
    const answer = await decide(view, "approve", {}, { prefer: "respond-async" });
    expect([answer.status, answer.headers.get("preference-applied")]).toEqual([200, "respond-async"]);
    await expect.poll(async () => (await receiptsOf(view.run)).status, { timeout: 10_000 }).toBe("completed");
  });
});

describe("an edit", () => {
  const edit = (on: unknown, name = "new_pricing") => ({
    edit: { connector: "flags", method: "set", args: { flag: name, on } },
  });

  it("is proposed as it is in the reviewer's name, without words if need be, and decided like any other", async () => {
    const view = await startRun();
    const next = await decided(view, "request-changes", edit({ share: 0.5 }));
    expect(next.pending).toMatchObject({
      revision: 2,
      author: { kind: "reviewer", id: "visitor" },
      args: { flag: "new_pricing", on: { share: 0.5 } },
      title: 'Set new_pricing to {"share":0.5}',
      risk: "high",
    });
    expect(await decided(next, "approve")).toMatchObject({ status: "completed" });
    expect(await flag(view.run)).toEqual({ share: 0.5 });
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("may be 900 kB long, and no decision longer than 1 MiB", async () => {
    const view = await startRun();
    const next = await decided(view, "request-changes", edit("x".repeat(900_000)));
    expect(next.pending?.effects[0]?.after).toMatchObject({ bytes: 900_000, text: null });
    const refused = await decide(next, "request-changes", edit("x".repeat(1_100_000)));
    expect(await refusalOf(refused)).toEqual([413, "ERR_BODY_TOO_LARGE"]);
  });

  it.each([
    ["of another call", { edit: { connector: "flags", method: "get", args: {} } }, "ERR_EDIT"],
    ["that is the proposal's own", edit(false), "ERR_EDIT"],
    [
      "that its call's schema refuses",
      { edit: { connector: "flags", method: "set", args: { flag: 7 } } },
      "ERR_EDIT",
    ],
    ["without arguments", { edit: { connector: "flags" } }, "ERR_BODY_SCHEMA"],
    ["with a further member", { edit: { ...edit(true).edit, more: 1 } }, "ERR_BODY_SCHEMA"],
    ["that is none, without words", { feedback: " " }, "ERR_BODY_SCHEMA"],
  ])("%s is refused", async (_, more, code) => {
    const view = await startRun();
    await expectNothingSigned(view.run, async () => {
      expect(await refusalOf(await decide(view, "request-changes", more))).toEqual([422, code]);
    });
  });

  it("stands in no approval and no rejection", async () => {
    const view = await startRun();
    for (const how of ["approve", "reject"] as const) {
      expect((await decide(view, how, edit(true)))?.status).toBe(422);
    }
  });
});
