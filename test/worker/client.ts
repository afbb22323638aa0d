// Talks to the Worker as an outside client would: over HTTP, with JSON. Used by every test that runs in workerd.
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import type { Bundle, Report, RunView } from "../../src/chain/index.ts";
import { verify } from "../../src/chain/index.ts";
import type { Env } from "../../src/run/env.ts";
import type { ReceiptList } from "../../src/run/run-api.ts";
import type { RunDurableObject } from "../../src/run/run-durable-object.ts";

type WorkerEnv = Env;

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {}
    interface GlobalProps {
      mainModule: typeof import("../../src/index.ts");
    }
  }
}

const ORIGIN = "http://localhost:8787";

/** One request to the Worker's own fetch handler. */
export function request(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`${ORIGIN}${path}`, init));
}

/** POSTs JSON. */
export function post(
  path: string,
  body: unknown = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return request(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

/** GETs JSON and expects 200. */
export async function get<Value>(path: string): Promise<Value> {
  const response = await request(path);
  expect(response.status, path).toBe(200);
  return response.json();
}

/** Starts a run and expects it to wait for a decision. */
export async function startRun(): Promise<RunView> {
  const response = await post("/api/runs");
  expect(response.status).toBe(201);
  const view: RunView = await response.json();
  expect(view.status).toBe("awaiting_decision");
  return view;
}

/** Sends a decision on the open proposal and returns the response. */
export function decide(
  view: RunView,
  how: "approve" | "reject" | "request-changes",
  more: Record<string, unknown> = {},
) {
  return post(`/api/runs/${view.run}/${how}`, { proposal: view.pending?.proposal, ...more });
}

/** Sends a decision, expects 200 and returns the view. */
export async function decided(...args: Parameters<typeof decide>): Promise<RunView> {
  const response = await decide(...args);
  expect(response.status, await response.clone().text()).toBe(200);
  return response.json();
}

export function receiptsOf(run: string): Promise<ReceiptList> {
  return get(`/api/runs/${run}/receipts`);
}

/** Fetches a run's bundle and the trust policy, and verifies one under the other. */
export async function verifyRun(run: string): Promise<Report> {
  const bundle = await get<Bundle>(`/api/runs/${run}/bundle`);
  return verify(bundle, await get("/.well-known/countersign.json"), { run });
}

/** The kinds of a run's receipts, in order. */
export async function kindsOf(run: string): Promise<string[]> {
  return (await receiptsOf(run)).receipts.map(({ kind }) => kind);
}

/** The Durable Object of a run. */
export function stubOf(run: string): DurableObjectStub<RunDurableObject> {
  return env.RUN.getByName(run);
}
