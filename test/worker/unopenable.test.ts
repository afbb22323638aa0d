// Runs for which nobody can decide any more, because they cannot be opened or their time is over: the list says so of them, and
// they hide none that wait.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { RunEntry } from "../../src/chain/index.ts";
import type { ListedRun, RunIndex } from "../../src/run/run-index.ts";
import { runIndexOf } from "../../src/run/run-index-stub.ts";
import { decided, get, request, startRun, stubOf } from "./client.ts";
import { emptyIndex, inIndex, listedAs } from "./index-table.ts";

const CORRUPT = `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA') WHERE seq = 2`;
const SPOILT_REQUEST = "UPDATE request SET body = 'nothing of ours'";

/** Changes the stored rows of a run, and ends the instance that knew them as they were. */
async function change(run: string, sql: string): Promise<void> {
  await runInDurableObject(stubOf(run), (_, { storage }) => void storage.sql.exec(sql));
  await evictDurableObject(stubOf(run));
}

const wake = (run: string) => runDurableObjectAlarm(stubOf(run));
const list = async (query = "") => (await get<{ runs: ListedRun[] }>(`/api/runs${query}`)).runs;
const waiting = async () => (await list("?status=awaiting_decision")).map(({ run }) => run);

/** How long until the run's alarm, in milliseconds. */
const alarmIn = (run: string) =>
  runInDurableObject(
    stubOf(run),
    async (_, { storage }) => ((await storage.getAlarm()) ?? Number.NaN) - Date.now(),
  );

beforeEach(emptyIndex);

describe("a run that cannot be opened", () => {
  it.each([
    ["whose chain does not verify", CORRUPT],
    ["whose request cannot be read", SPOILT_REQUEST],
  ])("%s is listed as that, and waits for nobody", async (_, sql) => {
    const broken = await startRun();
    const sound = await startRun();
    await expect.poll(waiting).toEqual([sound.run, broken.run]);
    await change(broken.run, sql);
    await wake(broken.run);
    await expect.poll(waiting).toEqual([sound.run]);
    expect((await list()).find(({ run }) => run === broken.run)).toMatchObject({
      ...{ status: "failed", expiresAt: null, outcome: null, unopenable: "ERR_CHAIN_CORRUPT" },
      title: "Checkout is answering 5xx",
    });
    const desk = await (await request("/")).text();
    expect(desk).toContain("Cannot be opened");
    expect(desk).toContain("1 run waits for a decision.");
    expect(desk.indexOf(`id="${sound.run}"`)).toBeLessThan(desk.indexOf(`id="${broken.run}"`));
  });

  it("says so whoever finds out, also of a run that had ended well, and where the list had lost it", async () => {
    const { run } = await decided(await startRun(), "approve");
    await expect.poll(async () => (await listedAs(run))?.status).toBe("completed");
    await change(run, CORRUPT);
    await emptyIndex();
    expect((await request(`/api/runs/${run}`)).status).toBe(500);
    await expect
      .poll(() => listedAs(run))
      .toMatchObject({ status: "failed", unopenable: "ERR_CHAIN_CORRUPT" });
    // It is evidence, and stays; it is looked at again, but not at once.
    expect(await alarmIn(run)).toBeGreaterThan(3_600_000);
  });

  it("for want of a secret comes back soon, and waits again as soon as it can be opened", async () => {
    const { run } = await startRun();
    await evictDurableObject(stubOf(run));
    await runInDurableObject(stubOf(run), async (instance) => {
      const whole = Reflect.get(instance, "env");
      Object.defineProperty(instance, "env", {
        value: { ...whole, AGENT_SIGNING_KEY: undefined },
        configurable: true,
      });
      expect(await instance.view()).toMatchObject({ ok: false });
      await expect.poll(() => listedAs(run)).toMatchObject({ unopenable: "ERR_KEY_MISSING" });
      Object.defineProperty(instance, "env", { value: whole });
    });
    expect(await waiting()).toEqual([]);
    await expect.poll(() => alarmIn(run)).toBeLessThan(600_000);
    await wake(run);
    await expect.poll(waiting).toEqual([run]);
    expect(await listedAs(run)).not.toHaveProperty("unopenable");
  });

  it("tells the list again if that was down", async () => {
    const { run } = await startRun();
    await expect.poll(waiting).toEqual([run]);
    await change(run, CORRUPT);
    await inIndex((sql) => void sql.exec("ALTER TABLE runs RENAME TO lost"));
    await wake(run);
    await inIndex((sql) => void sql.exec("ALTER TABLE lost RENAME TO runs"));
    await wake(run);
    await expect.poll(() => listedAs(run)).toMatchObject({ unopenable: "ERR_CHAIN_CORRUPT" });
  });

  it("leaves their place to those that wait, however many there are", async () => {
    const { run } = await startRun();
    await expect.poll(waiting).toEqual([run]);
    const entry = await listedAs(run);
    if (!entry) throw new Error("expected the run to be listed");
    for (let others = 0; others < 25; others += 1) {
      const other: RunEntry = { ...entry, run: `run-${String(others).padStart(24, "0")}` };
      await runIndexOf(env).report({
        ...other,
        expiresAt: new Date(Date.now() + 1_000 * (others + 60)).toISOString(),
      });
      await runIndexOf(env).cannotOpen({
        run: other.run,
        code: "ERR_CHAIN_CORRUPT",
        createdAt: null,
        title: null,
      });
    }
    const desk = await runIndexOf(env).desk({ waiting: 21, others: 11 });
    expect(desk.waiting.map((one) => one.run)).toEqual([run]);
    expect(desk.others).toHaveLength(11);
  });
});

describe("a run whose time to decide is over", () => {
  it("is not listed as waiting, whether or not it has come to say so", async () => {
    const { run } = await startRun();
    await expect.poll(waiting).toEqual([run]);
    await runInDurableObject(runIndexOf(env), (index: RunIndex) => {
      index.now = () => Date.now() + 86_400_000;
    });
    expect(await waiting()).toEqual([]);
    expect(await list("?status=expired")).toMatchObject([{ run, status: "expired", expiresAt: null }]);
    const desk = await runIndexOf(env).desk({ waiting: 21, others: 11 });
    expect([desk.waiting, desk.others.map((one) => one.run)]).toEqual([[], [run]]);
    await runInDurableObject(runIndexOf(env), (index: RunIndex) => {
      index.now = () => Date.now();
    });
    // What it says itself stands.
    await runInDurableObject(stubOf(run), async (instance) => {
      instance.now = () => Date.now() + 86_400_000;
      await instance.alarm();
    });
    await expect.poll(() => listedAs(run)).toMatchObject({ status: "expired", count: 7 });
  });
});
