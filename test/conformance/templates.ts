// What a call changes (docs/receipts.md §5.2): the expansion of its templates over its arguments.
import { isRecord, type Json } from "./json-edit.ts";
import { canonicalize, digestOf, utf8 } from "./primitives.ts";
import type { Call } from "./step.ts";

export interface Effect {
  readonly resource: string;
  /** A digest, null, "unknown", or "read" where the runtime is asked. */
  readonly before: string | null;
  readonly after: string | null;
  /** The content that `after` is the digest of. */
  readonly content: Uint8Array | null;
}

export interface Expansion {
  readonly own: boolean;
  readonly effects: readonly Effect[];
}

const NONE: Expansion = { own: false, effects: [] };

/** The expansion of a call under a policy. Where the page lets it fail it gives whatever comes out. */
export function expand(policy: Json, { connector, method, args }: Call): Expansion {
  if (!isRecord(policy) || !Array.isArray(policy.effects)) return NONE;
  const entries: readonly Json[] = policy.effects;
  const entry = entries.find(
    (each) => isRecord(each) && each.connector === connector && each.method === method,
  );
  if (!isRecord(entry) || !Array.isArray(entry.effects)) return NONE;
  const templates: readonly Json[] = entry.effects;
  return { own: entry.own === true, effects: templates.map((template) => expandOne(template, args)) };
}

function expandOne(template: Json, args: Json): Effect {
  const { resource = "", before = "", after = "" } = isRecord(template) ? template : {};
  const content = contentOf(String(after), args);
  return {
    resource: String(resource).replaceAll(/\{(\+?)(\w+)\}/g, (_, plus, name) => {
      const text = textOf(argument(args, name));
      return plus === "+" ? text : percentEncode(text);
    }),
    before: beforeOf(String(before), args),
    after: content ? digestOf(content) : after === "unknown" ? "unknown" : null,
    content,
  };
}

function argument(args: Json, name: string): Json {
  return isRecord(args) && Object.hasOwn(args, name) ? (args[name] ?? null) : null;
}

const textOf = (value: Json) => (typeof value === "string" ? value : canonicalize(value));

function percentEncode(text: string): string {
  return Array.from(utf8(text), (byte) => {
    const letter = String.fromCharCode(byte);
    return /[A-Za-z0-9._~-]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

function beforeOf(template: string, args: Json): string | null {
  if (!template.startsWith("$")) return template === "absent" ? null : template;
  const value = argument(args, template.slice(1));
  return value === null ? null : String(value);
}

function contentOf(template: string, args: Json): Uint8Array | null {
  if (!template.startsWith("$")) return null;
  const value = argument(args, template.slice(1));
  return value === null ? null : utf8(typeof value === "string" ? value : canonicalize(value));
}
