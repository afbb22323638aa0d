// Edits of JSON values by path. Pure: an edit gives a new value and never changes the one it was given.
// Paths are dotted, as in "predicate.effects.0.before"; the empty path is the whole value.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What an edit may look at: the digests of all receipts written so far, in order. */
export interface Written {
  readonly digests: readonly string[];
}

export type Edit = (value: Json, written: Written) => Json;

/** Sets a member or an element; a function is given what has been written so far. */
export function put(path: string, value: Json | ((written: Written) => Json)): Edit {
  return (root, written) => {
    const wanted = typeof value === "function" ? value(written) : value;
    return replaceAt(root, steps(path), () => wanted);
  };
}

/** Replaces what stands at a path by a function of it. */
export function change(path: string, how: (old: Json) => Json): Edit {
  return (root) => replaceAt(root, steps(path), (old) => how(old ?? null));
}

/** {@link change}, for a text. */
export function changeText(path: string, how: (old: string) => string): Edit {
  return change(path, (old) => how(String(old)));
}

/** {@link change}, for an array. */
export function changeList(path: string, how: (old: readonly Json[]) => readonly Json[]): Edit {
  return change(path, (old) => how(Array.isArray(old) ? old : []));
}

/** Removes a member or an element. */
export function drop(path: string): Edit {
  return (root) => replaceAt(root, steps(path), () => undefined);
}

/** Several edits, one after the other. */
export function all(...edits: readonly (Edit | undefined)[]): Edit {
  return (root, written) => edits.reduce((value, edit) => (edit ? edit(value, written) : value), root);
}

/** A value, edited where nothing has been written. */
export const edited = (value: Json, ...edits: readonly Edit[]): Json => all(...edits)(value, { digests: [] });

/** A digest of nothing that exists. */
export const ZERO = `sha256:${"0".repeat(64)}`;

/** For {@link put}: the digest of the receipt with this seq. */
export const digestAt =
  (seq: number) =>
  ({ digests }: Written): Json =>
    digests[seq] ?? null;

/** True for a JSON object. */
export function isRecord(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a path, or null. */
export function at(value: Json, path: string): Json {
  return steps(path).reduce<Json>((part, name) => {
    if (isList(part)) return part[Number(name)] ?? null;
    return isRecord(part) && Object.hasOwn(part, name) ? (part[name] ?? null) : null;
  }, value);
}

function steps(path: string): string[] {
  return path === "" ? [] : path.split(".");
}

function replaceAt(
  value: Json,
  path: readonly string[],
  how: (old: Json | undefined) => Json | undefined,
): Json {
  const [name, ...rest] = path;
  if (name === undefined) return how(value) ?? null;
  if (isList(value)) {
    const items = [...value];
    const item = items[Number(name)];
    const next = rest.length === 0 ? how(item) : replaceAt(item ?? null, rest, how);
    items.splice(Number(name), 1, ...(next === undefined ? [] : [next]));
    return items;
  }
  const members = isRecord(value) ? value : {};
  const old = Object.hasOwn(members, name) ? members[name] : undefined;
  const next = rest.length === 0 ? how(old) : replaceAt(old ?? null, rest, how);
  const others = Object.entries(members).filter(([other]) => other !== name);
  // fromEntries makes own members even of the name __proto__.
  return Object.fromEntries(next === undefined ? others : [...others, [name, next]]);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
