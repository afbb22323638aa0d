// The API's document against the API: no route is missing, every status in it is answered by a test, every answer fits its schema.
import { env } from "cloudflare:workers";
import { afterAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { RunView } from "../../src/chain/index.ts";
import { app } from "../../src/http/app.ts";
import { problemDetails } from "../../src/http/openapi/answers.ts";
import type { Operation } from "../../src/http/openapi/operation.ts";
import { OPERATIONS } from "../../src/http/openapi/operations.ts";
import { CLOUDFLARE } from "./alert-payloads.ts";
import { request } from "./client.ts";

const UNKNOWN = "run-000000000000000000000000";
const LARGE = JSON.stringify({ reason: "x".repeat(70_000) });
const JSON_TYPE = { "content-type": "application/json" };

/** What has been answered so far, as `get /api/runs/{run} 200`. */
const answered = new Set<string>();

function operation(id: string): Operation {
  const found = OPERATIONS.find((one) => one.id === id);
  if (!found) throw new Error(`expected an operation ${id}`);
  return found;
}

/** Sends a request of an operation, and holds the answer to what the document says of it. */
async function send(
  id: string,
  status: number,
  {
    params = {},
    query = "",
    body,
    headers = {},
  }: {
    params?: Record<string, string>;
    query?: string;
    body?: unknown;
    headers?: Record<string, string>;
  } = {},
  deployment?: object,
): Promise<Response> {
  const { method, path, answers, refuses } = operation(id);
  const address = `${path.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "")}${query}`;
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const init = {
    method: method.toUpperCase(),
    headers: { ...(body === undefined ? {} : JSON_TYPE), ...headers },
    ...sent,
  };
  const response = deployment
    ? await app.request(address, init, { ...env, ...deployment })
    : await request(address, init);
  expect(
    response.status,
    `${method} ${address}: ${response.webSocket ? "" : await response.clone().text()}`,
  ).toBe(status);
  const answer = answers.find((one) => one.status === status);
  expect(answer ?? refuses[status], `${id} ${status} is not in the document`).toBeDefined();
  const type = response.headers.get("content-type")?.split(";")[0];
  const schema: z.ZodType | undefined = answer ? answer.content?.schema : problemDetails;
  expect(type ?? null).toBe(answer ? (answer.content?.type ?? null) : "application/problem+json");
  if (schema)
    schema.parse(type === "text/plain" ? await response.clone().text() : await response.clone().json());
  answered.add(`${method} ${path} ${status}`);
  return response;
}

async function start(): Promise<RunView> {
  return (await send("startRun", 201)).json();
}

describe("the document", () => {
  it("names every route of the API, and no other", () => {
    const routes = app.routes
      .filter(
        ({ method, path }) =>
          ["GET", "POST"].includes(method) && /^\/(api|\.well-known|healthz|openapi)/.test(path),
      )
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect([...new Set(routes)].sort()).toEqual(
      OPERATIONS.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });

  it("is told of at /docs, every operation of it", async () => {
    const page = await request("/docs");
    const html = await page.text();
    expect(page.status).toBe(200);
    for (const { id, path } of OPERATIONS) {
      expect(html).toContain(`id="${id}"`);
      expect(html).toContain(path);
    }
  });
});

describe("every answer is as the document says", () => {
  it("starting and listing", async () => {
    await start();
    await send("startRun", 400, { body: "{" });
    await send("startRun", 413, { body: LARGE });
    await send("startRun", 415, { body: "{}", headers: { "content-type": "text/plain" } });
    await send("startRun", 422, { body: { alert: 3 } });
    await send("startRun", 422, { body: { continues: { run: UNKNOWN } } });
    await send("startRun", 409, { body: { continues: { run: (await start()).run } } });
    await send("listRuns", 200);
    await send("listRuns", 200, { query: "?status=awaiting_decision&limit=1" });
    await send("listRuns", 400, { query: "?colour=red" });
  });

  it.each([
    ["approve", {}],
    ["reject", {}],
    ["requestChanges", { feedback: "answer 409 instead" }],
  ])("%s", async (id, more) => {
    const { run, pending } = await start();
    const body = { proposal: pending?.proposal, ...more };
    await send(id, 400, { params: { run }, body: "{" });
    await send(id, 404, { params: { run: UNKNOWN }, body });
    await send(id, 409, { params: { run }, body: { ...body, proposal: `sha256:${"0".repeat(64)}` } });
    await send(id, 413, { params: { run }, body: LARGE });
    await send(id, 415, {
      params: { run },
      body: JSON.stringify(body),
      headers: { "content-type": "text/plain" },
    });
    await send(id, 422, { params: { run }, body: { ...body, proposal: "the open one" } });
    await send(id, 200, { params: { run }, body });
  });

  it("looking at a run, at its receipts, bundle, artifacts and gate", async () => {
    const { run, pending } = await start();
    for (const id of ["getRun", "getReceipts", "getBundle", "getGate", "getLineage"]) {
      await send(id, 200, { params: { run } });
      await send(id, 404, { params: { run: UNKNOWN } });
    }
    await send("getReceipt", 200, { params: { run, seq: "3" } });
    await send("getReceipt", 404, { params: { run, seq: "4" } });
    await send("getArtifact", 200, { params: { run, digest: pending?.action ?? "" } });
    await send("getArtifact", 404, { params: { run, digest: "0".repeat(64) } });
    const opened = await send("watchRun", 101, { params: { run }, headers: { upgrade: "websocket" } });
    opened.webSocket?.accept();
    opened.webSocket?.close();
    await send("watchRun", 426, { params: { run } });
    await send("watchRun", 404, { params: { run: UNKNOWN }, headers: { upgrade: "websocket" } });
  });

  it("taking alerts", async () => {
    const params = { source: "cloudflare" };
    await send("raiseAlerts", 200, { params, body: CLOUDFLARE });
    await send("raiseAlerts", 400, { params, body: "{" });
    await send("raiseAlerts", 401, { params, body: CLOUDFLARE }, { ALERT_SECRET_CLOUDFLARE: "a secret" });
    await send("raiseAlerts", 404, { params: { source: "pagerduty" }, body: {} });
    await send("raiseAlerts", 413, { params, body: LARGE });
    await send("raiseAlerts", 422, { params, body: {} });
  });

  it("what a deployment says of itself", async () => {
    for (const id of ["getTrustPolicy", "getJwks", "getDocument", "getHealth"]) await send(id, 200);
    await send("getHealth", 503, {}, { AGENT_SIGNING_KEY: "" });
    await send("getTrustPolicy", 404, { query: "?issuer=https://other.example" });
  });

  afterAll(() => {
    const stated = OPERATIONS.flatMap(({ method, path, answers, refuses }) =>
      [...answers.map(({ status }) => status), ...Object.keys(refuses)].map(
        (status) => `${method} ${path} ${status}`,
      ),
    );
    expect([...answered].sort()).toEqual(stated.sort());
  });
});
