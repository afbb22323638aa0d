// A request refused before any route has seen it: problem details for the API, a page with a way forward for people.
import type { Context } from "hono";
import type { Refusal } from "../receipt/index.ts";
import { errorPage } from "./error-page.tsx";
import { type ProblemCode, problem } from "./problem.ts";

export function refused(
  c: Context,
  refusal: Refusal<ProblemCode>,
  headers: Record<string, string> = {},
): Response | Promise<Response> {
  return c.req.path.startsWith("/api/") ? problem(refusal, c.req.path, headers) : errorPage(refusal, headers);
}
