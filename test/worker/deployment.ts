// The HTTP edge under other variables than the local ones. The runs behind it are the same real Durable Objects, and the
// deployment notes which of them were asked, so that a test can tell that a refusal came before all of them.
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { app } from "../../src/http/app.ts";
import { sha256Hex } from "../../src/receipt/index.ts";
import type { Env } from "../../src/run/env.ts";
import { receiptsOf } from "./client.ts";

type Vars = { readonly [Name in keyof Env]?: Env[Name] | undefined };

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

/** A deployment with these variables. `asked` holds the names of the runs that it turned to. */
export function deploy(vars: Vars, origin = "http://localhost:8787"): Deployment {
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
  const but = (others: Vars): Deployment => deploy({ ...vars, ...others }, origin);
  return { asked, ask, post, submit, but };
}

/** A reviewer's token and its entry in `REVIEWER_TOKENS`. */
export function issue(id: string, may?: "start" | "decide") {
  const token = `${id}-${crypto.randomUUID()}`;
  const sha256 = sha256Hex(new TextEncoder().encode(token));
  return { token, entry: { id, sha256, ...(may && { may }) }, bearer: { authorization: `Bearer ${token}` } };
}

/** Every path and method of the app, with a real run in place of `:run`. New routes come in by themselves. */
export function routesOf(run: string): { method: string; path: string }[] {
  const seen = new Map<string, { method: string; path: string }>();
  for (const { method, path } of app.routes) {
    if (method === "ALL" || method === "OPTIONS") continue;
    const filled = path
      .replace(":run", run)
      .replace(":source", "grafana")
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
  const body = path.endsWith("request-changes") ? { proposal, feedback: "Answer 409." } : { proposal };
  return {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(path === "/api/runs" ? {} : body),
  };
}

/** Does something that must be refused, and expects that the run's chain is the same afterwards. */
export async function expectNothingSigned(run: string, work: () => Promise<void>): Promise<void> {
  const before = await receiptsOf(run);
  await work();
  expect(await receiptsOf(run)).toEqual(before);
}

/** The code of a problem. */
export async function codeOf(response: Response): Promise<string> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const { code }: { code: string } = await response.json();
  return code;
}

/** The decision and the alert of a run, as they were signed. */
export async function signedBy(run: string) {
  const { receipts } = await receiptsOf(run);
  const predicates = receipts.map(({ statement }) => statement.predicate);
  return {
    startedBy: predicates.flatMap((predicate) => ("startedBy" in predicate ? predicate.startedBy : []))[0],
    reviewer: predicates.flatMap((predicate) => ("reviewer" in predicate ? predicate.reviewer : []))[0],
  };
}
