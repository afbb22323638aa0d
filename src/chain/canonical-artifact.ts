// Reads an artifact that must be canonical JSON of a known shape. Another spelling of the same value is refused.
import type { z } from "zod";
import { describeIssue } from "../receipt/fields.ts";
import { accept, canonicalize, type Result, refuse } from "../receipt/index.ts";

/** Parses RFC 8785 bytes with a schema. The code of a refusal is the caller's. */
export function readCanonical<Schema extends z.ZodType, Code extends string>(
  what: string,
  bytes: Uint8Array,
  schema: Schema,
  code: Code,
): Result<z.infer<Schema>, Code> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (canonicalize(value) !== text) return refuse(code, `expected the ${what} in canonical JSON`);
    const parsed = schema.safeParse(value);
    return parsed.success ? accept(parsed.data) : refuse(code, `${what}: ${describeIssue(parsed.error)}`);
  } catch {
    return refuse(code, `expected the ${what} to be canonical JSON`);
  }
}
