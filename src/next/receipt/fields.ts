// The words that receipts are written in, as strict schemas. Lengths are in UTF-16 code units.
// A value that is not spelled exactly so is refused, never repaired.
import * as z from "zod";
import { countField, digestField, textField } from "../../receipt/fields.ts";

export {
  type Actor,
  actorField,
  countField,
  describeIssue,
  digestField,
  type ExecutionPoint,
  executionField,
  hexField,
  instantField,
  isInstant,
  kidField,
  runField,
  textField,
} from "../../receipt/fields.ts";

/** What stands at a resource: a digest of its content, null for nothing, or `"unknown"`. */
export const contentField = z.union([digestField, z.null(), z.literal("unknown")]);

/** One effect of a call: what stands at a resource before and after. */
export const effectField = z.strictObject({
  resource: textField(1000, 1),
  before: contentField,
  after: contentField,
});

/** How many were measured, and how many of them failed. That `failed` is at most `total` is a rule of the chain. */
export const tallyField = z.strictObject({ total: countField, failed: countField });

/** Who wrote a proposal: the planner, or a reviewer who edits or reverts. */
export const authorField = z.strictObject({ kind: z.enum(["agent", "reviewer"]), id: textField(200, 1) });

/** What stands at a resource: a digest of its content, null for nothing, or `"unknown"`. */
export type Content = z.infer<typeof contentField>;
/** One effect of a call: what stands at a resource before and after. */
export type Effect = z.infer<typeof effectField>;
/** How many were measured, and how many of them failed. */
export type Tally = z.infer<typeof tallyField>;
/** Who wrote a proposal. `id` is the planner's, or the reviewer's. */
export type Author = z.infer<typeof authorField>;
