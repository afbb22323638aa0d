// A planner's answers as schemas. What does not fit is no answer: the planner is asked again, a few times, and then the run ends.
import { z } from "zod";
import type { Investigation, Plan } from "./planner.ts";

const words = z.string().refine((text) => text.trim() !== "", "expected words, got empty text");
const code = z.string().refine((text) => text.trim() !== "", "expected a script, got empty text");
const notes = z.array(z.string());

export const investigationSchema: z.ZodType<Investigation> = z.object({ code });

const feedback = z
  .object({ applied: notes, notApplied: notes })
  .nullish()
  .transform((given) => given ?? null);

export const planSchema: z.ZodType<Plan> = z.discriminatedUnion("propose", [
  z.object({
    propose: z.literal(true),
    code,
    summary: words,
    risk: z.enum(["low", "medium", "high"]),
    feedback,
  }),
  z.object({ propose: z.literal(false), reason: words }),
]);
