// How the corpus is written as JSON (README.md): one value a line, what occurs more than once written once, and long periodic
// texts by their period.
import { isRecord, type Json } from "./json-edit.ts";

/** JSON text shorter than this is not worth a reference. */
const SHORT = 140;
/** A text of at least this length may be written by its parts. */
const LONG = 4096;
/** The longest period that is looked for. Base64 comes in groups of four characters. */
const LONGEST_PERIOD = 400;

/**
 * The corpus as JSON text. A large value that occurs more than once stands in `shared` once, and `{"$ref": <its place there>}`
 * stands wherever it is meant, inside other shared values too. `{"$join": [<text or [text, times]>, …]}` is one text.
 */
export function publish(list: readonly unknown[]): string {
  const cases: Json[] = list.map((each) => JSON.parse(JSON.stringify(each)));
  const shared = sharedValues(cases);
  const lines = cases.map((each) => JSON.stringify(shared.refer(each)));
  const members = [
    ["shared", shared.lines()],
    ["cases", lines],
  ] as const;
  return `{\n"version": 2,\n${members.map(([name, each]) => `"${name}": [\n${each.join(",\n")}\n]`).join(",\n")}\n}\n`;
}

/** The cases of a published corpus, with references and joined texts resolved. */
export function readPublished<Case>(text: string): Case[] {
  const { shared, cases }: { shared: Json[]; cases: Json[] } = JSON.parse(text);
  const known = new Map<number, Json>();
  const sharedAt = (place: number): Json => {
    const value = known.get(place) ?? resolve(shared[place] ?? null, sharedAt);
    known.set(place, value);
    return value;
  };
  return cases.map((each): Case => JSON.parse(JSON.stringify(resolve(each, sharedAt))));
}

function resolve(value: Json, sharedAt: (place: number) => Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => resolve(item, sharedAt));
  if (!isRecord(value)) return value;
  if (typeof value.$ref === "number") return sharedAt(value.$ref);
  if (Array.isArray(value.$join)) return value.$join.map(partOf).join("");
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member, sharedAt)]));
}

const partOf = (part: Json) => (Array.isArray(part) ? String(part[0]).repeat(Number(part[1])) : String(part));

/** Finds objects and texts that occur more than once, each a line of its own, and replaces them by references. */
function sharedValues(roots: readonly Json[]) {
  const places = new Map<string, number>();
  const values: Json[] = [];
  const seen = new Set<string>();
  for (const root of roots) find(root);

  function find(value: Json): void {
    const text = JSON.stringify(value);
    if (text.length >= SHORT && !Array.isArray(value)) {
      if (places.has(text)) return;
      if (seen.has(text)) {
        places.set(text, values.push(value) - 1);
        return;
      }
      seen.add(text);
    }
    if (typeof value === "object") for (const member of Object.values(value ?? {})) find(member);
  }

  function refer(value: Json): Json {
    const place = places.get(JSON.stringify(value));
    return place === undefined ? referMembers(value) : { $ref: place };
  }

  function referMembers(value: Json): Json {
    if (typeof value === "string") return value.length < LONG ? value : byParts(value);
    if (Array.isArray(value)) return value.map(refer);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, refer(member)]));
  }

  return { refer, lines: () => values.map((value) => JSON.stringify(referMembers(value))) };
}

/** A long text with every run of a period in it as `[period, times]`, or the text where there is none. */
function byParts(text: string): Json {
  const parts: Json[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 4) {
    const period = periodAt(text, at);
    if (period === 0) continue;
    let end = at + period;
    while (text.charCodeAt(end) === text.charCodeAt(end - period)) end += 1;
    const times = Math.floor((end - at) / period);
    if (at > from) parts.push(text.slice(from, at));
    parts.push([text.slice(at, at + period), times]);
    from = at + times * period;
    at = from - 4;
  }
  if (from < text.length) parts.push(text.slice(from));
  return from === 0 ? text : { $join: parts };
}

/** The shortest period that holds for a while from here on, or 0. */
function periodAt(text: string, at: number): number {
  for (let period = 4; period <= LONGEST_PERIOD; period += 4) {
    const probe = Math.max(512, 4 * period);
    if (at + period + probe > text.length) continue;
    if (text.slice(at, at + probe) === text.slice(at + period, at + period + probe)) return period;
  }
  return 0;
}
