// From a request to a question that a run answers: which run, how long to wait, and the answer as a response.
import type { RunApi, RunResult, Waits } from "../host/index.ts";
import type { Ctx } from "./edge-env.ts";
import { type ProblemRefusal, problem } from "./problem.ts";
import { runStub, unknownRun } from "./run-stub.ts";

/** How long a start or a decision waits for the run to need a human or end, in milliseconds. */
export const ANSWER_WITHIN_MS = 2_000;

/** Asks the run that the path names, and answers with what it says. */
export async function ask<Value>(
  c: Ctx,
  question: (run: RunApi) => Promise<RunResult<Value>>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const stub = runOf(c);
  if (!stub) return fail(c, unknownRun());
  const answer = await question(stub);
  if (!answer.ok) return fail(c, answer.refusal);
  return Response.json(answer.value, { headers: { ...headers, "cache-control": "no-store" } });
}

/** The run that the path names, or null where no run can have that name. */
export function runOf(c: Ctx): RunApi | null {
  return runStub(c.env, c.req.param("run") ?? "");
}

export function fail(c: Ctx, refusal: ProblemRefusal): Response {
  return problem(refusal, c.req.path);
}

/** How long the client lets the run work before it answers. RFC 7240: `Prefer: respond-async` asks not to wait. */
export function waits(c: Ctx): Waits {
  return { waitMs: prefersAsync(c) ? 0 : ANSWER_WITHIN_MS };
}

/** What an answer says of the preference that it followed. */
export function preferenceApplied(c: Ctx): Record<string, string> {
  return prefersAsync(c) ? { "preference-applied": "respond-async" } : {};
}

function prefersAsync(c: Ctx): boolean {
  // A quoted text is one value, whatever stands in it; an empty one is the same as none (§2).
  const preferences = (c.req.header("prefer") ?? "").replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return /(^|,)\s*respond-async\s*(=\s*(""\s*)?)?(;|,|$)/i.test(preferences);
}
