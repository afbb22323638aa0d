// Applies a wish about headers. A header without a value is sent as the file's other answers send it, or not at all:
// no value is made up, and none that could not be sent gets into the code.
import type { Guard, Setting, Step } from "./guard.ts";
import { literal } from "./script-literal.ts";
import type { Wish } from "./wish.ts";

const NAME = /^[a-z][a-z0-9-]{0,63}$/;
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/;
const SET_BY_RUNTIME = /^(?:content-length|transfer-encoding|connection|date|host)$/;

/** "request-id" means `x-request-id` where that is what answers carry. */
export function fullName(
  name: string | null,
  ...known: readonly ReadonlyMap<string, string>[]
): string | null {
  return name !== null && known.some((headers) => headers.has(`x-${name}`)) ? `x-${name}` : name;
}

function without(guard: Guard, name: string | null, { around, fault }: Setting): Step {
  if (name !== null && around.sent.has(name)) {
    return { guard, notApplied: `${fault.helper}() sends it with every answer` };
  }
  const headers = new Map([...guard.headers].filter(([other]) => name !== null && other !== name));
  const same = headers.size === guard.headers.size;
  const what = name ?? "headers of its own";
  return {
    guard: { ...guard, headers },
    applied: same ? `already sends no ${what}` : `no longer sends ${what}`,
  };
}

function withOthers(guard: Guard, { around, fault }: Setting): Step {
  if (around.elsewhere.size === 0)
    return { guard, notApplied: `no other answer of ${fault.path} carries headers` };
  const headers = new Map([...guard.headers, ...around.elsewhere]);
  const names = [...around.elsewhere.keys()].join(", ");
  const same = headers.size === guard.headers.size;
  return {
    guard: { ...guard, headers },
    applied: `${same ? "already sends" : "sends"} ${names} like the other answers`,
  };
}

export function applyHeader(guard: Guard, wish: Wish & { kind: "header" }, setting: Setting): Step {
  const { around, fault } = setting;
  const { value } = wish;
  const name = fullName(wish.name, around.elsewhere, guard.headers);
  if (!wish.wanted) return without(guard, name, setting);
  if (!around.takesHeaders) return { guard, notApplied: `${fault.helper}() takes no headers` };
  if (name === null) return withOthers(guard, setting);
  if (!NAME.test(name)) return { guard, notApplied: "this is not a header's name" };
  if (SET_BY_RUNTIME.test(name)) return { guard, notApplied: `${name} is set by the runtime` };
  if (value !== null && !VALUE.test(value)) return { guard, notApplied: "this is not a header's value" };
  const source = value === null ? (guard.headers.get(name) ?? around.elsewhere.get(name)) : literal(value);
  const sent = guard.headers.get(name) ?? around.sent.get(name);
  if (sent !== undefined && (value === null || sent === source)) {
    return { guard, applied: `already sends ${name}` };
  }
  if (source === undefined) {
    return { guard, notApplied: `no other answer of ${fault.path} sends ${name}, and no value was given` };
  }
  const headers = new Map([...guard.headers, [name, source] as const]);
  return {
    guard: { ...guard, headers },
    applied: `sends ${name}: ${value ?? `${source}, like the other answers`}`,
  };
}
