// Canonical JSON, from bytes of unknown origin to a value. Whatever is read from signed or hashed bytes comes through here,
// and no second spelling of a value gets past.
import { canonicalize, MAX_DEPTH, MAX_LENGTH, NotCanonicalError } from "./canonical.ts";
import { accept, type Result, refuse } from "./refusal.ts";

/** ignoreBOM keeps a byte order mark in the text, where it is no JSON; without it the mark would vanish unseen. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads canonical JSON (RFC 8785) from its exact bytes.
 * Success guarantees that `canonicalBytes` of the value gives the same bytes back, so that no other bytes mean the same.
 * @example
 * import { canonicalBytes, readCanonical } from "countersign/receipt";
 *
 * readCanonical(canonicalBytes({ b: 1, a: 2 })); // { ok: true, value: { a: 2, b: 1 } }
 * readCanonical(new TextEncoder().encode('{"b":1,"a":2}')).ok; // false: the same value in another spelling
 */
export function readCanonical(
  bytes: Uint8Array,
): Result<unknown, "ERR_UTF8" | "ERR_JSON" | "ERR_NOT_CANONICAL"> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return refuse("ERR_UTF8", "expected UTF-8");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("ERR_JSON", "expected JSON");
  }
  if (isPlainlyCanonical(value, text)) return accept(value);
  try {
    if (canonicalize(value) === text) return accept(value);
  } catch (error) {
    if (error instanceof NotCanonicalError) return refuse("ERR_NOT_CANONICAL", error.message);
    throw error;
  }
  return refuse(
    "ERR_NOT_CANONICAL",
    "expected RFC 8785 canonical JSON, got another spelling of the same value",
  );
}

/**
 * True only for canonical text, found by native code several times as fast as {@link canonicalize}; false says nothing yet.
 * What was parsed is plain data, and `JSON.stringify` spells that as RFC 8785 does, but for the order of names, which it
 * leaves as it is, and lone surrogates, which it escapes.
 */
function isPlainlyCanonical(value: unknown, text: string): boolean {
  return (
    text.length < MAX_LENGTH &&
    isInOrder(value, 0) && // before stringify, which recurses as deep as the value nests
    JSON.stringify(value) === text &&
    !text.includes("\\ud")
  );
}

function isInOrder(value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every((item) => isInOrder(item, depth + 1));
  let last: string | null = null;
  for (const [name, member] of Object.entries(value)) {
    if ((last !== null && last >= name) || !isInOrder(member, depth + 1)) return false;
    last = name;
  }
  return true;
}
