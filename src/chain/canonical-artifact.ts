// Reads an artifact that must be canonical JSON of a known shape. Another spelling of the same value is refused.
import type { z } from "zod";
import { describeIssue } from "../receipt/fields.ts";
import { accept, type Result, readCanonical, refuse } from "../receipt/index.ts";

/** Parses RFC 8785 bytes with a schema. The code of a refusal is the caller's. */
export function readCanonicalArtifact<Schema extends z.ZodType, Code extends string>(
  what: string,
  bytes: Uint8Array,
  schema: Schema,
  code: Code,
): Result<z.infer<Schema>, Code> {
  const value = readCanonical(bytes);
  if (!value.ok) return refuse(code, `${what}: ${value.refusal.message}`);
  const parsed = schema.safeParse(value.value);
  return parsed.success ? accept(parsed.data) : refuse(code, `${what}: ${describeIssue(parsed.error)}`);
}
