// RFC 8785 (JCS): the one byte form of a JSON value. What is signed, hashed and compared is always this form.
// It takes plain JSON data only and refuses the rest; it never calls code that the value brought along.

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
 * canonicalize({ b: 1, a: [true, "é"] }); // '{"a":[true,"é"],"b":1}'
 */
export function canonicalize(value: unknown): string {
  let length = 0;
  return write(value, "$", 0);

  function grow(piece: string): string {
    length += piece.length + 1; // and a comma, colon or bracket
    if (length > MAX_LENGTH) throw new NotCanonicalError(`expected at most ${MAX_LENGTH} characters of JSON`);
    return piece;
  }

  function write(item: unknown, path: string, depth: number): string {
    if (depth > MAX_DEPTH) {
      throw new NotCanonicalError(`expected at most ${MAX_DEPTH} levels of nesting, got more or a cycle`);
    }
    if (item === null || typeof item === "boolean") return grow(String(item));
    if (typeof item === "number") return grow(writeNumber(item, path));
    if (typeof item === "string") return grow(writeString(item, path));
    if (Array.isArray(item)) return writeArray(item, path, depth);
    if (typeof item === "object") return writeObject(item, path, depth);
    throw new NotCanonicalError(`expected plain JSON data at ${path}, got ${typeof item}`);
  }

  function writeArray(items: readonly unknown[], path: string, depth: number): string {
    if (Object.getPrototypeOf(items) !== Array.prototype || Object.keys(items).length !== items.length) {
      throw new NotCanonicalError(
        `expected a plain array at ${path}, got holes, names or an instance of a class`,
      );
    }
    const pieces: string[] = [];
    for (let i = 0; i < items.length; i += 1) {
      const item = Object.getOwnPropertyDescriptor(items, i);
      if (!item || !("value" in item))
        throw new NotCanonicalError(`expected a value at ${path}[${i}], got an accessor`);
      pieces.push(write(item.value, `${path}[${i}]`, depth + 1));
    }
    return `${grow("[")}${pieces.join(",")}]`;
  }

  function writeObject(item: object, path: string, depth: number): string {
    const prototype = Object.getPrototypeOf(item);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new NotCanonicalError(`expected a plain object at ${path}, got an instance of a class`);
    }
    const pieces: string[] = [];
    for (const name of Object.keys(item).sort()) {
      const member = Object.getOwnPropertyDescriptor(item, name);
      if (!member || !("value" in member))
        throw new NotCanonicalError(`expected a value at ${path}.${name}, got an accessor`);
      pieces.push(`${grow(writeString(name, path))}:${write(member.value, `${path}.${name}`, depth + 1)}`);
    }
    return `${grow("{")}${pieces.join(",")}}`;
  }
}

/** {@link canonicalize}, as UTF-8 bytes. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalize(value));
}

function writeNumber(item: number, path: string): string {
  if (!Number.isFinite(item)) throw new NotCanonicalError(`expected a finite number at ${path}, got ${item}`);
  return JSON.stringify(item);
}

function writeString(item: string, path: string): string {
  if (!item.isWellFormed())
    throw new NotCanonicalError(`expected well-formed text at ${path}, got a lone surrogate`);
  return JSON.stringify(item);
}
