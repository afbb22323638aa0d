// RFC 8785 (JCS): the one byte form of a JSON value. What is signed, hashed and compared is always this form.
// It takes plain JSON data only and refuses the rest; it never calls code that the value brought along.

const encoder = new TextEncoder();

/** Thrown by {@link canonicalize} for a value that is not plain JSON data. The message says where and why. */
export class NotCanonicalError extends Error {
  readonly code = "ERR_NOT_CANONICAL";
  override readonly name = "NotCanonicalError";
}

/** Deepest nesting accepted. Deeper input is an attack or a cycle, not a receipt. */
export const MAX_DEPTH = 64;
/** Longest output accepted, in UTF-16 code units: stops a small value with shared parts from unfolding without end. */
export const MAX_LENGTH = 8 * 1024 * 1024;

/**
 * Writes a value as RFC 8785 canonical JSON text.
 *
 * Accepts null, booleans, finite numbers, well-formed strings, arrays without holes or names, and objects whose prototype
 * is `Object.prototype` or null. Member names are sorted by UTF-16 code units (RFC 8785 §3.2.3) and numbers are
 * written as ECMAScript writes them (§3.2.2.3).
 *
 * @throws {NotCanonicalError} for anything else: undefined, bigints, functions, dates, maps, bytes, `toJSON`, accessors,
 *   lone surrogates, cycles, nesting beyond {@link MAX_DEPTH}, output beyond {@link MAX_LENGTH}.
 * @example
 * import { canonicalize } from "countersign/receipt";
 *
 * canonicalize({ b: 1, a: [true, "é"] }); // '{"a":[true,"é"],"b":1}'
 */
export function canonicalize(value: unknown): string {
  let length = 0;
  const path: (string | number)[] = [];
  return write(value);

  function fail(problem: string): never {
    const place = path.map((name) => (typeof name === "number" ? `[${name}]` : `.${name}`)).join("");
    throw new NotCanonicalError(`${problem} at $${place.slice(0, 200)}`);
  }

  function grow(piece: string): string {
    length += piece.length + 1; // and a comma, colon or bracket
    if (length > MAX_LENGTH) fail(`expected at most ${MAX_LENGTH} characters of JSON`);
    return piece;
  }

  function write(item: unknown): string {
    if (path.length > MAX_DEPTH) {
      path.length = 0;
      fail(`expected at most ${MAX_DEPTH} levels of nesting, got more or a cycle`);
    }
    if (typeof item === "string") return grow(writeString(item));
    if (item === null || typeof item === "boolean") return grow(String(item));
    if (typeof item === "number") return grow(writeNumber(item));
    if (Array.isArray(item)) return writeArray(item);
    if (typeof item === "object") return writeObject(item);
    return fail(`expected plain JSON data, got ${typeof item}`);
  }

  function writeNumber(item: number): string {
    return Number.isFinite(item) ? JSON.stringify(item) : fail(`expected a finite number, got ${item}`);
  }

  function writeString(item: string): string {
    return item.isWellFormed()
      ? JSON.stringify(item)
      : fail("expected well-formed text, got a lone surrogate");
  }

  function writeArray(items: readonly unknown[]): string {
    if (Object.getPrototypeOf(items) !== Array.prototype || Object.keys(items).length !== items.length) {
      fail("expected a plain array, got holes, names or an instance of a class");
    }
    const pieces: string[] = [];
    for (let i = 0; i < items.length; i += 1) pieces.push(writeMember(items, i));
    return `${grow("[")}${pieces.join(",")}]`;
  }

  function writeObject(item: object): string {
    const prototype = Object.getPrototypeOf(item);
    if (prototype !== Object.prototype && prototype !== null) {
      fail("expected a plain object, got an instance of a class");
    }
    const pieces: string[] = [];
    for (const name of Object.keys(item).sort()) {
      pieces.push(`${grow(writeString(name))}:${writeMember(item, name)}`);
    }
    return `${grow("{")}${pieces.join(",")}}`;
  }

  function writeMember(owner: object, name: string | number): string {
    path.push(name);
    const member = Object.getOwnPropertyDescriptor(owner, name);
    if (!member || !("value" in member)) return fail("expected a value, got an accessor");
    const written = write(member.value);
    path.pop();
    return written;
  }
}

/**
 * {@link canonicalize}, as UTF-8 bytes: what is signed, hashed and kept as an artifact.
 * @throws {NotCanonicalError} as {@link canonicalize} does.
 * @example
 * import { canonicalBytes, sha256Hex } from "countersign/receipt";
 *
 * // An action is approved by the digest of these bytes, so compare the bytes that really arrived.
 * const action = canonicalBytes({ connector: "flags", method: "set", args: { flag: "new_pricing", on: false } });
 * sha256Hex(action); // "7dd2fd293f19…"
 */
export function canonicalBytes(value: unknown): Uint8Array {
  return encoder.encode(canonicalize(value));
}
