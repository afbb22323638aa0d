// What becomes of runs over time: runs that cannot be opened, stores of older builds, restarts, the list, sockets.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { decide as sign } from "../../src/engine/index.ts";
import type { Firing, ListedRun } from "../../src/host/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import {
  bundleOf,
  decide,
  decided,
  get,
  ISSUER,
  post,
  receiptsOf,
  refusalOf,
  rejectedFor,
  request,
  startRun,
  verifyRun,
} from "./client.ts";
import {
  alarmOf,
  breakIndex,
  change,
  DAMAGE,
  DAY,
  emptyIndex,
  indexStub,
  inIndex,
  inside,
  listedAs,
  mendIndex,
  stubOf,
  within,
  withVars,
} from "./inside.ts";

const wake = (run: string) => runDurableObjectAlarm(stubOf(run));
const listed = async (run: string) => (await listedAs(run)) !== null;
const list = async (query = "") => (await get<{ runs: ListedRun[] }>(`/api/runs${query}`)).runs;
const waiting = async () => (await list("?status=awaiting_decision")).map(({ run }) => run);

describe("a run that cannot be opened", () => {
  it.each([
    ["whose chain does not verify", `${DAMAGE} WHERE seq = 2`, false],
    ["whose request cannot be read", "UPDATE request SET body = 'nothing of ours'", true],
  ])("%s is listed as that, waits for nobody, and is handed out as evidence", async (_, sql, verified) => {
    vi.spyOn(console, "error").mockReturnValue();
    await emptyIndex();
    const broken = await startRun({ title: "The broken one" });
    const sound = await startRun();
    await expect.poll(waiting).toEqual([sound.run, broken.run]);
    await change(broken.run, sql);
    await wake(broken.run);
    await expect.poll(waiting).toEqual([sound.run]);
    expect((await list()).find(({ run }) => run === broken.run)).toMatchObject({
      ...{ status: "failed", expiresAt: null, outcome: null, missing: [], unopenable: "ERR_CHAIN_CORRUPT" },
      alert: "The broken one",
    });
    expect(await refusalOf(await request(`/api/runs/${broken.run}`))).toEqual([500, "ERR_CHAIN_CORRUPT"]);
    expect(await get(`/api/runs/${broken.run}/gate`)).toMatchObject({ verified, allowsCall: false });
    expect((await bundleOf(broken.run)).receipts).toHaveLength(4);
    expect((await alarmOf(broken.run)) ?? 0).toBeGreaterThan(Date.now() + 3_600_000);
    const note = { kind: "alert_resolved", at: new Date().toISOString(), by: "grafana" } as const;
    expect(await stubOf(broken.run).note(note)).toMatchObject({ ok: true });
  });

  it("for want of a secret comes back soon, and waits again as soon as it can be opened", async () => {
    await emptyIndex();
    const { run } = await startRun();
    await evictDurableObject(stubOf(run));
    await withVars({ AGENT_SIGNING_KEY: "" }, async () => {
      expect(await refusalOf(await request(`/api/runs/${run}`))).toEqual([503, "ERR_KEY_MISSING"]);
      await expect.poll(() => listedAs(run)).toMatchObject({ unopenable: "ERR_KEY_MISSING" });
    });
    expect(await waiting()).toEqual([]);
    await evictDurableObject(stubOf(run));
    expect((await alarmOf(run)) ?? 0).toBeLessThan(Date.now() + 600_000);
    await wake(run);
    await expect.poll(waiting).toEqual([run]);
    expect(await listedAs(run)).not.toHaveProperty("unopenable");
  });

  it("cannot be continued: the refusal names the receipt", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const { run } = await rejectedFor("No.");
    await change(run, `${DAMAGE} WHERE seq = 4`);
    const refused = await post("/api/runs", { continues: { run } });
    expect(await refused.json()).toMatchObject({
      code: "ERR_PARENT_INVALID",
      status: 422,
      detail: expect.stringContaining("receipt 4: ERR_"),
      findings: [{ run, seq: 4, code: expect.stringMatching(/^ERR_/) }],
    });
  });
});

describe("a run that an older build stored", () => {
  const VERSION_1 = "CREATE TABLE request (id INTEGER PRIMARY KEY, run TEXT, body TEXT)";

  it.each([
    ["version 1, which had no such table", VERSION_1],
    ["a version that is yet to come", "CREATE TABLE schema (version INTEGER); INSERT INTO schema VALUES (3)"],
  ])(
    "is 410 under its address and starts no second time, its alarm ends, and the list drops it: %s",
    async (_, sql) => {
      const headers = { "idempotency-key": crypto.randomUUID() };
      const run = nameRun(JSON.stringify(["open", "visitor", headers["idempotency-key"]]));
      const like = await startRun();
      await expect.poll(() => listed(like.run)).toBe(true);
      const entry = await listedAs(like.run);
      if (entry) await indexStub().report({ ...entry, run }, ISSUER);
      await within(run, async (_, { storage }) => {
        storage.sql.exec(sql);
        await storage.setAlarm(Date.now() + DAY);
      });
      await evictDurableObject(stubOf(run));
      const api = `/api/runs/${run}`;
      for (const path of ["", "/receipts", "/bundle", "/gate", "/lineage"]) {
        expect([path, ...(await refusalOf(await request(`${api}${path}`)))]).toEqual([
          path,
          410,
          "ERR_RUN_VERSION",
        ]);
      }
      expect(await refusalOf(await post("/api/runs", {}, headers))).toEqual([410, "ERR_RUN_VERSION"]);
      expect(await refusalOf(await post("/api/runs", { continues: { run } }))).toEqual([
        410,
        "ERR_RUN_VERSION",
      ]);
      await wake(run);
      await expect.poll(() => listed(run)).toBe(false);
      expect(await alarmOf(run)).toBeNull();
    },
  );
});

describe("a restart", () => {
  it("after the approval executes it once, and says so", async () => {
    const view = await startRun();
    // The decision is signed in one instance; what would carry it out goes with it.
    await inside(view.run, async (context) => {
      const reviewer = { id: "visitor", method: "open" };
      const proposal = view.pending?.proposal ?? "sha256:";
      const signed = await sign(context, { decision: "approve", proposal, reason: "", reviewer });
      expect(signed.ok).toBe(true);
    });
    await evictDurableObject(stubOf(view.run));
    await wake(view.run);
    await expect.poll(async () => (await receiptsOf(view.run)).status).toBe("completed");
    const { receipts } = await receiptsOf(view.run);
    const executions = receipts.filter(({ kind }) => kind === "execution");
    expect(executions.map(({ statement }) => statement.predicate)).toMatchObject([
      { status: "executed", recovered: true },
    ]);
    expect((await verifyRun(view.run)).verdict).toBe("valid");
  });
});

describe("the list", () => {
  it("tells of each run what waits, what it changes and who decided, and pages through", async () => {
    await emptyIndex();
    const first = await startRun({ title: "First" });
    const second = await decided(await startRun(), "reject", { reason: "No." });
    await expect
      .poll(async () => (await list()).map(({ status }) => status))
      .toEqual(["rejected", "awaiting_decision"]);
    expect(await list("?status=awaiting_decision")).toMatchObject([
      {
        run: first.run,
        domain: "flags",
        alert: "First",
        proposal: {
          title: "Set new_pricing",
          call: "flags.set",
          resources: ["flag:new_pricing"],
          revision: 1,
          risk: "low",
        },
        expiresAt: first.pending?.expiresAt,
        missing: [{ role: "reviewer", count: 1 }],
        decided: null,
      },
    ]);
    const page = await get<{ runs: ListedRun[]; links: { next: string } }>("/api/runs?limit=1");
    expect(page.runs).toMatchObject([
      { run: second.run, decided: { decision: "reject", by: "visitor" }, missing: [] },
    ]);
    const next = await get<{ runs: ListedRun[]; links: { next: null } }>(page.links.next);
    expect([next.runs.map(({ run }) => run), next.links.next]).toEqual([[first.run], null]);
  });

  it("that lost a run hears of it again when that is loaded", async () => {
    const { run } = await startRun();
    await expect.poll(() => listed(run)).toBe(true);
    await emptyIndex();
    await evictDurableObject(stubOf(run));
    await get(`/api/runs/${run}`);
    await expect.poll(waiting).toEqual([run]);
  });

  it("that is down is told later, and no step waits for it", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await emptyIndex();
    await breakIndex();
    const view = await startRun();
    expect(await refusalOf(await request("/api/runs"))).toEqual([503, "ERR_INDEX_UNAVAILABLE"]);
    expect((await decided(view, "approve")).status).toBe("completed");
    await mendIndex();
    await within(view.run, (instance) => {
      instance.now = () => Date.now() + 60_000;
    });
    await wake(view.run);
    await expect.poll(async () => (await listedAs(view.run))?.status).toBe("completed");
  });

  it("does not list as waiting what is too late to decide, whether or not it has come to say so", async () => {
    await emptyIndex();
    const { run } = await startRun();
    await expect.poll(waiting).toEqual([run]);
    const at = (ms: number) =>
      runInDurableObject(indexStub(), (index) => {
        index.now = () => Date.now() + ms;
      });
    await at(DAY);
    expect(await waiting()).toEqual([]);
    expect(await list("?status=expired")).toMatchObject([{ run, status: "expired", expiresAt: null }]);
    await at(0);
  });

  it("passes over rows that hold no entry, and gives no page less for them", async () => {
    await emptyIndex();
    const views = [await startRun(), await startRun(), await startRun()];
    await expect.poll(async () => (await waiting()).length).toBe(3);
    const spoilt = [
      "not json",
      "null",
      "[]",
      "{}",
      '{"run":7}',
      JSON.stringify({ run: "run-1", status: "weird" }),
    ];
    for (const { createdAt } of views) {
      for (const entry of spoilt) {
        const row = [crypto.randomUUID(), createdAt, entry];
        await inIndex((sql) => void sql.exec("INSERT INTO runs VALUES (?, ?, 'failed', 1, NULL, ?)", ...row));
      }
    }
    const pages: string[][] = [];
    for (let next: string | null = "/api/runs?limit=2"; next !== null && pages.length < 9; ) {
      const page: { runs: ListedRun[]; links: { next: string | null } } = await get(next);
      pages.push(page.runs.map(({ run }) => run));
      next = page.links.next;
    }
    expect(pages.flat()).toEqual(views.map(({ run }) => run).reverse());
    expect(pages[0]).toHaveLength(2);
  });

  it("keeps of two firings the later one open, and forgets it with its run", async () => {
    const firing = (run: string, firedAt: string): Firing => ({ alert: "grafana a", key: run, run, firedAt });
    const index = indexStub();
    await index.enterFiring(firing("run-b", "2026-11-23T11:00:00.000Z"));
    await index.enterFiring(firing("run-a", "2026-11-23T09:00:00.000Z"));
    expect(await index.endFiring({ alert: "grafana a", end: "e", run: null })).toMatchObject({
      run: "run-b",
    });
    expect(await index.endFiring({ alert: "grafana a", end: "f", run: null })).toBeNull();
    await index.forget("run-b");
    expect(await index.endFiring({ alert: "grafana a", end: "e", run: null })).toBeNull();
  });
});

describe("a socket", () => {
  it("tells where the run is, at once and at each receipt", async () => {
    const view = await startRun();
    const { webSocket } = await request(`/api/runs/${view.run}/live`, { headers: { upgrade: "websocket" } });
    if (!webSocket) throw new Error("expected a socket");
    onTestFinished(() => webSocket.close());
    const heard: string[] = [];
    webSocket.addEventListener("message", ({ data }) => heard.push(JSON.parse(String(data)).status));
    webSocket.accept();
    await decide(view, "approve");
    await expect.poll(() => heard.at(-1)).toBe("completed");
    expect(heard[0]).toBe("awaiting_decision");
  });
});
