// The outbox: every receipt reaches the index, whatever the index does meanwhile, and nothing that it does reaches the run.
import { applyD1Migrations, evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RunEntry } from "../../src/chain/index.ts";
import { Outbox, RESUME_AFTER_MS } from "../../src/run/outbox.ts";
import { RunIndex } from "../../src/run/run-index.ts";
import type { OutboxRow } from "../../src/run/run-store.ts";
import { decided, get, startRun, stubOf, verifyRun } from "./client.ts";
import { inside, startWith } from "./instances.ts";

/** Waits for every delivery of the run that is under way. */
async function deliveries(run: string): Promise<void> {
  await inside(run, async (_context, instance) => {
    const opened = await instance.open();
    if (opened.ok) await opened.value.upkeep.deliver();
  });
}

async function entryOf(run: string): Promise<RunEntry | null> {
  await deliveries(run);
  const row = await env.INDEX.prepare("SELECT entry FROM runs WHERE run = ?")
    .bind(run)
    .first<{ entry: string }>();
  return row && JSON.parse(row.entry);
}

const messagesOf = (run: string): Promise<OutboxRow[]> => inside(run, ({ store }) => store.messages());
const alarmOf = (run: string) => inside(run, (_context, _instance, state) => state.storage.getAlarm());

async function breakIndex(): Promise<void> {
  await env.INDEX.batch([
    env.INDEX.prepare("DROP TABLE runs"),
    env.INDEX.prepare("DROP TABLE d1_migrations"),
  ]);
}

const restoreIndex = () => applyD1Migrations(env.INDEX, env.MIGRATIONS);

/** Lets the run's alarm go off as if a quarter of an hour and a half had gone by. */
async function retryLater(run: string): Promise<void> {
  const later = Date.now() + 23 * 60_000;
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
    await new RunIndex(env.INDEX).report(earlier);
    expect(await entryOf(view.run)).toEqual(newest);
  });

  it("that was lost hears of a run again as soon as the run is loaded", async () => {
    const view = await startRun();
    const entry = await entryOf(view.run);
    await env.INDEX.exec("DELETE FROM runs");
    await evictDurableObject(stubOf(view.run));
    await get(`/api/runs/${view.run}`);
    // Throwing the instance away waits for what it has under way.
    await evictDurableObject(stubOf(view.run));
    const { results } = await env.INDEX.prepare("SELECT entry FROM runs").all<{ entry: string }>();
    expect(results.map((row) => JSON.parse(row.entry))).toEqual([entry]);
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
    expect(await messagesOf(view.run)).toMatchObject([{ topic: "index", seq: 7 }]);
    await restoreIndex();
    await retryLater(view.run);
    expect(await entryOf(view.run)).toMatchObject({ status: "completed", count: 8 });
    expect(await messagesOf(view.run)).toEqual([]);
    // Nothing is left to do but to let the run go, a month from now.
    expect(await alarmOf(view.run)).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  });

  it("loses nothing when the run's instance dies meanwhile", async () => {
    await breakIndex();
    const view = await startRun();
    await deliveries(view.run);
    await evictDurableObject(stubOf(view.run));
    await restoreIndex();
    await retryLater(view.run);
    expect(await entryOf(view.run)).toMatchObject({ status: "awaiting_decision", count: 4 });
  });

  it("is tried again ever more rarely, and the wait for a reviewer is not forgotten over it", async () => {
    await breakIndex();
    const view = await startWith({}, { decisionSeconds: 86_400 });
    const expiresAt = Date.parse(view.pending?.expiresAt ?? "");
    const pauses: number[] = [];
    for (let tries = 1; tries <= 12; tries += 1) {
      await deliveries(view.run);
      const [message] = await messagesOf(view.run);
      if (!message) throw new Error("expected the message to be kept");
      expect(message.tries).toBe(tries);
      const alarm = await alarmOf(view.run);
      // One that goes off a little too early is left, and sets itself anew.
      const soon = message.due <= Date.now() + RESUME_AFTER_MS;
      if (soon) expect(alarm).toBeLessThanOrEqual(message.due);
      else expect(alarm).toBe(message.due);
      expect(alarm).toBeGreaterThan(Date.now());
      const now = await inside(view.run, (_context, instance) => {
        const before = instance.now();
        instance.now = () => message.due;
        return before;
      });
      pauses.push(message.due - now);
    }
    // Every pause doubles, give or take a quarter, up to a quarter of an hour.
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1.25 * 15 * 60_000);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(0.75 * 15 * 60_000);
    expect(pauses[4]).toBeGreaterThan(4 * (pauses[0] ?? 0));
    await restoreIndex();
    await deliveries(view.run);
    expect(await messagesOf(view.run)).toEqual([]);
    expect(await alarmOf(view.run)).toBe(expiresAt);
  });
});

describe("a message", () => {
  it("is kept from the moment its receipt is, and not when the receipt is not", async () => {
    const { run } = await startRun();
    await deliveries(run);
    await inside(run, ({ chain, store }) => {
      const { round } = chain.state;
      if (!round?.preview) throw new Error("expected an open preview");
      const action = store.artifact(round.proposal.statement.subject[0]?.digest.sha256 ?? "");
      const append = (fails: boolean) =>
        chain.commit((transaction) => {
          const fields = {
            decision: "reject" as const,
            proposal: round.proposal.digest,
            preview: round.preview?.digest ?? round.proposal.digest,
            reason: "",
            reviewer: { id: "r", method: "test" },
          };
          transaction.append("decision", [["action", action ?? new Uint8Array()]], fields);
          if (fails) throw new Error("the disk is full");
        });
      expect(() => append(true)).toThrow("the disk is full");
      expect(store.messages()).toEqual([]);
      append(false);
      expect(store.messages()).toMatchObject([{ id: "index", seq: 4, tries: 0 }]);
    });
  });

  it("that a newer one replaces while it is on its way does not take the newer one with it", async () => {
    const { run } = await startRun();
    await deliveries(run);
    await inside(run, async ({ store }) => {
      const sent: number[] = [];
      const arrivals: (() => void)[] = [];
      const courier = ({ seq }: OutboxRow) => {
        sent.push(seq);
        return new Promise<void>((resolve) => arrivals.push(resolve));
      };
      const nowhere = async () => {};
      const outbox = new Outbox(store, { index: courier, webhook: nowhere, parent: nowhere }, Date.now);
      store.putMessage({ id: "index", topic: "index", seq: 4, due: 0 });
      const first = outbox.deliver();
      store.putMessage({ id: "index", topic: "index", seq: 5, due: 0 });
      const second = outbox.deliver();
      expect(sent).toEqual([4]);
      arrivals[0]?.();
      await expect.poll(() => sent).toEqual([4, 5]);
      expect(store.messages()).toMatchObject([{ seq: 5 }]);
      arrivals[1]?.();
      await Promise.all([first, second]);
      expect(store.messages()).toEqual([]);
    });
  });
});
