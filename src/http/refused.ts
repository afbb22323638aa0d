// A request refused before any route has seen it: problem details for programs, a page with a way forward for people.
import type { Context } from "hono";
import type { Refusal } from "../receipt/index.ts";
import { errorPage } from "./pages/error-page.tsx";
import { type ProblemCode, problem } from "./problem.ts";

/** Whether only programs ask at this path, whatever they say that they accept. */
export function isForPrograms(path: string): boolean {
  return /^\/(api|\.well-known)\/|^\/(mcp|healthz|openapi\.json)$/.test(path);
}

export function refused(
  c: Context,
  refusal: Refusal<ProblemCode>,
  headers: Record<string, string> = {},
): Response | Promise<Response> {
  return isForPrograms(c.req.path) ? problem(refusal, c.req.path, headers) : errorPage(refusal, headers);
}
