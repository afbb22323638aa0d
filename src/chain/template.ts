// What a call changes, recomputed from its signed arguments: the templates of a policy, and their expansion (§5.1, §5.2).
// Never asks the runtime or a domain; a call whose effects cannot be expanded cannot be approved.

import { digestField } from "../receipt/fields.ts";
import {
  accept,
  type Content,
  canonicalBytes,
  type Digest,
  digestOf,
  type Result,
  refuse,
} from "../receipt/index.ts";

/** One effect of a call, as a policy declares it. */
export interface Template {
  readonly resource: string;
  readonly before: string;
  readonly after: string;
}

/** One effect of a call, as it follows from the arguments. `"read"` leaves `before` to the runtime: a digest or null. */
export interface ExpandedEffect {
  readonly resource: string;
  readonly before: Content | "read";
  readonly after: Content;
}

/** A placeholder of a resource template, or the text around them. */
type Part = { readonly literal: string } | { readonly name: string; readonly raw: boolean };

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PLACEHOLDER = /\{(\+?)([A-Za-z_][A-Za-z0-9_]*)\}/;
const RESERVED = /[:/?#[\]@!$&'()*+,;=]/;
const encoder = new TextEncoder();

/** Why a template may not stand in a policy, as a sentence; null when it may. */
export function templateFault({ resource, before, after }: Template): string | null {
  if (typeof partsOf(resource) === "string")
    return `resource ${JSON.stringify(resource)}: ${partsOf(resource)}`;
  if (!isArgument(before) && !["read", "absent", "unknown"].includes(before)) {
    return `before: expected "$name", "read", "absent" or "unknown"`;
  }
  if (!isArgument(after) && !["absent", "unknown"].includes(after)) {
    return `after: expected "$name", "absent" or "unknown"`;
  }
  return null;
}

/**
 * The effects of a call with these arguments, in the order of its templates.
 * @param templates of a policy that was read, so that {@link templateFault} is null for each.
 * @param args the arguments of an action, plain JSON data.
 */
export function expand(
  templates: readonly Template[],
  args: unknown,
): Result<readonly ExpandedEffect[], "ERR_EFFECTS"> {
  const effects: ExpandedEffect[] = [];
  const seen = new Set<string>();
  for (const template of templates) {
    const effect = expandOne(template, args);
    if (typeof effect === "string") return refuse("ERR_EFFECTS", `${template.resource}: ${effect}`);
    if (seen.has(effect.resource)) {
      return refuse("ERR_EFFECTS", `expected each resource once, got ${effect.resource.slice(0, 200)} twice`);
    }
    seen.add(effect.resource);
    effects.push(effect);
  }
  return accept(effects);
}

function expandOne(template: Template, args: unknown): ExpandedEffect | string {
  const parts = partsOf(template.resource);
  if (typeof parts === "string") return parts;
  let resource = "";
  for (const part of parts) {
    if ("literal" in part) resource += part.literal;
    else {
      const text = textOf(argument(args, part.name));
      if (text === null) return `expected the argument ${part.name} to be a text, an integer or a boolean`;
      resource += part.raw ? text : percentEncode(text);
    }
  }
  if (resource.length < 1 || resource.length > 1000) {
    return `expected a name of 1 to 1000 UTF-16 code units, got ${resource.length}`;
  }
  const before = beforeOf(template.before, args);
  if (before === undefined) return `expected the argument ${template.before.slice(1)} to be a digest or null`;
  const after = afterOf(template.after, args);
  if (after === undefined) return `expected an argument ${template.after.slice(1)}`;
  return { resource, before, after };
}

function beforeOf(before: string, args: unknown): Content | "read" | undefined {
  if (before === "read" || before === "unknown") return before;
  if (before === "absent") return null;
  const value = argument(args, before.slice(1));
  return value === null || digestField.safeParse(value).success ? (value as Digest | null) : undefined;
}

function afterOf(after: string, args: unknown): Content | undefined {
  if (after === "unknown") return after;
  if (after === "absent") return null;
  const value = argument(args, after.slice(1));
  return value === undefined ? undefined : value === null ? null : digestOf(contentBytes(value));
}

/**
 * The bytes of a resource's content: of a text its UTF-8, of any other JSON value its canonical JSON. The text `"1"` and the number 1
 * have the same.
 */
export function contentBytes(value: unknown): Uint8Array {
  return typeof value === "string" ? encoder.encode(value) : canonicalBytes(value);
}

/** An own member of the arguments, or undefined: JSON has no undefined. */
function argument(args: unknown, name: string): unknown {
  if (typeof args !== "object" || args === null || Array.isArray(args)) return undefined;
  return Object.getOwnPropertyDescriptor(args, name)?.value;
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return String(value);
  return null;
}

/** Percent-encodes every byte of UTF-8 but RFC 3986's unreserved; `encodeURIComponent` leaves five more as they are. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function isArgument(text: string): boolean {
  return text.startsWith("$") && NAME.test(text.slice(1));
}

/** Takes a resource template apart, or says what is wrong with it. */
function partsOf(resource: string): readonly Part[] | string {
  const parts: Part[] = [];
  let rest = resource;
  for (let found = PLACEHOLDER.exec(rest); found !== null; found = PLACEHOLDER.exec(rest)) {
    const [whole, plus, name = ""] = found;
    const literal = rest.slice(0, found.index);
    if (parts.length > 0 && !RESERVED.test(literal)) {
      return "expected one of :/?#[]@!$&'()*+,;= between two placeholders";
    }
    rest = rest.slice(found.index + whole.length);
    if (plus && rest !== "") return `expected {+${name}} at the very end`;
    if (/[{}]/.test(literal)) return "expected braces around names only";
    parts.push({ literal }, { name, raw: plus === "+" });
  }
  if (/[{}]/.test(rest)) return "expected braces around names only";
  parts.push({ literal: rest });
  return parts;
}
