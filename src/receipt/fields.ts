// The words that receipts are written in: digests, instants, texts, effects and counts, as strict schemas.
// Lengths are in UTF-16 code units. Anything not spelled exactly so is refused rather than repaired.
import * as z from "zod";
import type { Digest } from "./digest.ts";

/** `sha256:` and 64 lower-case hex digits. */
export const digestField = z.custom<Digest>(
  (value) => typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value),
  "expected sha256:<64 lower-case hex digits>",
);

/** 64 lower-case hex digits, as in an in-toto subject. */
export const hexField = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex digits");

/** A real RFC 3339 instant in UTC with milliseconds, as in `2026-11-23T05:30:00.000Z`. */
export const instantField = z
  .string()
  .refine(isInstant, "expected a real instant such as 2026-11-23T05:30:00.000Z");

const INSTANT = /^\d{4}-(?:0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** True for text that is exactly what `Date.prototype.toISOString` writes for some instant of the years 0000 to 9999. */
export function isInstant(text: string): boolean {
  const day = INSTANT.exec(text)?.[1];
  // Only a day beyond the end of its month is left to find. Engines read it as NaN or as one of the next month.
  return day !== undefined && (day <= "28" || new Date(text).getUTCDate() === Number(day));
}

/** Well-formed text of `min` to `max` UTF-16 code units. */
export const textField = (max: number, min = 0) =>
  z
    .string()
    // zod's own min and max count code points; receipts count as ECMAScript does.
    .refine((text) => text.length >= min && text.length <= max, `expected ${min} to ${max} UTF-16 code units`)
    .refine((text) => text.isWellFormed(), "expected well-formed text, got a lone surrogate");

/** The name of a run: 1 to 64 letters, digits, `_` or `-`. */
export const runField = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "expected 1 to 64 letters, digits, _ or -");

/** The form of a key id. */
export const KID = /^[A-Za-z0-9_-]{43}$/;

/** A key id: the 43 base64url characters of an RFC 7638 SHA-256 thumbprint. */
export const kidField = z.string().regex(KID, "expected a 43-character key id");

/** A safe integer that is not negative. */
export const countField = z.int().min(0);

/** Who acted, and how they were recognized. */
export const actorField = z.strictObject({ id: textField(200, 1), method: textField(40, 1) });

/** Which pending call of Code Mode: the execution's id and the call's place in its log. */
export const executionField = z.strictObject({ id: textField(200, 1), seq: countField });

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
/** Who acted, and how they were recognized. */
export type Actor = z.infer<typeof actorField>;
/** A pending call of Code Mode: the execution's id and the call's place in its log. */
export type ExecutionPoint = z.infer<typeof executionField>;

/** What stands at a resource: a digest of its content, null for nothing, or `"unknown"`. */
export type Content = z.infer<typeof contentField>;
/** One effect of a call: what stands at a resource before and after. */
export type Effect = z.infer<typeof effectField>;
/** How many were measured, and how many of them failed. */
export type Tally = z.infer<typeof tallyField>;
/** Who wrote a proposal. `id` is the planner's, or the reviewer's. */
export type Author = z.infer<typeof authorField>;

/** The first thing a schema found wrong, in one line and at most 300 characters: it may quote names of the input. */
export function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return "does not fit the schema";
  const path = issue.path.map(String).join(".");
  return (path === "" ? issue.message : `${path}: ${issue.message}`).slice(0, 300);
}
