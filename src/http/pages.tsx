// placeholder, replaced in a moment
import type { Context, Hono } from "hono";
import type { Env } from "../run/env.ts";
export function addPages(app: Hono<{ Bindings: Env }>): void {
  app.get("/", (c) => c.text("Countersign"));
}
export function notFoundPage(_c: Context): Response {
  return new Response("not found", { status: 404 });
}
