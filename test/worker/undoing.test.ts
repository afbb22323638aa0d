// A run's own resources after and beside a decision: somebody else's change of one, and the run that undoes an execution.
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import {
  bundleOf,
  continued,
  decided,
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
import { flag } from "./inside.ts";

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
