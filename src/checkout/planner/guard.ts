// A guard before the failing statement: what was asked of its parts, and the code that it becomes. A part that nobody asked for is as
// the runbook advises. A guard is a value; asking for a change gives another one.
import { literal } from "../literal.ts";
import type { Known } from "./evidence.ts";
import type { Fault } from "./locate-fault.ts";

export type Setting = Pick<Known, "advice"> & { readonly fault: Fault };

/**
 * Part to what was asked of it: `status`, `code`, `message`, `metric` (its name; "" for one after the code), `comment`, `narrow`, and
 * `header:<name>` (the source of its value). Null is to be without, undefined as advised.
 */
export type Asked = Readonly<Record<string, string | null | undefined>>;

export type Insertion = { readonly at: number; readonly text: string };

export const statusOf = (asked: Asked, { advice }: Setting) => asked.status ?? advice.status;
export const codeOf = (asked: Asked, { advice }: Setting) => asked.code ?? advice.code;
/** A counter that nobody named goes by the error code, whatever that becomes. */
const metricOf = (asked: Asked, setting: Setting) =>
  asked.metric || `${setting.fault.path.replace(/^.*\/|\.\w+$/g, "")}.${codeOf(asked, setting)}`;

export function defaultMessage({ base }: Fault): string {
  const noun = base.match(/[\p{ID_Continue}$]+/gu)?.at(-1) ?? base;
  return `This session has no ${noun} any more. Start a new ${noun}, then try again.`;
}

/** What puts a guard in place, in the order of the source. Everything that is there stays as it is, line ends included. */
export function insertionsOf(asked: Asked, setting: Setting): Insertion[] {
  const { source, at, metrics } = setting.fault;
  const lineStart = source.slice(0, at).search(/[^\r\n]*$/);
  const indent = /^[ \t]*/.exec(source.slice(lineStart))?.[0] ?? "";
  const eol = /\r\n|\r|\n/.exec(source)?.[0] ?? "\n";
  const text = `${guardLines(asked, setting, indent).join("\n")}\n`.replaceAll("\n", eol);
  const guard =
    lineStart + indent.length === at ? { at: lineStart, text } : { at, text: `${eol}${text}${indent}` };
  const bringIn = asked.metric == null ? null : metrics;
  return bringIn?.line ? [{ at: bringIn.at, text: `${bringIn.line}${eol}` }, guard] : [guard];
}

function guardLines(asked: Asked, setting: Setting, indent: string): string[] {
  const { base, property, metrics } = setting.fault;
  const inner = `${indent}  `;
  const flat = inner + answerOf(asked, setting, (pairs) => `{ ${pairs.join(", ")} }`);
  const broken = (pairs: string[]) => `{\n${pairs.map((pair) => `${inner}  ${pair},\n`).join("")}${inner}}`;
  return [
    ...(asked.comment ? [`${indent}// ${asked.comment}`] : []),
    `${indent}if (${asked.narrow ? `!${base}` : `${base}?.${property} === undefined`}) {`,
    ...(asked.metric == null ? [] : [`${inner}${metrics?.name}(${literal(metricOf(asked, setting))});`]),
    flat.length <= 100 ? flat : inner + answerOf(asked, setting, broken),
    `${indent}}`,
  ];
}

function answerOf(asked: Asked, setting: Setting, write: (pairs: string[]) => string): string {
  // A narrow guard says no more than was asked for.
  const usual = asked.narrow ? null : defaultMessage(setting.fault);
  const message = asked.message === undefined ? usual : asked.message;
  const body = [
    `error: ${literal(codeOf(asked, setting))}`,
    ...(message ? [`message: ${literal(message)}`] : []),
  ];
  const headers = Object.entries(asked).filter(([part, value]) => part.startsWith("header:") && value);
  const sent = headers.map(([part, value]) => `${literal(part.slice(7))}: ${value}`);
  const objects = sent.length > 0 ? [body, sent] : [body];
  return `return ${setting.fault.helper}(${[statusOf(asked, setting), ...objects.map(write)].join(", ")});`;
}
