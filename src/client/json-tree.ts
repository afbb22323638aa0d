// JSON values taken apart into the fields that a person can edit, and put together again. Nothing here changes its input.

export interface JsonObject {
  readonly [name: string]: unknown;
}

/** True for an object that is neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One leaf of a JSON value. `text` is a string as it is, and anything else as JSON. */
export interface Field {
  readonly path: readonly string[];
  readonly text: string;
}

/** Deepest nesting taken apart: no receipt comes near it, and hostile input may not exhaust the stack. */
const MAX_DEPTH = 32;

/** Every leaf of a value, in its own order. An empty array or object is a leaf; what lies too deep is left out. */
export function fieldsOf(value: unknown, path: readonly string[] = []): Field[] {
  if (path.length > MAX_DEPTH) return [];
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (members.length === 0)
    return [{ path, text: typeof value === "string" ? value : JSON.stringify(value) }];
  return members.flatMap(([name, member]) => fieldsOf(member, [...path, name]));
}

/** Replaces the leaf at a path. A string stays one; any other leaf takes what the text says as JSON, or else the text. */
export function replaceField(value: unknown, path: readonly string[], text: string): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === "string" ? text : parsed(text);
  if (Array.isArray(value)) {
    return value.map((item, i) => (String(i) === name ? replaceField(item, rest, text) : item));
  }
  if (!isObject(value)) return value;
  // fromEntries makes own members even of the name __proto__.
  return Object.fromEntries(
    Object.entries(value).map(([member, item]) => [
      member,
      member === name ? replaceField(item, rest, text) : item,
    ]),
  );
}

/** Rewrites every string inside a value, down to a depth that no receipt reaches. */
export function mapStrings(value: unknown, how: (text: string) => string, depth = 0): unknown {
  if (typeof value === "string") return how(value);
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, how, depth + 1));
  const members = Object.entries(value).map(([name, item]) => [name, mapStrings(item, how, depth + 1)]);
  return Object.fromEntries(members);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
