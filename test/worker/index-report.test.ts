// The list of runs: it hears of every run, whatever the index does meanwhile, and nothing that it does reaches the run.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { RunEntry } from "../../src/chain/index.ts";
import { IndexReport } from "../../src/run/index-report.ts";
import type { RunContext } from "../../src/run/run-context.ts";
import { runIndexOf } from "../../src/run/run-index-stub.ts";
import { RESUME_AFTER_MS } from "../../src/run/teller.ts";
import { decided, get, startRun, stubOf, verifyRun } from "./client.ts";
import { breakIndex, emptyIndex, inIndex, listedAs, mendIndex } from "./index-table.ts";
import { inside, rejectIn, startWith } from "./instances.ts";

/** Waits for every delivery of the run that is under way. */
async function deliveries(run: string): Promise<void> {
  await inside(run, async (_context, instance) => {
    const opened = await instance.open();
    if (opened.ok) await opened.value.upkeep.deliver();
  });
}

async function entryOf(run: string): Promise<RunEntry | null> {
  await deliveries(run);
  return listedAs(run);
}

const alarmOf = (run: string) => inside(run, (_context, _instance, state) => state.storage.getAlarm());

/** Lets the run's alarm go off as if so many minutes had gone by. */
async function retryAfter(run: string, minutes: number): Promise<void> {
  const later = Date.now() + minutes * 60_000;
  await inside(run, (_context, instance) => {
    instance.now = () => later;
  });
  expect(await runDurableObjectAlarm(stubOf(run))).toBe(true);
}

describe("the index", () => {
  it("hears where a run is, from its start to its end", async () => {
    const view = await startRun();
    expect(await entryOf(view.run)).toEqual({
      run: view.run,
      status: "awaiting_decision",
      head: view.head,
      count: 4,
      createdAt: view.createdAt,
      title: "Checkout is answering 5xx",
      risk: view.pending?.risk,
      expiresAt: view.pending?.expiresAt,
      outcome: null,
      links: { self: `/api/runs/${view.run}`, page: `/runs/${view.run}` },
    });
    const done = await decided(view, "approve");
    const { before, after } = done.outcome ?? {};
    expect(await entryOf(view.run)).toMatchObject({
      status: "completed",
      head: done.head,
      count: 8,
      risk: view.pending?.risk,
      expiresAt: null,
      outcome: { status: "resolved", before, after },
    });
  });

  it("keeps the newer of two entries, in whatever order they come", async () => {
    const view = await startRun();
    const earlier = await entryOf(view.run);
    await decided(view, "reject");
    const newest = await entryOf(view.run);
    if (!earlier || !newest) throw new Error("expected the run to be listed");
    await runIndexOf(env).report(earlier);
    expect(await entryOf(view.run)).toEqual(newest);
  });

  it("that was lost hears of a run again as soon as the run is loaded", async () => {
    const view = await startRun();
    const entry = await entryOf(view.run);
    await emptyIndex();
    await evictDurableObject(stubOf(view.run));
    await get(`/api/runs/${view.run}`);
    // Throwing the instance away waits for what it has under way.
    await evictDurableObject(stubOf(view.run));
    expect(await inIndex((sql) => sql.exec("SELECT count(*) AS runs FROM runs").one())).toEqual({ runs: 1 });
    expect(await listedAs(view.run)).toEqual(entry);
  });
});

describe("an index that fails", () => {
  it("never stops a run, and hears of it as soon as it works again", async () => {
    await breakIndex();
    const view = await startRun();
    const done = await decided(view, "approve");
    expect(done).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
    expect((await verifyRun(view.run)).verdict).toBe("valid");
    await deliveries(view.run);
    expect(await alarmOf(view.run)).toBeLessThanOrEqual(Date.now() + RESUME_AFTER_MS);
    await mendIndex();
    await retryAfter(view.run, 23);
    expect(await entryOf(view.run)).toMatchObject({ status: "completed", count: 8 });
    // Nothing is left to do but to let the run go, a month from now.
    expect(await alarmOf(view.run)).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  });

  it("loses nothing when the run's instance dies meanwhile", async () => {
    await breakIndex();
    const view = await startRun();
    await deliveries(view.run);
    await evictDurableObject(stubOf(view.run));
    await mendIndex();
    await retryAfter(view.run, 23);
    expect(await entryOf(view.run)).toMatchObject({ status: "awaiting_decision", count: 4 });
  });

  it("does not make the run forget the reviewer it waits for", async () => {
    await breakIndex();
    const view = await startWith({}, { decisionSeconds: 86_400 });
    await deliveries(view.run);
    await retryAfter(view.run, 23);
    const alarm = await alarmOf(view.run);
    expect(alarm).toBeGreaterThan(Date.now());
    expect(alarm).toBeLessThan(Date.now() + 3_600_000);
    await mendIndex();
    await retryAfter(view.run, 45);
    expect(await entryOf(view.run)).toMatchObject({ count: 4 });
    expect(await alarmOf(view.run)).toBe(Date.parse(view.pending?.expiresAt ?? ""));
  });

  it("is tried again ever more rarely, also by an instance that knows of no try before, and at last no more", async () => {
    const { run } = await startRun();
    await inside(run, async ({ chain, request }) => {
      let now = Date.parse(chain.state.issuedAt ?? "");
      const failing = () =>
        new IndexReport({ chain, request, now: () => now }, false, () =>
          Promise.reject(new Error("it is down")),
        );
      const pause = async (report: IndexReport) => {
        await report.deliver();
        return (report.nextDue() ?? Number.NaN) - now;
      };
      const report = failing();
      const pauses: number[] = [];
      for (let tries = 1; tries <= 12; tries += 1) {
        pauses.push(await pause(report));
        now += pauses.at(-1) ?? 0;
      }
      // Every pause doubles, give or take a quarter, up to a quarter of an hour.
      expect(Math.max(...pauses)).toBeLessThanOrEqual(1.25 * 15 * 60_000);
      expect(pauses.at(-1)).toBeGreaterThanOrEqual(0.75 * 15 * 60_000);
      expect(pauses[0]).toBeLessThanOrEqual(1.25 * 5_000);
      expect(pauses[5]).toBeGreaterThan(4 * (pauses[0] ?? 0));
      expect(await pause(failing())).toBeGreaterThanOrEqual(0.75 * 15 * 60_000);
      now += 27 * 3_600_000;
      await report.deliver();
      expect(report.nextDue()).toBeNull();
    });
  });
});

describe("the alarm", () => {
  it("stands near until the list has heard, if not from an instance before", async () => {
    const { run } = await startRun();
    await inside(run, async ({ chain, request, now }) => {
      const arrivals: (() => void)[] = [];
      const telling = (isTold: boolean) =>
        new IndexReport(
          { chain, request, now },
          isTold,
          () => new Promise((resolve) => arrivals.push(resolve)),
        );
      const isNear = (at: number | null) => at !== null && at <= Date.now() + RESUME_AFTER_MS;
      const first = telling(false);
      expect(isNear(first.nextDue())).toBe(true);
      const delivered = first.deliver();
      await expect.poll(() => arrivals.length).toBe(1);
      expect(isNear(first.nextDue())).toBe(true);
      arrivals.pop()?.();
      await delivered;
      expect(first.nextDue()).toBeNull();
      const later = telling(true);
      expect(later.nextDue()).toBeNull();
      const again = later.deliver();
      await expect.poll(() => arrivals.length).toBe(1);
      arrivals.pop()?.();
      await again;
      const failing = new IndexReport({ chain, request, now }, true, () =>
        Promise.reject(new Error("it is down")),
      );
      await failing.deliver();
      expect(isNear(failing.nextDue())).toBe(true);
    });
  });

  it("is not moved away by an instance that has yet to tell what one before could not", async () => {
    await breakIndex();
    const view = await startWith({}, { decisionSeconds: 86_400 });
    await deliveries(view.run);
    await retryAfter(view.run, 23);
    const retry = await alarmOf(view.run);
    await evictDurableObject(stubOf(view.run));
    const moved = await runInDurableObject(stubOf(view.run), async (instance, { storage }) => {
      const set = vi.spyOn(storage, "setAlarm");
      const opened = await instance.open();
      if (opened.ok) await opened.value.upkeep.deliver();
      return set.mock.calls.map(([at]) => Number(at));
    });
    // Far ahead, but not where the run's own time ends: it is still to be told, and soon.
    expect(retry).toBeGreaterThan(Date.now() + 10 * RESUME_AFTER_MS);
    expect(moved.length).toBeGreaterThan(0);
    expect(Math.max(...moved)).toBeLessThan(Date.now() + 3_600_000);
    await mendIndex();
    await retryAfter(view.run, 60);
    expect(await entryOf(view.run)).toMatchObject({ count: 4 });
    expect(await alarmOf(view.run)).toBe(Date.parse(view.pending?.expiresAt ?? ""));
  });
});

describe("an ended run that is kept for ever", () => {
  /** How often an instance writes the alarm when it is loaded and tells the list. */
  async function alarmWritesAtLoad(run: string): Promise<number> {
    await evictDurableObject(stubOf(run));
    return runInDurableObject(stubOf(run), async (instance, { storage }) => {
      Object.defineProperty(instance, "env", { value: { ...env, RETENTION_DAYS: "forever" } });
      const writes = [vi.spyOn(storage, "setAlarm"), vi.spyOn(storage, "deleteAlarm")];
      const opened = await instance.open();
      if (opened.ok) await opened.value.upkeep.deliver();
      expect(await storage.getAlarm()).toBeNull();
      return writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    });
  }

  it("has no alarm once the list has heard of its end, and a load writes none", async () => {
    const { run } = await decided(await startRun(), "reject");
    await deliveries(run);
    // It was to be kept for 30 days before: that alarm goes.
    expect(await alarmWritesAtLoad(run)).toBeGreaterThan(0);
    expect(await alarmWritesAtLoad(run)).toBe(0);
  });
});

describe("a run that goes on while the list is told of it", () => {
  /** A report whose run is wherever the test puts it, and which arrives when the test says so. */
  function reportOf({ chain, request, now }: RunContext) {
    const at = { run: chain.run, state: chain.state };
    const told: number[] = [];
    const arrivals: (() => void)[] = [];
    const report = new IndexReport({ chain: at as typeof chain, request, now }, false, ({ count }) => {
      told.push(count);
      return new Promise<void>((resolve) => arrivals.push(resolve));
    });
    return { at, told, report, arrive: () => arrivals.pop()?.() };
  }

  it("is told of once more, if it rests again by then", async () => {
    const view = await startRun();
    await inside(view.run, async (context) => {
      const { at, told, report, arrive } = reportOf(context);
      const delivered = report.deliver();
      await expect.poll(() => told).toEqual([4]);
      at.state = { ...at.state, head: context.chain.receipts[0]?.digest ?? null, count: 5 };
      const joined = report.deliver();
      arrive();
      await expect.poll(() => told).toEqual([4, 5]);
      expect(report.nextDue()).not.toBeNull();
      arrive();
      await Promise.all([delivered, joined]);
      expect(report.nextDue()).toBeNull();
    });
  });

  it("is not told of before it rests again", async () => {
    const { run } = await startRun();
    await inside(run, async (context, instance) => {
      const { at, told, report, arrive } = reportOf(context);
      const delivered = report.deliver();
      await expect.poll(() => told).toEqual([4]);
      await rejectIn(instance);
      at.state = context.chain.state;
      arrive();
      await delivered;
      expect(told).toEqual([4]);
      // Should it die now, the alarm still tells the list.
      expect(report.nextDue()).not.toBeNull();
      await instance.alarm();
      at.state = context.chain.state;
      const last = report.deliver();
      await expect.poll(() => told).toEqual([4, 8]);
      arrive();
      await last;
      expect(report.nextDue()).toBeNull();
    });
  });
});
