// Outgoing webhooks, against receivers that are real servers: one that fails twice before it accepts, and one that never answers.
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import type { Deployment } from "./place.ts";
import { startServer } from "./server.ts";

const SECRET = `whsec_${Buffer.from("a secret that only this test knows").toString("base64")}`;

interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly status: number | null;
}

/** A receiver; `answer` says with which status to answer the nth delivery of an event, or null for never. */
async function startReceiver(answer: (nth: number) => number | null) {
  const deliveries: Delivery[] = [];
  const givenUp: string[] = [];
  const seen = new Map<string, number>();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const id = String(request.headers["webhook-id"]);
      const nth = (seen.get(id) ?? 0) + 1;
      seen.set(id, nth);
      const status = answer(nth);
      deliveries.push({ headers: request.headers, body, status });
      if (status !== null) response.writeHead(status).end();
      else response.once("close", () => givenUp.push(id));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    server,
    deliveries,
    givenUp,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
  };
}

function serve(url: string): Promise<Deployment> {
  return startServer({ vars: { WEBHOOK_URL: url, WEBHOOK_SECRET: SECRET } });
}

async function post(address: string, body: object = {}): Promise<RunView> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.ok, await response.clone().text()).toBe(true);
  return (await response.json()) as RunView;
}

function approve(origin: string, { run, pending }: RunView): Promise<RunView> {
  return post(`${origin}/api/runs/${run}/approve`, { proposal: pending?.proposal });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

describe.concurrent("a receiver that fails twice and then accepts", () => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let deployment: Deployment;
  beforeAll(async () => {
    receiver = await startReceiver((nth) => (nth <= 2 ? 503 : 204));
    deployment = await serve(receiver.url);
  });
  afterAll(async () => {
    await deployment.stop();
    await close(receiver.server);
  });

  it("gets each event once, signed, with a link to the run", async ({ expect }) => {
    const started = await post(`${deployment.origin}/api/runs`);
    const accepted = () => receiver.deliveries.filter(({ status }) => status === 204);
    await expect.poll(() => accepted().length, { timeout: 45_000, interval: 200 }).toBe(1);
    const run = await approve(deployment.origin, started);
    await expect.poll(() => accepted().length, { timeout: 45_000, interval: 200 }).toBe(2);
    expect(receiver.deliveries).toHaveLength(6);
    for (const { body, headers } of receiver.deliveries) {
      expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
    }
    expect(new Set(receiver.deliveries.map(({ body }) => body)).size).toBe(2);
    const events = accepted().map(({ body }) => JSON.parse(body));
    expect(events.map(({ type }) => type).sort()).toEqual(["run.decision_awaited", "run.ended"]);
    const ended = events.find(({ type }) => type === "run.ended");
    expect(ended.data).toMatchObject({
      run: run.run,
      status: "completed",
      outcome: "resolved",
      receipt: { digest: run.head },
    });
    const page = await fetch(ended.data.url);
    expect(await page.text()).toContain(run.run);
  }, 120_000);
});

describe.concurrent("a receiver that is down while somebody decides", () => {
  it("is not called for a decision that has been made, and hears of the end", async ({ expect }) => {
    const receiver = await startReceiver((nth) => (nth === 1 ? 503 : 204));
    const deployment = await serve(receiver.url);
    const started = await post(`${deployment.origin}/api/runs`);
    await expect.poll(() => receiver.deliveries.length, { timeout: 10_000 }).toBe(1);
    await approve(deployment.origin, started);
    // The end was told later, so by its second try the first event has had the time for one, too.
    const accepted = () => receiver.deliveries.filter(({ status }) => status === 204);
    const ended = () => accepted().filter(({ body }) => body.includes("run.ended"));
    await expect.poll(() => ended().length, { timeout: 45_000, interval: 200 }).toBe(1);
    expect(receiver.deliveries.map(({ body }) => JSON.parse(body).type)).toEqual([
      "run.decision_awaited",
      "run.ended",
      "run.ended",
    ]);
    await deployment.stop();
    await close(receiver.server);
  }, 300_000);
});

describe.concurrent("a receiver that never answers", () => {
  it("holds up no start and no decision", async ({ expect }) => {
    const receiver = await startReceiver(() => null);
    const deployment = await serve(receiver.url);
    const run = await approve(deployment.origin, await post(`${deployment.origin}/api/runs`));
    expect(run).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
    // Answered while the receiver still holds the event about the decision that was awaited.
    await expect.poll(() => receiver.deliveries.length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(receiver.deliveries.every(({ status }) => status === null)).toBe(true);
    // In the end the sender hangs up, so that tries do not pile up as open connections.
    await expect.poll(() => receiver.givenUp.length, { timeout: 45_000 }).toBeGreaterThan(0);
    await deployment.stop();
    await close(receiver.server);
  }, 300_000);
});

describe.concurrent("a deployment whose ISSUER ends with a slash", () => {
  it("links to the run all the same", async () => {
    const receiver = await startReceiver(() => 204);
    const place = await startServer();
    await place.stop();
    const deployment = await startServer({
      port: Number(new URL(place.origin).port),
      vars: { ISSUER: `${place.origin}/`, WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: SECRET },
    });
    const { run } = await post(`${deployment.origin}/api/runs`);
    await expect.poll(() => receiver.deliveries.length, { timeout: 10_000 }).toBe(1);
    expect(JSON.parse(receiver.deliveries[0]?.body ?? "").data.url).toBe(`${place.origin}/runs/${run}`);
    await deployment.stop();
    await close(receiver.server);
  });
});
