// Request bodies: at most 64 KiB where nothing else is said, of the stated type, valid UTF-8 and JSON, then the schema. Each failure has its own code.
import type { z } from "zod";
import { accept, type Result, refuse } from "../receipt/index.ts";
import { findMisread } from "../receipt/json-text.ts";
import type { EdgeCode } from "./problem.ts";

/** Longest body accepted, in bytes. */
export const MAX_BODY = 64 * 1024;

/** Longest body of a decision, in bytes: it may carry a whole call. */
export const MAX_DECISION_BODY = 1024 * 1024;

/** Reads a JSON body of a schema. An empty body counts as `{}` where `optional` is set. */
export async function readJson<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  { optional = false, max = MAX_BODY }: { optional?: boolean; max?: number } = {},
): Promise<Result<z.infer<Schema>, EdgeCode>> {
  const body = await readText(request, max);
  if (!body.ok) return body;
  const empty = body.value === "";
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? null;
  if (type !== null ? type !== "application/json" : !empty) {
    return refuse("ERR_BODY_TYPE", `expected content-type application/json, got ${type ?? "none"}`);
  }
  if (empty && !optional) return refuse("ERR_BODY_JSON", "expected a JSON body, got none");
  const parsed = empty ? accept({}) : parseJson(body.value);
  if (!parsed.ok) return parsed;
  // A schema would drop it, and what a client sent is kept whole or refused.
  if (hasProto(parsed.value)) return refuse("ERR_BODY_SCHEMA", "expected no member named __proto__");
  return checkSchema(parsed.value, schema);
}

/** Parses JSON of which the value says all that the text does: what is signed is what was sent. */
export function parseJson(text: string): Result<unknown, EdgeCode> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("ERR_BODY_JSON", "expected the body to be JSON");
  }
  const misread = findMisread(text);
  if (!misread) return accept(value);
  const { pointer, message } = misread;
  return refuse("ERR_BODY_SCHEMA", `${pointer.slice(0, 300) || "body"}: ${message}`);
}

/** Whether a member is named `__proto__`, at any depth. Not recursive: a body may be nested deeper than the stack is. */
export function hasProto(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== "object" || next === null) continue;
    if (Object.hasOwn(next, "__proto__")) return true;
    for (const inner of Object.values(next)) left.push(inner);
  }
  return false;
}

/** Checks a value against a schema, naming the first thing wrong. */
export function checkSchema<Schema extends z.ZodType>(
  value: unknown,
  schema: Schema,
): Result<z.infer<Schema>, EdgeCode> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return accept(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join(".") || "body";
  return refuse("ERR_BODY_SCHEMA", `${path}: ${issue?.message ?? "does not fit"}`);
}

/** Reads a URL-encoded form, each field of which stands there once: what is signed is what was sent. */
export async function readForm(
  request: Request,
  max = MAX_BODY,
): Promise<Result<Readonly<Record<string, string>>, EdgeCode>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? null;
  if (type !== "application/x-www-form-urlencoded") {
    return refuse(
      "ERR_BODY_TYPE",
      `expected content-type application/x-www-form-urlencoded, got ${type ?? "none"}`,
    );
  }
  const body = await readText(request, max);
  if (!body.ok) return body;
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body.value)) {
    if (fields.has(name)) return refuse("ERR_BODY_SCHEMA", `${name.slice(0, 100)}: expected the field once`);
    fields.set(name, value);
  }
  return accept(Object.fromEntries(fields));
}

/** Longest body that is read to its end and thrown away, in bytes, so that the client can still hear why: as long as Cloudflare takes. */
const MAX_DRAINED = 100 * 1024 * 1024;

/** Reads at most `max` bytes of UTF-8; the rest of a longer body is read past, never kept. */
export async function readText(request: Request, max = MAX_BODY): Promise<Result<string, EdgeCode>> {
  const kept = new Uint8Array(max);
  let length = 0;
  // A client that is cut off in the middle of its upload may never read the answer.
  for await (const chunk of request.body ?? []) {
    if (length + chunk.length <= max) kept.set(chunk, length);
    length += chunk.length;
    if (length > MAX_DRAINED) break;
  }
  if (length > max) return refuse("ERR_BODY_TOO_LARGE", `expected at most ${max} bytes`);
  try {
    return accept(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(kept.subarray(0, length)),
    );
  } catch {
    return refuse("ERR_BODY_JSON", "expected the body to be UTF-8");
  }
}
