// 10,000 generated requests over every route: none gets a 5xx, none hangs, none changes anything, and whatever the API refuses
// it refuses as a problem with a code of its own.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { type ProblemCode, statusOf } from "../../src/http/problem.ts";
import { type BadRequest, badRequest } from "./bad-request.ts";
import { decided, deploy, env, get, receiptsOf, startRun } from "./client.ts";
import { emptyIndex } from "./inside.ts";

const HOW_MANY = 10_000;
const SEED = 20_261_123;

let open: RunView;
let ended: RunView;
beforeAll(async () => {
  await emptyIndex();
  open = await startRun();
  ended = await decided(await startRun(), "reject");
});

const here = deploy({});

/** The names on the desk's list. */
async function listed(): Promise<string[]> {
  const { runs } = await get<{ runs: { run: string }[] }>("/api/runs?limit=100");
  return runs.map(({ run }) => run).sort();
}

/** How often each kind of answer was given, to see that the generator reaches into every corner. */
const seen = new Map<string, number>();

async function answerTo({ method, path, headers, body }: BadRequest): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer within 10 s")), 10_000);
  });
  try {
    return await Promise.race([here.ask(path, { method, headers, body }), hung]);
  } finally {
    clearTimeout(timer);
  }
}

function looksOnly({ method, path }: BadRequest): boolean {
  return ["GET", "HEAD", "OPTIONS"].includes(method) || /^\/sign-(in|out)(\?|$)/.test(path);
}

async function expectHarmless(request: BadRequest): Promise<void> {
  const answer = await answerTo(request);
  const text = await answer.text();
  answer.webSocket?.accept();
  answer.webSocket?.close();
  expect(answer.status, text).toBeLessThan(500);
  // What is wrong with a message is told in JSON-RPC's own way, which is often a 200.
  if (/^\/mcp(\?|$)/.test(request.path)) {
    if (text !== "") expect(text).toMatch(/"(error|result|code)":/);
    return count(`MCP ${answer.status}`);
  }
  if (!looksOnly(request)) expect(answer.status, text).toBeGreaterThanOrEqual(400);
  if (answer.status < 400 || request.method === "HEAD") return count(`${answer.status}`);
  if (!request.path.startsWith("/api/") && !answer.headers.get("content-type")?.includes("json")) {
    expect(text).toMatch(/^<!doctype html>.*ERR_/s);
    return count(`${answer.status} page`);
  }
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem: { status: number; code: ProblemCode; detail: string } = JSON.parse(text);
  expect(problem.status).toBe(answer.status);
  // A code that nobody knows would be a 500.
  expect(statusOf(problem.code)).toBe(answer.status);
  expect(problem.detail.length).toBeGreaterThan(10);
  count(problem.code);
}

function count(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

describe("bad requests", () => {
  it(`change nothing and break nothing, ${HOW_MANY} times`, async () => {
    const list = [open.run, ended.run].sort();
    await expect.poll(listed).toEqual(list);
    const before = [await receiptsOf(open.run), await receiptsOf(ended.run)];
    await fc.assert(fc.asyncProperty(badRequest({ open, ended }), expectHarmless), {
      numRuns: HOW_MANY,
      seed: SEED,
    });
    expect([await receiptsOf(open.run), await receiptsOf(ended.run)]).toEqual(before);
    expect(await listed()).toEqual(list);
    // Every run that any of them turned to: none has come into being.
    const others = [...new Set(here.asked)].filter((name) => name !== open.run && name !== ended.run);
    for (const name of others) {
      const view = await env.RUN.getByName(name).view();
      expect(view, name).toMatchObject({ ok: false, refusal: { code: "ERR_RUN_UNKNOWN" } });
    }
    // The generator has reached every refusal that a request alone can cause, and good looks as well.
    const wanted = [
      ...[
        "ERR_BODY_JSON",
        "ERR_BODY_SCHEMA",
        "ERR_BODY_TYPE",
        "ERR_BODY_TOO_LARGE",
        "ERR_HEADER",
        "ERR_METHOD",
      ],
      ...["ERR_NOT_FOUND", "ERR_RUN_UNKNOWN", "ERR_CROSS_SITE", "ERR_DECISION_STALE", "ERR_ARTIFACT_MISSING"],
      ...["200", "204", "404 page", "422 page", "403 page"],
    ];
    expect(
      wanted.filter((code) => (seen.get(code) ?? 0) < 5),
      JSON.stringify([...seen]),
    ).toEqual([]);
    expect((await decided(open, "approve")).status).toBe("completed");
  }, 300_000);
});
