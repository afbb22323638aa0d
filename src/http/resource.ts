// A path and the methods it takes. Every other method is answered with 405 and what is allowed instead.
import type { Context, Hono } from "hono";
import type { Env } from "../run/env.ts";
import { problem } from "./problem.ts";

type Handler = (c: Context<{ Bindings: Env }>) => Response | Promise<Response>;

/** Registers a resource. HEAD comes with GET. */
export function resource(
  app: Hono<{ Bindings: Env }>,
  path: string,
  handlers: Partial<Record<"GET" | "POST", Handler>>,
): void {
  const allow = [
    ...(handlers.GET ? ["GET", "HEAD"] : []),
    ...(handlers.POST ? ["POST"] : []),
    "OPTIONS",
  ].join(", ");
  if (handlers.GET) app.get(path, handlers.GET);
  if (handlers.POST) app.post(path, handlers.POST);
  app.options(path, () => new Response(null, { status: 204, headers: { allow } }));
  app.all(path, (c) =>
    problem({ code: "ERR_METHOD", message: `expected ${allow}, got ${c.req.method}` }, c.req.path, { allow }),
  );
}
