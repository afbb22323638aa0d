// Which settings give a receiver of webhooks, and what it is sent: the same at every try, and nothing that is no longer due.
import { describe, expect, it } from "vitest";
import { eventFacts, isStillDue, pageOf, readReceiver, sendEvent } from "../../src/host/webhook.ts";
import { decided, env, startRun } from "./client.ts";
import { inside } from "./inside.ts";

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
});
