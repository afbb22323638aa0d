// The outbox: a message is kept from the moment its receipt is until it has arrived.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { nameRun } from "../../src/http/run-stub.ts";
import { step } from "../../src/run/driver.ts";
import { Outbox } from "../../src/run/outbox.ts";
import type { OutboxRow } from "../../src/run/run-rows.ts";
import { startRun, stubOf } from "./client.ts";
import { contextOf, inside, storeRun } from "./instances.ts";

const message = (seq: number) => ({ id: `webhook-${seq}`, topic: "webhook" as const, seq, due: 0 });

describe("a message", () => {
  it("is kept from the moment its receipt is, and not when the receipt is not", async () => {
    const run = nameRun(null);
    await storeRun(run);
    const receiver = { WEBHOOK_URL: "http://localhost:1/", WEBHOOK_SECRET: `whsec_${btoa("s".repeat(32))}` };
    await runInDurableObject(stubOf(run), async (instance) => {
      Object.defineProperty(instance, "env", { value: { ...env, ...receiver } });
      const context = await contextOf(instance);
      const { chain, store } = context;
      await step(context);
      await step(context);
      const posting = chain.onAppend;
      const posted: number[] = [];
      let isFull = true;
      chain.onAppend = (receipt) => {
        posting(receipt);
        posted.push(store.messages().length);
        if (receipt.kind === "preview" && isFull) throw new Error("the disk is full");
      };
      await expect(step(context)).rejects.toThrow("the disk is full");
      expect(posted).toEqual([0, 1]);
      expect([chain.state.count, store.messages()]).toEqual([2, []]);
      isFull = false;
      await step(context);
      expect(chain.state.count).toBe(4);
      expect(store.messages()).toMatchObject([{ id: "webhook-3", topic: "webhook", seq: 3, tries: 0 }]);
    });
  });

  it("of an earlier version, about the list, is passed over", async () => {
    const { run } = await startRun();
    await inside(run, ({ store }, _instance, state) => {
      state.storage.sql.exec(
        "INSERT INTO outbox (id, topic, seq, tries, due) VALUES ('index', 'index', 3, 0, 0)",
      );
      store.putMessage(message(3));
      expect(store.messages()).toMatchObject([{ id: "webhook-3" }]);
    });
  });

  it("is tried again ever more rarely until it is taken, and holds up no other", async () => {
    const { run } = await startRun();
    await inside(run, async ({ store }) => {
      let now = Date.now();
      let fails = true;
      const taken: number[] = [];
      const courier = async ({ seq }: OutboxRow) => {
        if (seq === 3 && fails) throw new Error("the receiver is down");
        taken.push(seq);
      };
      const outbox = new Outbox(store, { webhook: courier, parent: courier }, () => now);
      store.putMessage(message(3));
      store.putMessage(message(7));
      const pauses: number[] = [];
      for (let tries = 1; tries <= 12; tries += 1) {
        await outbox.deliver();
        expect(store.messages()).toMatchObject([{ seq: 3, tries }]);
        // Nothing is tried before its time.
        await outbox.deliver();
        const due = outbox.nextDue() ?? Number.NaN;
        pauses.push(due - now);
        now = due;
      }
      expect(taken).toEqual([7]);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(1.25 * 15 * 60_000);
      expect(pauses.at(-1)).toBeGreaterThanOrEqual(0.75 * 15 * 60_000);
      expect(pauses[4]).toBeGreaterThan(4 * (pauses[0] ?? 0));
      fails = false;
      await outbox.deliver();
      expect(taken).toEqual([7, 3]);
      expect(outbox.nextDue()).toBeNull();
    });
  });
});
