// How long an ended run is kept, and that it then goes everywhere, whatever the list can be told meanwhile.
import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { EMPTY, verify } from "../../src/chain/index.ts";
import type { RunView } from "../../src/host/index.ts";
import { keptUntil } from "../../src/host/retention.ts";
import { bundleOf, decided, get, ISSUER, post, receiptsOf, refusalOf, request, startRun } from "./client.ts";
import { alarmOf, breakIndex, DAY, indexStub, listedAs, mendIndex, stubOf, within } from "./inside.ts";

const wake = (run: string) => runDurableObjectAlarm(stubOf(run));
const listed = async (run: string) => (await listedAs(run)) !== null;

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
