// A real receiver on loopback: it checks each event as Standard Webhooks says, refuses the first try, and gets the very same event again.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { expect, inject, it, onTestFinished } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { serveWorker } from "./serve-worker.ts";

interface Try {
  readonly id: string;
  readonly body: string;
  /** What its signature proves, or null. */
  readonly event: { readonly type: string; readonly data: Record<string, unknown> } | null;
}

const SECRET = `whsec_${btoa("a secret that only this test knows")}`;

/** Starts a receiver that answers with these statuses, one after the other, then 204. */
async function receive(statuses: number[]) {
  const tries: Try[] = [];
  const webhook = new Webhook(SECRET);
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    let event: Try["event"] = null;
    try {
      event = webhook.verify(body, request.headers as Record<string, string>) as Try["event"];
    } catch {
      // null says it
    }
    tries.push({ id: String(request.headers["webhook-id"]), body, event });
    response.writeHead(statuses.shift() ?? 204, { location: "/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { tries, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

it("hears that a decision is awaited and that the run has ended, signed, and again where it did not take it", async () => {
  const { tries, url } = await receive([503, 302]);
  const { origin, stop } = await serveWorker(inject("builtWorker"), {
    vars: { WEBHOOK_URL: url, WEBHOOK_SECRET: SECRET },
  });
  onTestFinished(stop);
  const { run, pending } = (await (await fetch(`${origin}/api/runs`, { method: "POST" })).json()) as RunView;
  // A failed try comes again after some 5 seconds, and some 10 after that: a redirect is no answer, and nobody follows it.
  await expect.poll(() => tries.length, { timeout: 45_000 }).toBe(3);
  expect(new Set(tries.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
  expect(tries.map(({ event }) => event?.type)).toEqual(Array(3).fill("run.decision_awaited"));
  expect(tries[0]?.event?.data).toMatchObject({
    run,
    status: "awaiting_decision",
    expiresAt: pending?.expiresAt,
    given: [],
    missing: [{ role: "reviewer", count: 1 }],
    url: `${origin}/runs/${run}`,
  });
  await fetch(`${origin}/api/runs/${run}/approve`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ proposal: pending?.proposal }),
  });
  await expect.poll(() => tries.length, { timeout: 20_000 }).toBe(4);
  expect(tries[3]?.event).toMatchObject({
    type: "run.ended",
    data: { run, status: "completed", outcome: "resolved" },
  });
  expect(tries[3]?.id).not.toBe(tries[0]?.id);
});
