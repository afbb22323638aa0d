// An ended run is kept for as long as the deployment says, whole; then it goes, whole, and its name stays its own for ever.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createCodemodeRuntime } from "@cloudflare/codemode";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Bundle, EMPTY, type RunView, verify } from "../../src/chain/index.ts";
import { createSandbox } from "../../src/codemode/sandbox.ts";
import { Outbox } from "../../src/run/outbox.ts";
import { keptUntil } from "../../src/run/retention.ts";
import { runIndexOf } from "../../src/run/run-index-stub.ts";
import { ALERTMANAGER } from "./alert-payloads.ts";
import { decided, get, post, receiptsOf, request, startRun, stubOf } from "./client.ts";
import { codeOf } from "./deployment.ts";
import { breakIndex, listedAs, mendIndex } from "./index-table.ts";
import { inside } from "./instances.ts";

const DAY = 86_400_000;

/** Lets the run's alarm go off as if so many days had gone by. */
async function wait(run: string, days: number): Promise<void> {
  const later = Date.now() + days * DAY;
  await inside(run, (_context, instance) => {
    instance.now = () => later;
  });
  expect(await runDurableObjectAlarm(stubOf(run))).toBe(true);
}

const listed = async (run: string) => (await listedAs(run)) !== null;

const alarmOf = (run: string) => runInDurableObject(stubOf(run), (_, state) => state.storage.getAlarm());

async function endedRun(): Promise<RunView> {
  const view = await decided(await startRun(), "approve");
  await expect.poll(() => listed(view.run)).toBe(true);
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
    expect(await alarmOf(run)).toBe(end + 30 * DAY);
  });

  it("is gone afterwards, everywhere, and says so; a bundle that was taken before still verifies", async () => {
    const view = await endedRun();
    const { run, head } = view;
    const bundle = await get<Bundle>(`/api/runs/${run}/bundle`);
    await wait(run, 30.1);
    const api = `/api/runs/${run}`;
    const digest = view.links.self && Object.keys(bundle.artifacts)[0];
    for (const path of [
      api,
      `${api}/receipts`,
      `${api}/bundle`,
      `${api}/gate`,
      `${api}/artifacts/${digest}`,
    ]) {
      const answer = await request(path);
      expect([path, answer.status]).toEqual([path, 410]);
      const problem: { code: string; detail: string } = await answer.json();
      expect(problem).toMatchObject({ code: "ERR_RUN_GONE", detail: expect.stringContaining(head ?? "") });
    }
    const late = await post(`${api}/approve`, { proposal: head });
    expect([late.status, await codeOf(late)]).toEqual([410, "ERR_RUN_GONE"]);
    const socket = await request(`${api}/live`, { headers: { upgrade: "websocket" } });
    expect([socket.status, await codeOf(socket)]).toEqual([410, "ERR_RUN_GONE"]);
    const page = await request(`/runs/${run}`, { headers: { accept: "text/html" } });
    expect([page.status, (await page.text()).includes("This run has been deleted")]).toEqual([410, true]);
    expect(await listed(run)).toBe(false);
    const report = await verify(bundle, await get("/.well-known/countersign.json"), { run });
    expect(report.verdict).toBe("valid");
  });

  it("leaves nothing in storage but that it was here", async () => {
    const { run, head, count } = await endedRun();
    await wait(run, 31);
    const left = await runInDurableObject(stubOf(run), async (_, state) => {
      const { sql } = state.storage;
      const tables = sql
        .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'")
        .toArray();
      const rows = sql.exec("SELECT head, count FROM gone").toArray();
      const scripts = createCodemodeRuntime({
        ctx: state,
        executor: createSandbox(env.LOADER),
        connectors: [],
      });
      return { tables: tables.map(({ name }) => name), rows, executions: await scripts.executions() };
    });
    expect(left).toEqual({ tables: ["gone"], rows: [{ head, count }], executions: [] });
    expect(await runDurableObjectAlarm(stubOf(run))).toBe(true);
    expect(await alarmOf(run)).toBeNull();
  });

  it("sends away whoever still watches it", async () => {
    const { run } = await endedRun();
    const { webSocket } = await request(`/api/runs/${run}/live`, { headers: { upgrade: "websocket" } });
    if (!webSocket) throw new Error("expected a socket");
    onTestFinished(() => webSocket.close());
    const closed = new Promise<CloseEvent>((resolve) => webSocket.addEventListener("close", resolve));
    webSocket.accept();
    await wait(run, 31);
    expect((await closed).code).toBe(1001);
  });

  it("does not give its name to another run, whoever asks again with the same key", async () => {
    const headers = { "idempotency-key": `"${crypto.randomUUID()}"` };
    const { run, pending }: RunView = await (await post("/api/runs", {}, headers)).json();
    await post(`/api/runs/${run}/reject`, { proposal: pending?.proposal });
    await wait(run, 31);
    const again = await post("/api/runs", {}, headers);
    expect([again.status, await codeOf(again)]).toEqual([410, "ERR_RUN_GONE"]);
  });

  it("cannot be continued any more", async () => {
    const { run } = await endedRun();
    await wait(run, 31);
    const refused = await post("/api/runs", { continues: { run } });
    expect([refused.status, await codeOf(refused)]).toEqual([422, "ERR_PARENT_UNKNOWN"]);
  });

  it("of an alert that is still reported is told to the monitoring system as none", async () => {
    const one = {
      ...ALERTMANAGER,
      alerts: [{ ...ALERTMANAGER.alerts[0], fingerprint: crypto.randomUUID() }],
    };
    const notify = async (status: string) => {
      const alerts = one.alerts.map((alert) => ({ ...alert, status }));
      const answer = await post("/api/alerts/alertmanager", { ...one, status, alerts });
      expect(answer.status).toBe(200);
      return ((await answer.json()) as { alerts: { run: string | null }[] }).alerts[0]?.run ?? null;
    };
    const run = (await notify("firing")) ?? "";
    const view = async () => get<RunView>(`/api/runs/${run}`);
    await expect.poll(async () => (await view()).status).toBe("awaiting_decision");
    await decided(await view(), "reject");
    await wait(run, 31);
    expect([await notify("firing"), await notify("resolved")]).toEqual([null, null]);
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
});

describe("a run that is loaded only to be deleted", () => {
  it("is neither put back onto the list nor woken again, also when it still had something to tell", async () => {
    const { run } = await endedRun();
    await inside(run, ({ store }) => store.putMessage({ id: "parent", topic: "parent", seq: 7, due: 0 }));
    await evictDurableObject(stubOf(run));
    await runInDurableObject(stubOf(run), (instance) => {
      instance.now = () => Date.now() + 31 * DAY;
    });
    expect(await runDurableObjectAlarm(stubOf(run))).toBe(true);
    // Throwing the instance away waits for what it has under way.
    await evictDurableObject(stubOf(run));
    expect([await listed(run), await runDurableObjectAlarm(stubOf(run))]).toEqual([false, true]);
    expect([await listed(run), await alarmOf(run)]).toEqual([false, null]);
  });
});

describe("what was under way when a run was deleted", () => {
  it("and puts it back onto the list, as a late report does, is undone", async () => {
    const { run } = await endedRun();
    const late = await listedAs(run);
    await wait(run, 31);
    if (late) await runIndexOf(env).report(late);
    expect(await listed(run)).toBe(true);
    expect(await alarmOf(run)).toBeLessThanOrEqual(Date.now() + 60_000);
    expect(await runDurableObjectAlarm(stubOf(run))).toBe(true);
    expect([await listed(run), await alarmOf(run)]).toEqual([false, null]);
  });

  it("is undone once the list can be told, and until then the alarm fails no time", async () => {
    const { run } = await endedRun();
    const late = await listedAs(run);
    await wait(run, 31);
    if (late) await runIndexOf(env).report(late);
    await breakIndex();
    expect(await runDurableObjectAlarm(stubOf(run))).toBe(true);
    await mendIndex();
    expect([await listed(run), await alarmOf(run)]).toEqual([true, expect.any(Number)]);
    expect(await alarmOf(run)).toBeGreaterThan(Date.now());
    expect(await runDurableObjectAlarm(stubOf(run))).toBe(true);
    expect([await listed(run), await alarmOf(run)]).toEqual([false, null]);
  });

  it("ends quietly: a delivery, and somebody's look at the gate", async () => {
    const { run } = await endedRun();
    await inside(run, async ({ store }, instance) => {
      const arrival = Promise.withResolvers<void>();
      const courier = () => arrival.promise;
      const outbox = new Outbox(store, { webhook: courier, parent: courier }, Date.now);
      store.putMessage({ id: "webhook-7", topic: "webhook", seq: 7, due: 0 });
      const [delivery, look] = [outbox.deliver(), instance.gate()];
      store.remove(new Date().toISOString());
      arrival.reject(new Error("the receiver is down"));
      await delivery;
      expect(await look).toMatchObject({ ok: false, refusal: { code: "ERR_RUN_GONE" } });
    });
  });
});

describe("a run that has not ended", () => {
  it("is not deleted however long it has waited: it expires, and is kept from then on", async () => {
    const { run } = await startRun();
    await wait(run, 100);
    expect(await get(`/api/runs/${run}`)).toMatchObject({ status: "expired" });
    await wait(run, 129);
    expect(await get(`/api/runs/${run}`)).toMatchObject({ status: "expired" });
    await wait(run, 131);
    expect((await request(`/api/runs/${run}`)).status).toBe(410);
  });
});

describe("the time that ended runs are kept", () => {
  const ended = { ...EMPTY, last: "handoff" as const, issuedAt: "2026-11-23T00:00:00.000Z" };
  const end = Date.parse(ended.issuedAt);

  const never = ["0", "forever", "", "-1", "1.5", "30 days", "1e3", "999999", undefined];

  it.each<[string | undefined, number | null]>([
    ["1", end + DAY],
    ["30", end + 30 * DAY],
    ...never.map((days): [string | undefined, null] => [days, null]),
  ])("RETENTION_DAYS=%s", (days, until) => {
    expect(keptUntil(ended, days)).toBe(until);
    expect(keptUntil({ ...ended, last: "outcome" }, days)).toBeNull();
  });
});
