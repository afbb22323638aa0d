// What becomes of runs over time: retention, runs that cannot be opened, stores of older builds, former names, and what is told outside.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { EMPTY, verify } from "../../src/chain/index.ts";
import { decide as sign } from "../../src/engine/index.ts";
import type { Firing, ListedRun, RunView } from "../../src/host/index.ts";
import { Outbox } from "../../src/host/outbox.ts";
import { keptUntil } from "../../src/host/retention.ts";
import type { Message } from "../../src/host/side-store.ts";
import { SideStore } from "../../src/host/side-store.ts";
import { eventFacts, isStillDue, readReceiver } from "../../src/host/webhook.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import {
  bundleOf,
  continued,
  decide,
  decided,
  deploy,
  env,
  followRun,
  get,
  ISSUER,
  issue,
  lineageOf,
  post,
  receiptsOf,
  refusalOf,
  rejectedFor,
  request,
  startRun,
  tokens,
  verifyRun,
} from "./client.ts";
import { otherFlags } from "./flags.ts";
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

/** Lets the run's alarm go off as if so many days had gone by. */
async function wait(run: string, days: number): Promise<void> {
  const later = Date.now() + days * DAY;
  await within(run, (instance) => {
    instance.now = () => later;
  });
  expect(await wake(run)).toBe(true);
}

async function endedRun(): Promise<RunView> {
  const view = await decided(await startRun(), "approve");
  await expect.poll(async () => (await listedAs(view.run))?.status).toBe("completed");
  return view;
}

describe("an ended run", () => {
  it("is kept whole until its time, to which its alarm is set", async () => {
    const { run } = await endedRun();
    const before = await receiptsOf(run);
    const end = Date.parse(before.receipts.at(-1)?.statement.predicate.issuedAt ?? "");
    await expect.poll(() => alarmOf(run)).toBe(end + 30 * DAY);
    await wait(run, 29.9);
    expect(await receiptsOf(run)).toEqual(before);
  });

  it("is gone afterwards, everywhere, and says so; a bundle that was taken before still verifies", async () => {
    const { run, head, count } = await endedRun();
    const bundle = await bundleOf(run);
    await wait(run, 30.1);
    const api = `/api/runs/${run}`;
    const digest = Object.keys(bundle.artifacts)[0];
    for (const path of ["", "/receipts", "/bundle", "/gate", "/lineage", `/artifacts/${digest}`]) {
      const answer = await request(`${api}${path}`);
      expect([path, answer.status]).toEqual([path, 410]);
      expect(await answer.json()).toMatchObject({
        code: "ERR_RUN_GONE",
        detail: expect.stringContaining(head ?? ""),
      });
    }
    expect(await refusalOf(await post(`${api}/approve`, { proposal: head }))).toEqual([410, "ERR_RUN_GONE"]);
    const socket = await request(`${api}/live`, { headers: { upgrade: "websocket" } });
    expect(await refusalOf(socket)).toEqual([410, "ERR_RUN_GONE"]);
    const { report } = await verify(bundle, await get("/.well-known/countersign.json"), { run });
    expect([await listed(run), report.verdict]).toEqual([false, "valid"]);
    const left = await within(run, (_, { storage }) => {
      const query =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'";
      const tables = storage.sql.exec<{ name: string }>(query).toArray();
      return [tables.map(({ name }) => name), storage.sql.exec("SELECT head, count FROM gone").toArray()];
    });
    expect(left).toEqual([["gone"], [{ head, count }]]);
    expect(await refusalOf(await post("/api/runs", { continues: { run } }))).toEqual([
      422,
      "ERR_PARENT_UNKNOWN",
    ]);
    // Told once more to the list, and then nothing is left to do.
    expect(await wake(run)).toBe(true);
    expect(await alarmOf(run)).toBeNull();
  });

  it("does not give its name to another run, whoever asks again with the same key", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const view = await startRun({}, headers);
    await decided(view, "reject");
    await wait(view.run, 31);
    const again = await post("/api/runs", { alert: {} }, headers);
    expect(await refusalOf(again)).toEqual([410, "ERR_RUN_GONE"]);
  });

  it("stays whole while the list cannot be told, and goes once it can", async () => {
    const { run } = await endedRun();
    const before = await receiptsOf(run);
    await breakIndex();
    await wait(run, 31);
    expect(await receiptsOf(run)).toEqual(before);
    await mendIndex();
    expect(await alarmOf(run)).toBeGreaterThan(Date.now());
    await wait(run, 31);
    expect((await request(`/api/runs/${run}`)).status).toBe(410);
  });

  it("that a late report puts back onto the list is struck off again", async () => {
    const { run } = await endedRun();
    const late = await listedAs(run);
    await wait(run, 31);
    if (late) await indexStub().report(late, ISSUER);
    expect(await listed(run)).toBe(true);
    expect(await wake(run)).toBe(true);
    expect([await listed(run), await alarmOf(run)]).toEqual([false, null]);
  });

  it("that has not ended is not deleted however long it waits: it expires, and is kept from then on", async () => {
    const { run } = await startRun();
    await wait(run, 100);
    await expect.poll(() => get(`/api/runs/${run}`)).toMatchObject({ status: "expired" });
    await wait(run, 129);
    expect(await get(`/api/runs/${run}`)).toMatchObject({ status: "expired" });
    await wait(run, 131);
    expect((await request(`/api/runs/${run}`)).status).toBe(410);
  });

  const ended = { ...EMPTY, last: "handoff" as const, issuedAt: "2026-11-23T00:00:00.000Z" };
  it.each<[string | undefined, number | null]>([
    ["1", 1],
    ["30", 30],
    ...["0", "forever", "", "-1", "1.5", "30 days", "1e3", "999999", undefined].map(
      (days): [string | undefined, null] => [days, null],
    ),
  ])("is kept for RETENTION_DAYS=%s", (days, until) => {
    const end = until === null ? null : Date.parse(ended.issuedAt) + until * DAY;
    expect(keptUntil(ended, days)).toBe(end);
    expect(keptUntil({ ...ended, last: "outcome" }, days)).toBeNull();
  });
});

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

describe("a webhook", () => {
  const SECRET = `whsec_${btoa("a secret that only this test knows")}`;

  it("tells who is missing, after each approval anew, and nobody once it is decided", async () => {
    const [owner, dave] = [issue("owner-1"), issue("dave")];
    const here = tokens([owner, dave]);
    const APPROVALS = JSON.stringify([
      { role: "owner", count: 1 },
      { role: "reviewer", count: 1 },
    ]);
    const vars = {
      ...{ APPROVALS, REVIEW_AUTH: "token" },
      ...{ WEBHOOK_URL: "http://localhost:1/", WEBHOOK_SECRET: SECRET },
    };
    vi.spyOn(console, "error").mockReturnValue();
    const view = await withVars(vars, async () =>
      (await here.post("/api/runs", {}, dave.bearer)).json<RunView>(),
    );
    const facts = (seq: number) =>
      inside(view.run, ({ chain }) => {
        const receipt = chain.receipts[seq];
        if (!receipt) throw new Error(`expected a receipt ${seq}`);
        return { ...eventFacts(chain.state, receipt), isDue: isStillDue(chain.state, receipt, Date.now()) };
      });
    const asked = [
      { role: "owner", count: 1 },
      { role: "reviewer", count: 1 },
    ];
    expect(await facts(3)).toMatchObject({ status: "awaiting_decision", missing: asked, isDue: true });
    const approve = (who: typeof owner) =>
      here.post(`/api/runs/${view.run}/approve`, { proposal: view.pending?.proposal }, who.bearer);
    expect((await approve(owner)).status).toBe(200);
    expect(await facts(3)).toMatchObject({ missing: asked, isDue: false });
    expect(await facts(4)).toMatchObject({ missing: [asked[1]], isDue: true });
    const kept = await inside(view.run, (_context, _instance, { storage }) =>
      new SideStore(storage).messages().filter(({ topic }) => topic === "webhook"),
    );
    expect(kept).toMatchObject([{ seq: 3 }, { seq: 4 }]);
    expect((await approve(dave)).status).toBe(200);
    expect(await facts(4)).toMatchObject({ missing: [asked[1]], isDue: false });
  });

  it.each([
    "http://hooks.example/path",
    "ftp://localhost/path",
    "data:text/plain,localhost",
    "http://localhost.example/path",
    "not an address",
  ])("goes not to %s", (WEBHOOK_URL) => {
    expect(() => readReceiver({ ...env, WEBHOOK_URL, WEBHOOK_SECRET: SECRET })).toThrow();
  });

  it("goes to an address with a line break behind it, as a pipe leaves one", () => {
    const set = { WEBHOOK_URL: "https://hooks.example/path\n", WEBHOOK_SECRET: `${SECRET}\r\n` };
    expect(readReceiver({ ...env, ...set })?.url).toBe("https://hooks.example/path");
  });
});

describe("a message", () => {
  it("is tried again ever more rarely until it is taken, and holds up no other", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const { run } = await startRun();
    await expect.poll(() => listed(run)).toBe(true);
    await inside(run, async (_context, _instance, { storage }) => {
      const side = new SideStore(storage);
      const message = (seq: number) => ({ id: `webhook-${seq}`, topic: "webhook" as const, seq, due: 0 });
      let now = Date.now();
      let fails = true;
      const taken: number[] = [];
      const courier = async ({ seq }: Message) => {
        if (seq === 3 && fails) throw new Error("the receiver is down");
        taken.push(seq);
      };
      const outbox = new Outbox(run, side, { webhook: courier, parent: courier, index: courier }, () => now);
      side.putMessage(message(3));
      side.putMessage(message(7));
      const pauses: number[] = [];
      for (let tries = 1; tries <= 12; tries += 1) {
        await outbox.deliver();
        expect(side.messages()).toMatchObject([{ seq: 3, tries }]);
        // Nothing is tried before its time.
        await outbox.deliver();
        const due = outbox.nextDue() ?? Number.NaN;
        pauses.push(due - now);
        now = due;
      }
      expect(taken).toEqual([7]);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(1.25 * 15 * 60_000);
      expect(pauses[4]).toBeGreaterThan(4 * (pauses[0] ?? 0));
      fails = false;
      await outbox.deliver();
      expect([taken, outbox.nextDue()]).toEqual([[7, 3], null]);
    });
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
