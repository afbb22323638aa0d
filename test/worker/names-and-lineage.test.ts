// A deployment's former names, and runs that continue others.
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import {
  bundleOf,
  continued,
  decided,
  deploy,
  followRun,
  get,
  ISSUER,
  lineageOf,
  post,
  receiptsOf,
  refusalOf,
  rejectedFor,
  request,
  startRun,
} from "./client.ts";
import { otherFlags } from "./flags.ts";
import { inside, stubOf, within, withVars } from "./inside.ts";

describe("a name of the deployment", () => {
  const NEW = "https://new.example";
  const RENAMED = { ISSUER: NEW };
  const LISTED = { ISSUER: NEW, FORMER_ISSUERS: JSON.stringify([ISSUER]) };

  it("that is not listed opens no run, and says so apart from corruption; listed, it goes on", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const view = await startRun();
    await evictDurableObject(stubOf(view.run));
    await withVars(RENAMED, async () => {
      expect(await refusalOf(await request(`/api/runs/${view.run}`))).toEqual([503, "ERR_ISSUER_UNLISTED"]);
      expect(await get(`/api/runs/${view.run}/gate`)).toMatchObject({ verified: false });
      expect((await bundleOf(view.run)).receipts).toHaveLength(4);
    });
    await evictDurableObject(stubOf(view.run));
    await withVars(LISTED, async () => {
      const done = await decided(view, "approve");
      expect(done).toMatchObject({
        status: "completed",
        links: { trust: `/.well-known/countersign.json?issuer=${encodeURIComponent(ISSUER)}` },
      });
    });
    const health = await deploy(RENAMED).ask("/healthz");
    expect(await health.json()).toMatchObject({
      code: "ERR_ISSUER_UNLISTED",
      detail: expect.stringContaining(JSON.stringify(ISSUER)),
    });
  });

  it("has a trust policy of its own while it is listed, and none otherwise", async () => {
    const path = `/.well-known/countersign.json?issuer=${encodeURIComponent(ISSUER)}`;
    const former: { issuer: string; reviewers: object[] } = await (await deploy(LISTED).ask(path)).json();
    expect(former.issuer).toBe(ISSUER);
    expect(former.reviewers).toHaveLength(3);
    expect(await refusalOf(await deploy(RENAMED).ask(path))).toEqual([404, "ERR_NOT_FOUND"]);
  });

  it("that was left can be continued under the new one, which is noted there", async () => {
    const { run } = await rejectedFor("Say why.");
    const bundle = JSON.stringify(await bundleOf(run));
    const start = (vars: Record<string, string>) =>
      withVars(vars, () =>
        request("/api/runs", {
          method: "POST",
          body: bundle,
          headers: { "content-type": "application/vnd.countersign.bundle+json;version=2" },
        }),
      );
    expect(await refusalOf(await start(RENAMED))).toEqual([422, "ERR_PARENT_ISSUER"]);
    const started = await start(LISTED);
    const child: RunView = await started.json();
    expect(child).toMatchObject({ status: "awaiting_decision" });
    await expect.poll(async () => (await lineageOf(run)).continuedBy).toMatchObject([{ run: child.run }]);
  });

  it.each([
    ["no JSON", "https://old.example"],
    ["no text", "[1]"],
    ["a name too long", JSON.stringify(["x".repeat(301)])],
  ])("FORMER_ISSUERS that holds %s stops the deployment and is named", async (_, FORMER_ISSUERS) => {
    expect(await (await deploy({ FORMER_ISSUERS }).ask("/healthz")).json()).toMatchObject({
      code: "ERR_FORMER_ISSUERS",
      detail: expect.stringContaining("FORMER_ISSUERS"),
    });
  });
});

describe("a run that continues another", () => {
  it("binds its handoff, starts from its resources, and verifies across both", async () => {
    const parent = await decided(await startRun(), "approve");
    const child = await continued(parent.run, { set: [{ flag: "old_pricing", on: true }] });
    expect(child).toMatchObject({ status: "awaiting_decision" });
    const resources = (run: string) => inside(run, ({ own }) => Object.fromEntries(own.contents()));
    expect(await resources(child.run)).toEqual(await resources(parent.run));
    const { receipts } = await receiptsOf(child.run);
    expect(receipts[0]?.statement.predicate).toMatchObject({
      source: "handoff",
      title: "Carts are priced wrong",
      continues: { run: parent.run, handoff: parent.head },
    });
    expect(receipts[1]?.statement.predicate).toMatchObject({
      summary: expect.stringContaining(`Continues ${parent.run}.`),
    });
    await decided(child, "approve");
    const { verdict, runs } = await followRun(child.run);
    expect([verdict, runs.map(({ report }) => report.run)]).toEqual(["valid", [child.run, parent.run]]);
    await expect
      .poll(() => lineageOf(parent.run))
      .toMatchObject({ ancestors: [], continuedBy: [{ run: child.run }] });
    expect((await lineageOf(child.run)).ancestors).toEqual([
      { run: parent.run, issuer: ISSUER, handoff: parent.head },
    ]);
  });

  it("knows what was rejected there", async () => {
    const child = await continued((await rejectedFor("")).run);
    expect(child).toMatchObject({ status: "failed", outcome: { status: "not_run" } });
    expect(child.outcome?.reason).toContain("A reviewer has rejected this");
    expect((await followRun(child.run)).verdict).toBe("valid");
  });

  it("whose resources somebody changes meanwhile is not its lawful continuation", async () => {
    const child = await continued((await decided(await startRun(), "approve")).run, {
      set: [{ flag: "old_pricing", on: true }],
    });
    await stubOf(child.run).putResource("flag:old_pricing", "edited");
    const done = await decided(child, "request-changes", { feedback: "Look again." });
    await decided(done, "approve");
    const { verdict, runs } = await followRun(child.run);
    expect(verdict).toBe("invalid");
    expect(runs[0]?.report.checks.filter(({ ok }) => !ok)).toMatchObject([{ code: "ERR_PARENT_RESOURCES" }]);
  });

  it.each<[string, () => Promise<unknown>, [number, string]]>([
    ["is not there", async () => ({ continues: { run: nameRun(null) } }), [422, "ERR_PARENT_UNKNOWN"]],
    [
      "has not ended",
      async () => ({ continues: { run: (await startRun()).run } }),
      [409, "ERR_PARENT_UNFINISHED"],
    ],
    [
      "has no name that a run can have",
      async () => ({ continues: { run: "no/name" } }),
      [422, "ERR_BODY_SCHEMA"],
    ],
  ])("that %s is begun in none", async (_, body, refusal) => {
    const key = crypto.randomUUID();
    const refused = await post("/api/runs", await body(), { "idempotency-key": key });
    expect(await refusalOf(refused)).toEqual(refusal);
    const run = nameRun(JSON.stringify(["open", "visitor", key]));
    expect((await request(`/api/runs/${run}`)).status).toBe(404);
  });

  it("of another domain is refused", async () => {
    const run = nameRun(null);
    const at = new Date().toISOString();
    await within(run, async (instance) => {
      instance.domain = otherFlags;
      const asked = `sha256:${"0".repeat(64)}` as const;
      const startedBy = { id: "starter", method: "test" };
      const view = await instance.start(
        run,
        { alert: {}, startedBy, createdAt: at, asked },
        { waitMs: 10_000 },
      );
      if (!view.ok) throw new Error(view.refusal.message);
    });
    await decided(await get(`/api/runs/${run}`), "reject");
    expect(await refusalOf(await post("/api/runs", { continues: { run } }))).toEqual([
      422,
      "ERR_PARENT_DOMAIN",
    ]);
  });

  it("is begun once for one key, and the key with another parent is refused", async () => {
    const { run } = await rejectedFor("Say why.");
    const headers = { "idempotency-key": crypto.randomUUID() };
    const answers = await Promise.all(
      [1, 2, 3].map(() => post("/api/runs", { continues: { run } }, headers)),
    );
    const views = await Promise.all(answers.map((answer) => answer.json<RunView>()));
    expect(new Set(views.map((view) => view.run)).size).toBe(1);
    const other = await post("/api/runs", { continues: { run: (await rejectedFor("No.")).run } }, headers);
    expect(await refusalOf(other)).toEqual([422, "ERR_IDEMPOTENCY_KEY_REUSED"]);
  });
});
