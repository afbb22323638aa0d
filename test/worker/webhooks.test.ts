// Which settings give a receiver of webhooks, and what it is sent: the same at every try, and nothing that is no longer due.
import { describe, expect, it, vi } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { Outbox } from "../../src/host/outbox.ts";
import { type Message, SideStore } from "../../src/host/side-store.ts";
import { eventFacts, isStillDue, pageOf, readReceiver, sendEvent } from "../../src/host/webhook.ts";
import { decided, env, issue, startRun, tokens } from "./client.ts";
import { inside, listedAs, withVars } from "./inside.ts";

const listed = async (run: string) => (await listedAs(run)) !== null;

const WEBHOOK_SECRET = `whsec_${btoa("a secret that only this test knows")}`;

describe("the receiver of webhooks", () => {
  it.each([
    "http://hooks.example/path",
    "ftp://localhost/path",
    "data:text/plain,localhost",
    "http://localhost.example/path",
    "not an address",
  ])("is not %s", (WEBHOOK_URL) => {
    expect(() => readReceiver({ ...env, WEBHOOK_URL, WEBHOOK_SECRET })).toThrow("WEBHOOK_URL");
  });

  it.each(["", "whsec_", "password", `whsec_${btoa("too short to be one")}`])(
    "is sent nothing under the secret %s",
    (secret) => {
      const set = { WEBHOOK_URL: "https://hooks.example/path", WEBHOOK_SECRET: secret };
      expect(() => readReceiver({ ...env, ...set })).toThrow("WEBHOOK_SECRET");
    },
  );

  it("is the same with a line break behind its address and its secret, as a pipe leaves one", () => {
    const set = { WEBHOOK_URL: "https://hooks.example/path\n", WEBHOOK_SECRET: `${WEBHOOK_SECRET}\r\n` };
    expect(readReceiver({ ...env, ...set })?.url).toBe("https://hooks.example/path");
  });

  it("is not named by the error when it cannot be reached, for the address may be a secret", async () => {
    const { run } = await startRun();
    const told = await inside(run, async ({ chain }) => {
      const WEBHOOK_URL = "https://user:opensesame@localhost:1/secret-path";
      const receiver = readReceiver({ ...env, WEBHOOK_URL, WEBHOOK_SECRET });
      const preview = chain.receipts.find(({ kind }) => kind === "preview");
      if (!receiver || !preview) throw new Error("expected a receiver and a preview");
      const facts = eventFacts(chain.state, preview);
      return sendEvent(receiver, "https://countersign.example", preview, facts, new Date()).then(
        () => "taken",
        (error) => String(error),
      );
    });
    expect(told).toContain("the receiver of webhooks cannot be reached");
    expect(told).not.toMatch(/opensesame|secret-path/);
  });
});

it.each(["https://countersign.example", "https://countersign.example//"])(
  "an event's link leads to the run's page where the address is %s",
  (address) => {
    expect(pageOf("run-1", address)).toBe("https://countersign.example/runs/run-1");
  },
);

describe("an event about a decision that is awaited", () => {
  /** What would be sent of a run's first preview, and whether it would be. */
  const eventOf = (run: string, now = Date.now()) =>
    inside(run, ({ chain }) => {
      const preview = chain.receipts.find(({ kind }) => kind === "preview");
      if (!preview) throw new Error("expected a preview");
      return { facts: eventFacts(chain.state, preview), isDue: isStillDue(chain.state, preview, now) };
    });

  it.each(["approve", "reject", "request-changes"] as const)(
    "says the same at every try, and is due until somebody has answered with %s",
    async (how) => {
      const view = await startRun();
      const first = await eventOf(view.run);
      expect(first.isDue).toBe(true);
      expect(first.facts).toMatchObject({
        status: "awaiting_decision",
        expiresAt: view.pending?.expiresAt,
        missing: [{ role: "reviewer", count: 1 }],
      });
      await decided(view, how, how === "request-changes" ? { feedback: "Say which carts." } : {});
      expect(await eventOf(view.run)).toEqual({ facts: first.facts, isDue: false });
    },
  );

  it("is not due any more when the time to decide is over", async () => {
    const view = await startRun();
    expect((await eventOf(view.run, Date.parse(view.pending?.expiresAt ?? ""))).isDue).toBe(false);
  });

  it("tells who is missing, after each approval anew, and nobody once it is decided", async () => {
    const [owner, dave] = [issue("owner-1"), issue("dave")];
    const here = tokens([owner, dave]);
    const APPROVALS = JSON.stringify([
      { role: "owner", count: 1 },
      { role: "reviewer", count: 1 },
    ]);
    const vars = {
      ...{ APPROVALS, REVIEW_AUTH: "token" },
      ...{ WEBHOOK_URL: "http://localhost:1/", WEBHOOK_SECRET },
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
    const given = [{ role: "owner", reviewer: "owner-1", signed: null }];
    expect(await facts(4)).toMatchObject({ given, missing: [asked[1]], isDue: true });
    const kept = await inside(view.run, (_context, _instance, { storage }) =>
      new SideStore(storage).messages().filter(({ topic }) => topic === "webhook"),
    );
    expect(kept).toMatchObject([{ seq: 3 }, { seq: 4 }]);
    expect((await approve(dave)).status).toBe(200);
    expect(await facts(4)).toMatchObject({ missing: [asked[1]], isDue: false });
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
      const outbox = new Outbox(
        run,
        side,
        { webhook: courier, parent: courier, index: courier, log: courier },
        () => now,
      );
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
