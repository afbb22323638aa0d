// The API's document against the API: no route is missing, every status in it is answered by a test, every answer fits its schema.
import { afterAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { RunView } from "../../src/host/index.ts";
import { problemDetails } from "../../src/http/openapi/answers.ts";
import type { Route } from "../../src/http/route.ts";
import { ROUTES } from "../../src/http/routes/routes.ts";
import { CLOUDFLARE } from "./alert-payloads.ts";
import { deploy, get, issue, receiptsOf } from "./client.ts";
import { withVars } from "./inside.ts";
import app from "./worker.ts";

const UNKNOWN = "run-000000000000000000000000";
/** She has two roles, so that she has to say in which she decides. */
const carol = issue("carol");
const APPROVALS = JSON.stringify([
  { role: "owner", count: 1 },
  { role: "reviewer", count: 1 },
]);
const viewOf = (run: string) => get<RunView>(`/api/runs/${run}`);
const LARGE = JSON.stringify({ reason: "x".repeat(70_000) });
const HUGE = JSON.stringify({ reason: "x".repeat(1_100_000) });
const JSON_TYPE = { "content-type": "application/json" };

/** What has been answered so far, as `get /api/runs/{run} 200`. */
const answered = new Set<string>();

function operation(id: string): Route {
  const found = ROUTES.find((one) => one.id === id);
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
  deployment: Parameters<typeof deploy>[0] = {},
): Promise<Response> {
  const { method, path, answers, refuses } = operation(id);
  const address = `${path.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "")}${query}`;
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const init = {
    method: method.toUpperCase(),
    headers: { ...(body === undefined ? {} : JSON_TYPE), ...headers },
    ...sent,
  };
  const response = await deploy(deployment).ask(address, init);
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
          ["GET", "POST", "PUT"].includes(method) && /^\/(api|\.well-known|healthz|openapi)/.test(path),
      )
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect([...new Set(routes)].sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  });
});

describe("the document's page", () => {
  it("tells of every route", async () => {
    const page = await deploy({}).ask("/docs");
    const html = await page.text();
    expect(page.status).toBe(200);
    for (const { path } of ROUTES) expect(html).toContain(path);
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
    await send(id, 413, { params: { run }, body: HUGE });
    await send(id, 415, {
      params: { run },
      body: JSON.stringify(body),
      headers: { "content-type": "text/plain" },
    });
    await send(id, 422, { params: { run }, body: { ...body, proposal: "the open one" } });
    await send(id, 403, { params: { run }, body: { ...body, role: "owner" } });
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
    await send("getIntent", 200, { params: { run }, query: "?decision=approve" });
    await send("getIntent", 404, { params: { run: UNKNOWN }, query: "?decision=approve" });
    await send("getIntent", 400, { params: { run }, query: "?decision=yes" });
    await send("getArtifact", 200, { params: { run, digest: pending?.action ?? "" } });
    await send("getArtifact", 404, { params: { run, digest: "0".repeat(64) } });
    const opened = await send("watchRun", 101, { params: { run }, headers: { upgrade: "websocket" } });
    opened.webSocket?.accept();
    opened.webSocket?.close();
    await send("watchRun", 426, { params: { run } });
    await send("watchRun", 404, { params: { run: UNKNOWN }, headers: { upgrade: "websocket" } });
  });

  it("the intent of a decision, where it cannot be told", async () => {
    const { run } = await start();
    const params = { run };
    const strangers = { REVIEW_AUTH: "token", REVIEWER_TOKENS: JSON.stringify([carol.entry]) };
    await send("getIntent", 401, { params, query: "?decision=approve" }, strangers);
    const edit = encodeURIComponent(JSON.stringify({ connector: "flags", method: "set", args: {} }));
    await send("getIntent", 422, { params, query: `?decision=request_changes&edit=${edit}` });
    const several = await withVars({ APPROVALS, REVIEW_AUTH: "token" }, () => start());
    await send(
      "getIntent",
      403,
      { params: { run: several.run }, query: "?decision=approve", headers: carol.bearer },
      strangers,
    );
    await send("reject", 200, { params, body: { proposal: (await viewOf(run)).pending?.proposal } });
    await send("getIntent", 409, { params, query: "?decision=approve" });
  });

  it("undoing, and changing a resource", async () => {
    const { run, pending } = await start();
    const params = { run };
    const resource = { run, resource: "flag%3Anew_pricing" };
    await send("putResource", 204, { params: resource, body: { content: true } });
    await send("putResource", 400, { params: resource, body: "{" });
    await send("putResource", 404, { params: { ...resource, run: UNKNOWN }, body: { content: true } });
    await send("putResource", 413, { params: resource, body: HUGE });
    await send("putResource", 415, {
      params: resource,
      body: "{}",
      headers: { "content-type": "text/plain" },
    });
    await send("putResource", 422, { params: resource, body: {} });
    const proposal = pending?.proposal;
    await send("revertRun", 409, { params, body: { execution: proposal } });
    await send("approve", 200, { params, body: { proposal } });
    await send("putResource", 409, { params: resource, body: { content: true } });
    const execution = (await receiptsOf(run)).receipts.find(({ kind }) => kind === "execution")?.digest;
    await send("revertRun", 201, { params, body: { execution } });
    await send("revertRun", 400, { params, body: "{" });
    await send("revertRun", 404, { params: { run: "nonsense" }, body: { execution } });
    await send("revertRun", 413, { params, body: LARGE });
    await send("revertRun", 415, { params, body: "{}", headers: { "content-type": "text/plain" } });
    await send("revertRun", 422, { params, body: { execution: proposal } });
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
    const stated = ROUTES.flatMap(({ method, path, answers, refuses }) =>
      [...answers.map(({ status }) => status), ...Object.keys(refuses)].map(
        (status) => `${method} ${path} ${status}`,
      ),
    );
    expect([...answered].sort()).toEqual(stated.sort());
  });
});
