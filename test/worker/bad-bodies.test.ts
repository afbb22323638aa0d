// Whatever a client sends is answered with the right status and a problem that says what to do; never a 500.
import { describe, expect, it } from "vitest";
import { get, ISSUER, post, predicatesOf, receiptsOf, request, startRun, UNKNOWN } from "./client.ts";

const RUN = `/api/runs/${UNKNOWN}`;
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
  ["an instant that is none", "/api/runs", json('{"alert":{"firedAt":"yesterday"}}'), 422],
  ["a title longer than 300", "/api/runs", json(JSON.stringify({ alert: { title: "x".repeat(301) } })), 422],
  ["a lone surrogate in a detail", "/api/runs", json('{"alert":{"detail":"\\ud800"}}'), 422],
  ["a member that a schema would drop", "/api/runs", json('{"alert":{"detail":{"__proto__":{"a":1}}}}'), 422],
  ["nesting without end", "/api/runs", json(`{"alert":{"n":${"[".repeat(5000)}${"]".repeat(5000)}}}`), 422],
  ["the wrong content type", "/api/runs", json("{}", "text/plain"), 415],
  [
    "a bundle of version 1",
    "/api/runs",
    json("{}", "application/vnd.countersign.bundle+json;version=1"),
    415,
  ],
  [
    "a bundle that is none",
    "/api/runs",
    json("{}", "application/vnd.countersign.bundle+json;version=2"),
    422,
  ],
  ["5 MB", "/api/runs", json(`{"alert":{"n":"${"x".repeat(5_000_000)}"}}`), 413],
  ["DELETE on a collection", "/api/runs", { method: "DELETE" }, 405],
  ["PUT on a run", RUN, { method: "PUT", body: "{}" }, 405],
  ["GET on a decision", `${RUN}/approve`, {}, 405],
  ["GET on a resource", `${RUN}/resources/a`, {}, 405],
  ["an unknown run", RUN, {}, 404],
  ["a name that no run has", "/api/runs/..%2f..%2fetc", {}, 404],
  ["an artifact of an unknown run", `${RUN}/artifacts/${DIGEST}`, {}, 404],
  ["a decision on an unknown run", `${RUN}/approve`, json(`{"proposal":"${DIGEST}"}`), 404],
  ["a decision without a proposal", `${RUN}/approve`, json("{}"), 422],
  ["a decision without a body", `${RUN}/approve`, { method: "POST" }, 400],
  ["a proposal that is no digest", `${RUN}/reject`, json('{"proposal":"latest"}'), 422],
  [
    "a reason without end",
    `${RUN}/reject`,
    json(`{"proposal":"${DIGEST}","reason":"${"x".repeat(3000)}"}`),
    422,
  ],
  ["a role without end", `${RUN}/reject`, json(`{"proposal":"${DIGEST}","role":"${"x".repeat(41)}"}`), 422],
  ["no feedback", `${RUN}/request-changes`, json(`{"proposal":"${DIGEST}"}`), 422],
  [
    "an edit with a number that JSON would round",
    `${RUN}/request-changes`,
    json(`{"proposal":"${DIGEST}","edit":{"connector":"a","method":"b","args":{"n":9007199254740993}}}`),
    422,
  ],
  ["a path that is nowhere", "/api/nothing", {}, 404],
];

describe("a bad request", () => {
  it.each(CASES)("%s gets a problem with its status", async (_, path, init, status) => {
    const response = await request(path, init);
    expect(response.status, await response.clone().text()).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.has("allow")).toBe(status === 405);
    const problem: Record<string, unknown> = await response.json();
    expect(problem).toMatchObject({ status, instance: expect.any(String), title: expect.any(String) });
    expect(problem.code).toMatch(/^ERR_[A-Z_]+$/);
    expect(String(problem.detail).length).toBeGreaterThan(10);
  });
});

describe("a start", () => {
  it("takes an alert of one's own, and keeps what else it says", async () => {
    const alert = { source: "pager", title: "It hurts", firedAt: "2026-11-23T05:30:00.000Z", severity: 1 };
    const answer = await post("/api/runs", { alert });
    const { run } = await answer.json<{ run: string }>();
    expect([answer.status, answer.headers.get("location")]).toEqual([201, `/api/runs/${run}`]);
    const [signed] = await predicatesOf(run, "alert");
    expect(signed).toMatchObject({
      source: "pager",
      title: "It hurts",
      firedAt: alert.firedAt,
      issuer: ISSUER,
    });
    const { receipts } = await receiptsOf(run);
    const { sha256 } = receipts[0]?.statement.subject[0]?.digest ?? { sha256: "" };
    const artifact = await request(`/api/runs/${run}/artifacts/sha256:${sha256}`);
    expect(artifact.headers.get("content-security-policy")).toContain("sandbox");
    expect(await artifact.json()).toMatchObject({ alert });
  });
});

describe("what a deployment publishes", () => {
  it("is its keys, as a JWKS and as a trust policy, and its reviewers", async () => {
    const policy = await get<{ keys: { kid: string; role: string }[]; reviewers: { id: string }[] }>(
      "/.well-known/countersign.json",
    );
    expect(policy.keys.map(({ role }) => role)).toEqual(["agent", "human", "runtime"]);
    expect(policy.reviewers.map(({ id }) => id)).toEqual(["owner-1", "owner-2", "carol"]);
    const jwks = await get<{ keys: { kid: string }[] }>("/.well-known/jwks.json");
    expect(jwks.keys.map(({ kid }) => kid)).toEqual(policy.keys.map(({ kid }) => kid));
  });
});

describe("an artifact", () => {
  it("is served by its digest in either spelling, and not by any other name", async () => {
    const { run, pending } = await startRun();
    const hex = pending?.action.slice("sha256:".length);
    for (const name of [pending?.action, hex]) {
      expect(await get(`/api/runs/${run}/artifacts/${name}`)).toMatchObject({ method: "set" });
    }
    for (const name of [DIGEST, "latest"]) {
      expect((await request(`/api/runs/${run}/artifacts/${name}`)).status).toBe(404);
    }
  });
});
