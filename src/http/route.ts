// A route of the API and its documentation, in one place: what answers, and what the OpenAPI document says of it. The schemas in it are
// those that the handler reads with.
import type { Hono } from "hono";
import type { z } from "zod";
import type { Ctx, EdgeEnv } from "./edge-env.ts";
import { problem } from "./problem.ts";

/** A body that is asked for or answered. */
interface Content {
  readonly type: string;
  readonly schema: z.ZodType;
}

/** An answer: its status, what it means, and its body if it has one. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly content?: Content;
}

export interface Route {
  readonly method: Lowercase<Method>;
  /** As in OpenAPI: `/api/runs/{run}`. */
  readonly path: string;
  readonly id: string;
  readonly tag: "Runs" | "Decisions" | "Records" | "Deployment" | "Alerts";
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: Content & { readonly required: boolean };
  readonly answers: readonly Answer[];
  /** The statuses it refuses with, and when. Each comes as problem details. */
  readonly refuses: Readonly<Record<number, string>>;
  readonly handle: Handler;
}

type Method = "GET" | "POST" | "PUT";
type Handler = (c: Ctx) => Response | Promise<Response>;

/** An answer in JSON. */
export function json(
  status: number,
  description: string,
  schema: z.ZodType,
  type = "application/json",
): Answer {
  return { status, description, content: { type, schema } };
}

/** Registers routes, with a 405 for every other method of their paths. */
export function addRoutes(app: Hono<{ Bindings: EdgeEnv }>, routes: readonly Route[]): void {
  for (const [path, ofPath] of Map.groupBy(routes, (route) => route.path)) {
    const handlers = ofPath.map(({ method, handle }) => [method.toUpperCase(), handle]);
    resource(app, path.replaceAll(/\{(\w+)\}/g, ":$1"), Object.fromEntries(handlers));
  }
}

/** Registers a path and the methods it takes. HEAD comes with GET; any other is answered with 405 and what is allowed instead. */
export function resource(
  app: Hono<{ Bindings: EdgeEnv }>,
  path: string,
  handlers: Partial<Record<Method, Handler>>,
): void {
  const { GET, POST, PUT } = handlers;
  const allow = [
    ...(GET ? ["GET", "HEAD"] : []),
    ...(POST ? ["POST"] : []),
    ...(PUT ? ["PUT"] : []),
    "OPTIONS",
  ].join(", ");
  if (GET) app.get(path, GET);
  if (POST) app.post(path, POST);
  if (PUT) app.put(path, PUT);
  app.options(path, () => new Response(null, { status: 204, headers: { allow } }));
  app.all(path, (c) =>
    problem({ code: "ERR_METHOD", message: `expected ${allow}, got ${c.req.method}` }, c.req.path, { allow }),
  );
}
