// Which settings give a receiver of webhooks, and that what cannot be sent is told without the address it would have gone to.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { eventFacts, isStillDue, pageOf, readReceiver, sendEvent } from "../../src/run/webhook.ts";
import { decided, startRun } from "./client.ts";
import { inside } from "./instances.ts";

const SECRET = `whsec_${btoa("a secret that only this test knows")}`;

describe("the receiver of webhooks", () => {
  it.each([
    "http://hooks.example/path",
    "ftp://localhost/path",
    "data:text/plain,localhost",
    "http://localhost.example/path",
    "not an address",
  ])("is not %s", (WEBHOOK_URL) => {
    expect(() => readReceiver({ ...env, WEBHOOK_URL, WEBHOOK_SECRET: SECRET })).toThrow();
  });

  it.each([undefined, "", "whsec_", "password", `whsec_${btoa("too short to be one")}`])(
    "is sent nothing under the secret %s",
    (WEBHOOK_SECRET) => {
      const set = {
        ...env,
        WEBHOOK_URL: "https://hooks.example/path",
        ...(WEBHOOK_SECRET && { WEBHOOK_SECRET }),
      };
      expect(() => readReceiver(set)).toThrow("WEBHOOK_SECRET");
    },
  );

  it("is the same with a line break behind its address and its secret, as a pipe leaves one", () => {
    const set = { WEBHOOK_URL: "https://hooks.example/path\n", WEBHOOK_SECRET: `${SECRET}\r\n` };
    expect(readReceiver({ ...env, ...set })?.url).toBe("https://hooks.example/path");
  });

  it("is none where no address is set", () => {
    expect(readReceiver({ ...env, WEBHOOK_SECRET: SECRET })).toBeNull();
  });

  it("is not named by the error when it cannot be reached, for the address may be a secret", async () => {
    const { run } = await startRun();
    const told = await inside(run, async ({ chain }) => {
      const receiver = readReceiver({
        ...env,
        WEBHOOK_URL: "https://user:opensesame@localhost:1/secret-path",
        WEBHOOK_SECRET: SECRET,
      });
      const preview = chain.receipts[3];
      if (!receiver || !preview) throw new Error("expected a receiver and a preview");
      const sent = sendEvent(receiver, chain.issuer, preview, eventFacts(chain.state, preview), new Date());
      return sent.then(
        () => "taken",
        (error) => String(error),
      );
    });
    expect(told).toContain("the receiver of webhooks cannot be reached");
    expect(told).not.toMatch(/opensesame|secret-path/);
  });
});

describe("an event's link", () => {
  it.each(["https://countersign.example", "https://countersign.example/", "https://countersign.example//"])(
    "leads to the run's page where ISSUER is %s",
    (issuer) => {
      expect(pageOf("run-1", issuer)).toBe("https://countersign.example/runs/run-1");
    },
  );
});

describe("an event about a decision that is awaited", () => {
  /** What would be sent of a run's preview, if it would be. */
  const eventOf = ({ run }: RunView, nth: number, now = Date.now()) =>
    inside(run, ({ chain }) => {
      const preview = chain.receipts.filter(({ kind }) => kind === "preview")[nth];
      if (!preview) throw new Error("expected a preview");
      return { facts: eventFacts(chain.state, preview), isDue: isStillDue(chain.state, preview, now) };
    });

  it("says the same at every try, and is due until somebody has decided", async () => {
    const view = await startRun();
    const first = await eventOf(view, 0);
    expect(first).toEqual({
      isDue: true,
      facts: {
        status: "awaiting_decision",
        title: "Checkout is answering 5xx",
        expiresAt: view.pending?.expiresAt,
        outcome: null,
      },
    });
    const revised = await decided(view, "request-changes", { feedback: "answer 409 instead" });
    expect(await eventOf(view, 0)).toEqual({ ...first, isDue: false });
    expect((await eventOf(view, 1)).isDue).toBe(true);
    await decided(revised, "reject");
    expect(await eventOf(view, 0)).toEqual({ ...first, isDue: false });
    expect((await eventOf(view, 1)).isDue).toBe(false);
  });

  it("is due no longer once it is too late to decide", async () => {
    const view = await startRun();
    const end = Date.parse(view.pending?.expiresAt ?? "");
    expect((await eventOf(view, 0, end - 1)).isDue).toBe(true);
    expect((await eventOf(view, 0, end)).isDue).toBe(false);
  });
});
