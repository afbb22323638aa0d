// Asks the planner, and believes nothing of its answer before it was parsed: it may be anybody's code, or what a model made up.
import type { z } from "zod";
import { describeIssue } from "../receipt/fields.ts";
import type { RunContext } from "./run-context.ts";
import { inTime } from "./within.ts";

/** Longest that a planner may think, in milliseconds. */
export const PLANNER_WITHIN_MS = 120_000;

/**
 * What the planner answers, parsed.
 * @throws when it throws, does not answer in time, or answers something else than was asked for.
 */
export async function askPlanner<Answer>(
  { plannerWithinMs }: Pick<RunContext, "plannerWithinMs">,
  question: () => unknown,
  schema: z.ZodType<Answer>,
): Promise<Answer> {
  const answer = await inTime((async () => question())(), plannerWithinMs);
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Error(`the planner's answer does not fit: ${describeIssue(parsed.error)}`);
}
