// Talks to the Worker of the edge's tests as an outside client would: over HTTP, with JSON; under its own variables or others. The runs
// behind it are real Durable Objects, and a deployment notes which of them were asked.
import { env as workersEnv } from "cloudflare:workers";
import { expect } from "vitest";
import { type Bundle, follow, type Lineage, type Report, verify } from "../../src/chain/index.ts";
import type { LineageView, ReceiptList, RunView } from "../../src/host/index.ts";
import { type Predicate, sha256Hex } from "../../src/receipt/index.ts";
import app, { type TestEnv } from "./worker.ts";

/** The bindings of wrangler.toml beside this. */
export const env = workersEnv as unknown as TestEnv;

export const UNKNOWN = "run-000000000000000000000000";
export const ISSUER = "http://localhost:8787";
/** What a browser sends with a form of our own page. */
export const SAME_ORIGIN = { origin: ISSUER, "sec-fetch-site": "same-origin" };

type Vars = { readonly [Name in keyof TestEnv]?: TestEnv[Name] | undefined };

export interface Deployment {
  readonly asked: string[];
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  readonly submit: (
    path: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ) => Promise<Response>;
  /** The same deployment with some variables changed. */
  readonly but: (others: Vars) => Deployment;
}

/** The edge under these variables. `asked` holds the names of the runs that it turned to. */
export function deploy(vars: Vars, origin = ISSUER): Deployment {
  const asked: string[] = [];
  const RUN = new Proxy(env.RUN, {
    get: (runs, key) =>
      key === "getByName"
        ? (name: string) => {
            asked.push(name);
            return runs.getByName(name);
          }
        : Reflect.get(runs, key, runs),
  });
  const changed = { ...env, RUN, ...vars };
  const ask = async (path: string, init: RequestInit = {}) => app.request(`${origin}${path}`, init, changed);
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const submit = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    ask(path, { method: "POST", headers, body: new URLSearchParams(fields) });
  return { asked, ask, post, submit, but: (others) => deploy({ ...vars, ...others }, origin) };
}

const here = deploy({});
export const request = here.ask;
export const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  here.post(path, body, headers);

/** GETs JSON and expects 200. */
export async function get<Value>(path: string): Promise<Value> {
  const response = await request(path);
  expect(response.status, `${path}: ${await response.clone().text()}`).toBe(200);
  return response.json();
}

/** Starts a run and expects it to wait for a decision. `alert` may say what is to be set. */
export async function startRun(alert: object = {}, headers: Record<string, string> = {}): Promise<RunView> {
  const response = await post("/api/runs", { alert }, headers);
  expect(response.status, await response.clone().text()).toBe(201);
  const view: RunView = await response.json();
  expect(view.status, JSON.stringify(view.outcome)).toBe("awaiting_decision");
  return view;
}

export type How = "approve" | "reject" | "request-changes";

/** Sends a decision on the open proposal and returns the response. */
export function decide(view: RunView, how: How, more: Record<string, unknown> = {}, headers = {}) {
  return post(`/api/runs/${view.run}/${how}`, { proposal: view.pending?.proposal, ...more }, headers);
}

/** Sends a decision, expects 200 and returns the view. */
export async function decided(view: RunView, how: How, more: Record<string, unknown> = {}): Promise<RunView> {
  const response = await decide(view, how, more);
  expect(response.status, await response.clone().text()).toBe(200);
  return response.json();
}

/** A run that a reviewer rejected for a reason. */
export const rejectedFor = async (reason: string) => decided(await startRun(), "reject", { reason });

/** A run that goes on from another. */
export async function continued(run: string, alert?: object): Promise<RunView> {
  const response = await post("/api/runs", { continues: { run }, ...(alert && { alert }) });
  expect(response.status, await response.clone().text()).toBe(201);
  return response.json();
}

export const receiptsOf = (run: string) => get<ReceiptList>(`/api/runs/${run}/receipts`);
export const bundleOf = (run: string) => get<Bundle>(`/api/runs/${run}/bundle`);
export const lineageOf = (run: string) => get<LineageView>(`/api/runs/${run}/lineage`);

/** The kinds of a run's receipts, in order. */
export async function kindsOf(run: string): Promise<string[]> {
  return (await receiptsOf(run)).receipts.map(({ kind }) => kind);
}

/** The predicates of a run's receipts of one kind. */
export async function predicatesOf<K extends "alert" | "decision" | "proposal" | "execution">(
  run: string,
  kind: K,
): Promise<Predicate<K>[]> {
  const { receipts } = await receiptsOf(run);
  return receipts
    .filter((receipt) => receipt.kind === kind)
    .map(({ statement }) => statement.predicate as Predicate<K>);
}

/** Fetches a run's bundle and the trust policy, and verifies one under the other. */
export async function verifyRun(run: string): Promise<Report> {
  const { report } = await verify(await bundleOf(run), await get("/.well-known/countersign.json"), { run });
  return report;
}

/** The same for a run and all before it. */
export async function followRun(run: string): Promise<Lineage> {
  return follow(await bundleOf(run), [await get("/.well-known/countersign.json")], { run });
}

/** The code of a problem, with its status. */
export async function refusalOf(response: Response): Promise<[number, string]> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return [response.status, (await response.json<{ code: string }>()).code];
}

/** Does something that must be refused, and expects that the run's chain is the same afterwards. */
export async function expectNothingSigned(run: string, work: () => Promise<void>): Promise<void> {
  const before = await receiptsOf(run);
  await work();
  expect(await receiptsOf(run)).toEqual(before);
}

/** A reviewer's token and its entry in `REVIEWER_TOKENS`. */
export function issue(id: string, may?: "start" | "decide") {
  const token = `${id}-${crypto.randomUUID()}`;
  const sha256 = sha256Hex(new TextEncoder().encode(token));
  return { token, entry: { id, sha256, ...(may && { may }) }, bearer: { authorization: `Bearer ${token}` } };
}

/** A deployment where these people sign in with their tokens. */
export function tokens(people: readonly ReturnType<typeof issue>[], more: Vars = {}, origin?: string) {
  const REVIEWER_TOKENS = JSON.stringify(people.map(({ entry }) => entry));
  return deploy({ REVIEW_AUTH: "token", REVIEWER_TOKENS, ...more }, origin);
}

/** Every path and method of the app, with a real run in place of `:run`. New routes come in by themselves. */
export function routesOf(run: string): { method: string; path: string }[] {
  const seen = new Map<string, { method: string; path: string }>();
  for (const { method, path } of app.routes) {
    if (method === "ALL" || method === "OPTIONS") continue;
    const filled = path
      .replace(":run", run)
      .replace(":source", "grafana")
      .replace(":seq", "0")
      .replace(":resource", "flag%3Anew_pricing")
      .replace(":digest", `sha256:${"0".repeat(64)}`);
    seen.set(`${method} ${filled}`, { method, path: filled });
  }
  return [...seen.values()];
}

/** A body that the route would take from somebody who may send it. */
export function goodBody(path: string, view: RunView): RequestInit {
  const proposal = view.pending?.proposal ?? "";
  if (!path.startsWith("/api/")) {
    return { body: new URLSearchParams({ proposal, decision: "approve", reason: "" }) };
  }
  const body = path.endsWith("request-changes")
    ? { proposal, feedback: "Answer 409." }
    : path.endsWith("/revert")
      ? { execution: proposal }
      : path.includes("/resources/")
        ? { content: true }
        : { proposal };
  return {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(path === "/api/runs" ? {} : body),
  };
}

/** The code of a problem. */
export const codeOf = async (response: Response): Promise<string> => (await refusalOf(response))[1];

/** The starter and the last decision's reviewer, as they were signed. */
export async function signedBy(run: string) {
  const [alert] = await predicatesOf(run, "alert");
  const decision = (await predicatesOf(run, "decision")).at(-1);
  return { startedBy: alert?.startedBy, reviewer: decision?.reviewer };
}
