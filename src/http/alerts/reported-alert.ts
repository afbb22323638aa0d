// An alert as a monitoring system reports it, whichever one it is: is it firing, which alert is it, and what does it say.
import { z } from "zod";
import { textField } from "../../receipt/fields.ts";
import { LIMITS } from "../../receipt/index.ts";

/** One firing of an alert, or its end. */
export interface ReportedAlert {
  readonly state: "firing" | "resolved";
  /** The source's own name for this firing: its repeats carry the same one, and so does its end, where the source is exact. */
  readonly key: string;
  /** The source's own name for the alert, whenever it fires: by it an end without its start is found. Null where it has none. */
  readonly alert: string | null;
  readonly title: string;
  /** An instant of the years 0000 to 9999, as `toISOString` writes it. */
  readonly firedAt: string;
}

/** What one request reports: alerts, or that the source is only trying out the connection. */
export type Notification = "test" | readonly ReportedAlert[];

/** A name that a source gives its alerts. */
export const keyField = textField(500, 1);

/** An RFC 3339 time of any zone and precision, read as an instant. */
export const timeField = z
  .string()
  .max(60)
  .regex(/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/, "expected an RFC 3339 time")
  .transform((text, context) => instant(Date.parse(text), context));

/** Seconds since 1970, read as an instant. */
export const secondsField = z.number().transform((seconds, context) => instant(seconds * 1000, context));

function instant(time: number, context: z.RefinementCtx): string {
  const date = new Date(time);
  const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
  if (/^\d{4}-/.test(text)) return text;
  context.addIssue({ code: "custom", message: "expected a real time of the years 0000 to 9999" });
  return z.NEVER;
}

/** A title as receipts take it: well formed, not empty, and not too long. */
export function titleOf(...candidates: readonly (string | undefined)[]): string {
  const text = candidates.find((candidate) => candidate !== undefined && candidate.trim() !== "");
  return (text ?? "An alert without a title").slice(0, LIMITS.alertTitle).toWellFormed();
}
