// The human decides on what they saw, once, or not at all: over HTTP, on the run's own resources.
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { canonicalBytes, digestOf, toBase64 } from "../../src/receipt/index.ts";
import {
  bundleOf,
  continued,
  decide,
  decided,
  deploy,
  expectNothingSigned,
  followRun,
  get,
  issue,
  kindsOf,
  post,
  predicatesOf,
  receiptsOf,
  refusalOf,
  request,
  startRun,
  tokens,
  UNKNOWN,
  verifyRun,
} from "./client.ts";
import { inside, stubOf, withVars } from "./inside.ts";

const flag = (run: string, name = "flag:new_pricing") =>
  inside(run, ({ own }) => own.contents().get(name) ?? null);

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

describe("several approvals", () => {
  const [owner, second, carol, dave] = ["owner-1", "owner-2", "carol", "dave"].map((id) => issue(id));
  if (!owner || !second || !carol || !dave) throw new Error("expected four people");
  const here = tokens([owner, second, carol, dave]);
  const APPROVALS = JSON.stringify([
    { role: "owner", count: 2 },
    { role: "reviewer", count: 1 },
  ]);

  const start = async () =>
    withVars({ APPROVALS, REVIEW_AUTH: "token" }, async () => {
      const answer = await here.post("/api/runs", {}, dave.bearer);
      expect(answer.status, await answer.clone().text()).toBe(201);
      return answer.json<RunView>();
    });
  const approve = (view: RunView, who: ReturnType<typeof issue>, more = {}) =>
    here.post(`/api/runs/${view.run}/approve`, { proposal: view.pending?.proposal, ...more }, who.bearer);

  it("are all waited for; who is missing is told, in the list too", async () => {
    const view = await start();
    const one: RunView = await (await approve(view, owner)).json();
    expect(one).toMatchObject({
      status: "awaiting_decision",
      pending: {
        approvals: {
          given: [{ role: "owner", reviewer: "owner-1", signed: null }],
          missing: [
            { role: "owner", count: 1 },
            { role: "reviewer", count: 1 },
          ],
        },
      },
    });
    await expect
      .poll(async () => (await get<{ runs: RunView[] }>("/api/runs?limit=1")).runs[0])
      .toMatchObject({
        run: view.run,
        given: [{ role: "owner", reviewer: "owner-1", signed: null }],
        missing: [
          { role: "owner", count: 1 },
          { role: "reviewer", count: 1 },
        ],
      });
    expect(await refusalOf(await approve(view, owner, { reason: "twice" }))).toEqual([409, "ERR_APPROVALS"]);
    expect(await refusalOf(await approve(view, carol))).toEqual([403, "ERR_ROLE"]);
    expect(await refusalOf(await approve(view, dave, { role: "owner" }))).toEqual([403, "ERR_ROLE"]);
    expect((await approve(view, carol, { role: "owner" })).status).toBe(200);
    expect(await refusalOf(await approve(view, second))).toEqual([409, "ERR_APPROVALS"]);
    const done = await approve(view, dave);
    expect(await done.json()).toMatchObject({ status: "completed" });
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("end with the first rejection, by whoever holds a role", async () => {
    const view = await start();
    await approve(view, owner);
    const body = { proposal: view.pending?.proposal, reason: "No.", role: "reviewer" };
    const done = await here.post(`/api/runs/${view.run}/reject`, body, carol.bearer);
    expect(await done.json()).toMatchObject({ status: "rejected" });
  });

  it("are not asked where everybody is the visitor: nothing is started, and the variable is named", async () => {
    const refused = await withVars({ APPROVALS }, () => post("/api/runs"));
    expect(await refused.json()).toMatchObject({
      status: 503,
      code: "ERR_POLICY_CONFIG",
      detail: expect.stringContaining("APPROVALS"),
    });
    expect(await (await deploy({ APPROVALS }).ask("/healthz")).json()).toMatchObject({
      code: "ERR_POLICY_CONFIG",
      detail: expect.stringContaining("APPROVALS"),
    });
  });
});

describe("the starter of a run, where the policy wants a separate reviewer", () => {
  const [alice, bob] = [issue("alice"), issue("bob")];
  const here = tokens([alice, bob]);

  it("may not approve it, and somebody else may", async () => {
    const vars = { SEPARATE_REVIEWER: "true", REVIEW_AUTH: "token" };
    const started = await withVars(vars, () => here.post("/api/runs", {}, alice.bearer));
    const view: RunView = await started.json();
    const body = { proposal: view.pending?.proposal };
    await expectNothingSigned(view.run, async () => {
      const refused = await here.post(`/api/runs/${view.run}/approve`, body, alice.bearer);
      expect(await refusalOf(refused)).toEqual([403, "ERR_REVIEWER"]);
    });
    expect((await here.post(`/api/runs/${view.run}/approve`, body, bob.bearer)).status).toBe(200);
  });
});

describe("the intent of a decision", () => {
  const intentOf = (run: string, query: Record<string, string>) =>
    request(`/api/runs/${run}/intent?${new URLSearchParams(query)}`);

  it("is the exact bytes that the reviewer's own key would sign", async () => {
    const { run, pending } = await startRun();
    const edit = { connector: "flags", method: "set", args: { flag: "new_pricing", on: 1 } };
    const answer = await intentOf(run, {
      decision: "request_changes",
      reason: "Rather so.",
      edit: JSON.stringify(edit),
    });
    const intent = {
      type: "countersign.decision",
      version: 2,
      issuer: "http://localhost:8787",
      run,
      proposal: pending?.proposal,
      preview: pending?.preview,
      action: pending?.action,
      edit: digestOf(canonicalBytes(edit)),
      decision: "request_changes",
      reason: "Rather so.",
      reviewer: "visitor",
      role: "reviewer",
    };
    expect(await answer.json()).toEqual({ intent, bytes: toBase64(canonicalBytes(intent)) });
  });

  it.each([
    ["without a decision", {}, [400, "ERR_QUERY"]],
    ["with a name that means nothing", { decision: "approve", colour: "red" }, [400, "ERR_QUERY"]],
    ["with an edit that is no JSON", { decision: "request_changes", edit: "{" }, [400, "ERR_QUERY"]],
    [
      "with an edit of an altered number",
      {
        decision: "request_changes",
        edit: '{"connector":"flags","method":"set","args":{"n":9007199254740993}}',
      },
      [400, "ERR_QUERY"],
    ],
    ["in a role that is not theirs", { decision: "approve", role: "owner" }, null],
  ])("%s", async (_, query, refusal) => {
    const { run } = await startRun();
    const answer = await intentOf(run, query as Record<string, string>);
    if (refusal) expect(await refusalOf(answer)).toEqual(refusal);
    else expect((await answer.json<{ intent: { role: string } }>()).intent.role).toBe("owner");
  });

  it("is refused to strangers, of an unknown run, and where no decision is due", async () => {
    const view = await startRun();
    const strange = await tokens([issue("alice")]).ask(`/api/runs/${view.run}/intent?decision=approve`);
    expect(await refusalOf(strange)).toEqual([401, "ERR_SIGN_IN_REQUIRED"]);
    expect((await intentOf(UNKNOWN, { decision: "approve" })).status).toBe(404);
    await decided(view, "reject");
    expect(await refusalOf(await intentOf(view.run, { decision: "approve" }))).toEqual([
      409,
      "ERR_DECISION_STALE",
    ]);
  });
});

describe("an assertion", () => {
  it.each([
    ["that is no assertion", { type: "ssh" }, [422, "ERR_ASSERTION"]],
    ["of no form that there is", { type: "pgp" }, [422, "ERR_BODY_SCHEMA"]],
  ])("%s signs nothing", async (_, assertion, refusal) => {
    const view = await startRun();
    await expectNothingSigned(view.run, async () => {
      expect(await refusalOf(await decide(view, "approve", { assertion }))).toEqual(refusal);
    });
  });
});

describe("somebody else's change of a resource", () => {
  const put = (run: string, name: string, content: unknown) =>
    request(`/api/runs/${run}/resources/${encodeURIComponent(name)}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ content }),
    });

  it("makes an approval of what was previewed before fail, and signs nothing itself", async () => {
    const view = await startRun();
    await expectNothingSigned(view.run, async () => {
      expect((await put(view.run, "flag:new_pricing", { share: 1 })).status).toBe(204);
    });
    expect(await flag(view.run)).toEqual({ share: 1 });
    const done = await decided(view, "approve");
    expect(done).toMatchObject({ status: "failed" });
    expect(await predicatesOf(view.run, "execution")).toMatchObject([
      { status: "failed", reason: expect.stringContaining("has changed since the proposal") },
    ]);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });

  it("elsewhere, of any name, takes nothing from the approval; null takes the resource away", async () => {
    const view = await startRun();
    expect((await put(view.run, "a/b c?%2F", "text")).status).toBe(204);
    expect(await flag(view.run, "a/b c?%2F")).toBe("text");
    expect((await put(view.run, "readme", null)).status).toBe(204);
    expect((await decided(view, "approve")).status).toBe("completed");
    const { digest } = (await get<{ receipts: { digest: string }[] }>(`/api/runs/${view.run}/receipts`))
      .receipts[7] ?? { digest: "" };
    expect(digest).toMatch(/^sha256:/);
    expect((await bundleOf(view.run)).receipts).toHaveLength(8);
  });

  it("is refused once the run has made its call, and where the domain holds no such content", async () => {
    const view = await startRun();
    expect(await refusalOf(await put(view.run, "readme", { a: 1 }))).toEqual([422, "ERR_RESOURCE"]);
    expect(await refusalOf(await put(view.run, "x".repeat(1001), "a"))).toEqual([422, "ERR_BODY_SCHEMA"]);
    expect((await put(UNKNOWN, "readme", "a")).status).toBe(404);
    await decided(view, "approve");
    expect(await refusalOf(await put(view.run, "readme", "late"))).toEqual([409, "ERR_EDIT_TOO_LATE"]);
  });
});

describe("undoing an execution", () => {
  const executionOf = async (run: string) => {
    const { receipts } = await receiptsOf(run);
    return receipts.find(({ kind }) => kind === "execution")?.digest;
  };

  it("is a run of its own, whose call swaps the effects, and is decided like any other", async () => {
    const parent = await decided(await startRun(), "approve");
    const execution = await executionOf(parent.run);
    const key = { "idempotency-key": crypto.randomUUID() };
    const started = await post(`/api/runs/${parent.run}/revert`, { execution }, key);
    expect(started.status, await started.clone().text()).toBe(201);
    const view: RunView = await started.json();
    expect(started.headers.get("location")).toBe(`/api/runs/${view.run}`);
    expect(view.pending).toMatchObject({
      author: { kind: "reviewer", id: "visitor" },
      args: { flag: "new_pricing", on: true },
      effects: [{ before: { json: false }, after: { json: true } }],
    });
    const again: RunView = await (await post(`/api/runs/${parent.run}/revert`, { execution }, key)).json();
    expect(again.run).toBe(view.run);
    expect(await decided(view, "approve")).toMatchObject({ status: "completed" });
    expect(await flag(view.run)).toBe(true);
    const { receipts } = await receiptsOf(view.run);
    expect(receipts[1]?.statement.predicate).toMatchObject({ planner: "revert", items: [] });
    expect((await followRun(view.run)).verdict).toBe("valid");
  });

  it("is refused for what was not executed, what is not there, and a run that has not ended", async () => {
    const open = await startRun();
    const execution = open.pending?.proposal;
    expect(await refusalOf(await post(`/api/runs/${open.run}/revert`, { execution }))).toEqual([
      409,
      "ERR_PARENT_UNFINISHED",
    ]);
    const { run } = await decided(open, "reject");
    for (const digest of [execution, await executionOf(run)]) {
      expect(await refusalOf(await post(`/api/runs/${run}/revert`, { execution: digest }))).toEqual([
        422,
        "ERR_NOT_REVERTIBLE",
      ]);
    }
    expect((await post(`/api/runs/${UNKNOWN}/revert`, { execution })).status).toBe(422);
    expect((await post("/api/runs/nonsense/revert", { execution })).status).toBe(404);
    expect((await post(`/api/runs/${run}/revert`, {})).status).toBe(422);
  });

  it("is a reviewer's word: a token that only starts runs may not", async () => {
    const pager = issue("pager", "start");
    const here = tokens([pager]);
    const { run } = await decided(await startRun(), "approve");
    const body = { execution: await executionOf(run) };
    expect(await refusalOf(await here.post(`/api/runs/${run}/revert`, body, pager.bearer))).toEqual([
      403,
      "ERR_MAY_NOT_DECIDE",
    ]);
    expect(here.asked).toEqual([]);
  });

  it("can itself be continued", async () => {
    const parent = await decided(await startRun(), "approve");
    const execution = await executionOf(parent.run);
    const view: RunView = await (await post(`/api/runs/${parent.run}/revert`, { execution })).json();
    await decided(view, "reject", { reason: "Keep it." });
    const next = await continued(view.run);
    expect(next.status).toBe("awaiting_decision");
    expect(await kindsOf(next.run)).toEqual(["alert", "evidence", "proposal", "preview"]);
  });
});
