// The edge: whatever a client sends is answered with the right status and a problem that says what to do; never a 500.
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { app } from "../../src/http/app.ts";
import { get, post, request, startRun } from "./client.ts";

const UNKNOWN = `/api/runs/run-${"0".repeat(24)}`;
const DIGEST = `sha256:${"0".repeat(64)}`;
const json = (body: string, type = "application/json"): RequestInit => ({
  method: "POST",
  body,
  headers: { "content-type": type },
});

const CASES: readonly [name: string, path: string, init: RequestInit, status: number][] = [
  ["malformed JSON", "/api/runs", json("{"), 400],
  ["no UTF-8", "/api/runs", { ...json(""), body: new Uint8Array([0xff, 0xfe]) }, 400],
  ["an array for a body", "/api/runs", json("[]"), 422],
  ["an unknown member", "/api/runs", json('{"alarm":{}}'), 422],
  ["an alert of the wrong type", "/api/runs", json('{"alert":"on fire"}'), 422],
  ["a title of the wrong type", "/api/runs", json('{"alert":{"title":7}}'), 422],
  ["an instant that is none", "/api/runs", json('{"alert":{"firedAt":"yesterday"}}'), 422],
  ["a lone surrogate", "/api/runs", json('{"alert":{"title":"\\ud800"}}'), 422],
  ["a lone surrogate in a detail", "/api/runs", json('{"alert":{"detail":"\\ud800"}}'), 422],
  ["a member that a schema would drop", "/api/runs", json('{"alert":{"detail":{"__proto__":{"a":1}}}}'), 422],
  ["a number beyond all numbers", "/api/runs", json('{"alert":{"n":1e999}}'), 422],
  ["nesting without end", "/api/runs", json(`{"alert":{"n":${"[".repeat(5000)}${"]".repeat(5000)}}}`), 422],
  ["the wrong content type", "/api/runs", json("{}", "text/plain"), 415],
  ["a form", "/api/runs", json("a=b", "application/x-www-form-urlencoded"), 415],
  ["5 MB", "/api/runs", json(`{"alert":{"n":"${"x".repeat(5_000_000)}"}}`), 413],
  [
    "an Idempotency-Key that is none",
    "/api/runs",
    { ...json("{}"), headers: { "content-type": "application/json", "idempotency-key": "a b" } },
    400,
  ],
  ["DELETE on a collection", "/api/runs", { method: "DELETE" }, 405],
  ["PUT on a run", UNKNOWN, { method: "PUT", body: "{}" }, 405],
  ["GET on a decision", `${UNKNOWN}/approve`, {}, 405],
  ["POST on receipts", `${UNKNOWN}/receipts`, json("{}"), 405],
  ["an unknown run", UNKNOWN, {}, 404],
  ["a name that no run has", "/api/runs/..%2f..%2fetc", {}, 404],
  ["receipts of an unknown run", `${UNKNOWN}/receipts`, {}, 404],
  ["a bundle of an unknown run", `${UNKNOWN}/bundle`, {}, 404],
  ["a gate of an unknown run", `${UNKNOWN}/gate`, {}, 404],
  ["an artifact of an unknown run", `${UNKNOWN}/artifacts/${DIGEST}`, {}, 404],
  ["a decision on an unknown run", `${UNKNOWN}/approve`, json(`{"proposal":"${DIGEST}"}`), 404],
  ["a decision without a proposal", `${UNKNOWN}/approve`, json("{}"), 422],
  ["a decision without a body", `${UNKNOWN}/approve`, { method: "POST" }, 400],
  ["a proposal that is no digest", `${UNKNOWN}/reject`, json('{"proposal":"latest"}'), 422],
  ["a reason of the wrong type", `${UNKNOWN}/reject`, json(`{"proposal":"${DIGEST}","reason":1}`), 422],
  [
    "a reason without end",
    `${UNKNOWN}/reject`,
    json(`{"proposal":"${DIGEST}","reason":"${"x".repeat(3000)}"}`),
    422,
  ],
  ["no feedback", `${UNKNOWN}/request-changes`, json(`{"proposal":"${DIGEST}"}`), 422],
  ["blank feedback", `${UNKNOWN}/request-changes`, json(`{"proposal":"${DIGEST}","feedback":" "}`), 422],
  ["a path that is nowhere", "/api/nothing", {}, 404],
];

describe("a bad request", () => {
  it.each(CASES)("%s gets a problem with its status", async (_, path, init, status) => {
    const response = await request(path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.has("allow")).toBe(status === 405);
    const problem: Record<string, unknown> = await response.json();
    expect(problem).toMatchObject({ status, instance: expect.any(String), title: expect.any(String) });
    expect(problem.code).toMatch(/^ERR_[A-Z_]+$/);
    expect(String(problem.detail).length).toBeGreaterThan(10);
  });
});

describe("a start", () => {
  it("takes an empty body, {} or an alert of one's own", async () => {
    expect((await request("/api/runs", { method: "POST" })).status).toBe(201);
    const alert = { source: "pager", title: "It hurts", firedAt: "2026-11-23T05:30:00.000Z", severity: 1 };
    const answer = await post("/api/runs", { alert });
    expect(answer.status).toBe(201);
    const { run }: RunView = await answer.json();
    expect(answer.headers.get("location")).toBe(`/api/runs/${run}`);
    const { receipts } = await get<{
      receipts: { statement: { subject: { digest: { sha256: string } }[]; predicate: unknown } }[];
    }>(`/api/runs/${run}/receipts`);
    expect(receipts[0]?.statement.predicate).toMatchObject({
      source: "pager",
      title: "It hurts",
      firedAt: alert.firedAt,
    });
    const artifact = await request(
      `/api/runs/${run}/artifacts/sha256:${receipts[0]?.statement.subject[0]?.digest.sha256}`,
    );
    expect(artifact.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(artifact.headers.get("content-security-policy")).toContain("sandbox");
    expect(await artifact.json()).toMatchObject({
      alert,
      measured: { tally: { failed: expect.any(Number) } },
    });
  });

  it("with an Idempotency-Key is one run however often it is sent, and refuses another body", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const answers = await Promise.all([1, 2, 3].map(() => post("/api/runs", {}, headers)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const views = await Promise.all(answers.map((answer) => answer.json<RunView>()));
    expect(new Set(views.map(({ run }) => run)).size).toBe(1);
    const other = await post("/api/runs", { alert: { title: "Another" } }, headers);
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: "ERR_IDEMPOTENCY_KEY_REUSED" });
  });
});

describe("what a deployment publishes", () => {
  it("is its keys, as a JWKS and as a trust policy, and its health", async () => {
    const policy = await get<{ keys: { kid: string; role: string }[] }>("/.well-known/countersign.json");
    expect(policy.keys.map(({ role }) => role)).toEqual(["agent", "human", "runtime"]);
    const jwks = await get<{ keys: { kid: string }[] }>("/.well-known/jwks.json");
    expect(jwks.keys.map(({ kid }) => kid)).toEqual(policy.keys.map(({ kid }) => kid));
    expect(await get("/healthz")).toEqual({ keys: "loaded", storage: "reachable" });
  });
});

describe("/healthz", () => {
  it("is 503 when storage cannot be reached, also for a browser", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const RUN = new Proxy(env.RUN, {
      get: (runs, key) =>
        key === "getByName"
          ? () => ({ view: () => Promise.reject(new Error("storage is away")) })
          : Reflect.get(runs, key, runs),
    });
    const headers = { accept: "text/html" };
    const answer = await app.request("http://localhost:8787/healthz", { headers }, { ...env, RUN });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: "ERR_UNAVAILABLE" });
  });
});

describe("an artifact", () => {
  it("is served by its digest in either spelling, and not by any other name", async () => {
    const { run, pending } = await startRun();
    const hex = pending?.action.slice("sha256:".length);
    for (const name of [pending?.action, hex]) {
      expect(await get(`/api/runs/${run}/artifacts/${name}`)).toMatchObject({ method: "write_file" });
    }
    expect((await request(`/api/runs/${run}/artifacts/${DIGEST}`)).status).toBe(404);
    expect((await request(`/api/runs/${run}/artifacts/latest`)).status).toBe(404);
  });
});
