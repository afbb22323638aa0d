// A start with an Idempotency-Key happens once, however often, in whatever spelling and however close together it is sent.
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { decided, kindsOf, post, request } from "./client.ts";
import { stubOf } from "./inside.ts";

const start = (key: string, body: unknown = {}) => post("/api/runs", body, { "idempotency-key": key });

async function started(key: string, body: unknown = {}): Promise<RunView> {
  const answer = await start(key, body);
  expect(answer.status).toBe(201);
  return answer.json();
}

describe("a start with an Idempotency-Key", () => {
  it("sent again is the same run as it is by then: waiting, thrown out of memory, ended", async () => {
    const key = crypto.randomUUID();
    const first = await started(key);
    expect(await started(key)).toEqual(first);
    await evictDurableObject(stubOf(first.run));
    expect(await started(key)).toEqual(first);
    const done = await decided(first, "approve");
    expect(await started(key)).toEqual(done);
    expect(await kindsOf(first.run)).toHaveLength(8);
  });

  it("raced by others with two bodies starts one run, for one of the bodies, and refuses the other body", async () => {
    const key = crypto.randomUUID();
    const bodies = [{ alert: { title: "One" } }, { alert: { title: "Other" } }];
    const answers = await Promise.all([0, 1, 0, 1, 0, 1].map((which) => start(key, bodies[which])));
    const won = answers.filter(({ status }) => status === 201);
    const lost = answers.filter(({ status }) => status === 422);
    expect([won.length, lost.length]).toEqual([3, 3]);
    for (const answer of lost)
      expect(await answer.json()).toMatchObject({ code: "ERR_IDEMPOTENCY_KEY_REUSED" });
    const runs = new Set(await Promise.all(won.map(async (answer) => (await answer.json<RunView>()).run)));
    expect(runs.size).toBe(1);
    expect(await kindsOf([...runs][0] ?? "")).toEqual(["alert", "evidence", "proposal", "preview"]);
  });

  it("is the same start in another spelling: of the key with or without quotes, of the body as JSON", async () => {
    const key = crypto.randomUUID();
    const { run } = await started(`"${key}"`, { alert: { title: "A", source: "b" } });
    const body = ' { "alert" : { "source":"b", "title":"\\u0041" } } ';
    const headers = { "content-type": "application/json", "idempotency-key": key };
    const answer = await request("/api/runs", { method: "POST", body, headers });
    expect([answer.status, (await answer.json<RunView>()).run]).toEqual([201, run]);
  });

  it("takes a missing body and {} for the same", async () => {
    const key = crypto.randomUUID();
    const { run } = await started(key);
    const answer = await request("/api/runs", { method: "POST", headers: { "idempotency-key": key } });
    expect([answer.status, (await answer.json<RunView>()).run]).toEqual([201, run]);
  });

  it("with another key is another run, and without a key always a new one", async () => {
    const runs = await Promise.all([
      started('"a \\"b\\""'),
      started('"a \\\\b"'),
      started(crypto.randomUUID()),
      ...[1, 2].map(async () => (await post("/api/runs")).json<RunView>()),
    ]);
    expect(new Set(runs.map(({ run }) => run)).size).toBe(5);
  });

  it.each([
    ["nothing", '""'],
    ["a space", "a b"],
    ["two keys", "a, b"],
    ["two keys in quotes", '"a", "b"'],
    ["a quote left open", '"a'],
    ["a quote inside", '"a"b"'],
    ["an escape of nothing", '"a\\b"'],
    ["a parameter", '"a";b=1'],
    ["more than 200 characters", "k".repeat(201)],
    ["more than 200 characters in quotes", `"${"k".repeat(201)}"`],
  ])("is refused when the key is %s", async (_, key) => {
    const answer = await start(key);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "ERR_HEADER" });
  });

  it("takes 200 characters", async () => {
    await started(`"${"k".repeat(200)}"`);
  });
});
