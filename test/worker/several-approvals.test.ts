// Who decides, in which role and with which key: several approvals, a reviewer other than the starter, and what they sign.
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { canonicalBytes, digestOf, toBase64 } from "../../src/receipt/index.ts";
import {
  decide,
  decided,
  deploy,
  expectNothingSigned,
  get,
  issue,
  post,
  refusalOf,
  request,
  startRun,
  tokens,
  UNKNOWN,
  verifyRun,
} from "./client.ts";
import { withVars } from "./inside.ts";

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
