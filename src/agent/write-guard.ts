// Turns a guard into edits of the faulty file. An edit is a text that occurs exactly once and what replaces it,
// so that a script can apply it to the file as it then is, or refuse.
import type { Guard } from "./guard.ts";
import type { Fault } from "./locate-fault.ts";
import { literal } from "./script-literal.ts";
import { blankText } from "./source-shape.ts";
import type { MetricFunction, Surroundings } from "./surroundings.ts";

export interface Edit {
  find: string;
  replace: string;
}

const LINE_WIDTH = 100;

const keyOf = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name));

function objectOf(entries: readonly (readonly [string, string])[], indent: string, broken: boolean): string {
  const pairs = entries.map(([name, value]) => `${keyOf(name)}: ${value}`);
  return broken
    ? `{\n${pairs.map((pair) => `${indent}  ${pair},\n`).join("")}${indent}}`
    : `{ ${pairs.join(", ")} }`;
}

function answerOf(guard: Guard, fault: Fault, { keys }: Surroundings, indent: string): string {
  const body: [string, string][] = [[keys.code, literal(guard.code)]];
  if (guard.message) body.push([keys.message, literal(guard.message.text)]);
  const parts = guard.headers.size > 0 ? [body, [...guard.headers]] : [body];
  const write = (breaks: (part: number) => boolean) => {
    const objects = parts.map((part, at) => objectOf(part, indent, breaks(at)));
    return `return ${fault.helper}(${[guard.status, ...objects].join(", ")});`;
  };
  const fits = (text: string) => text.split("\n").every((line) => indent.length + line.length <= LINE_WIDTH);
  const layouts = [write(() => false), write((part) => part === parts.length - 1)];
  return layouts.find(fits) ?? write(() => true);
}

/** The metric's name as the guard will count it. */
export function metricName(guard: Guard, metrics: MetricFunction): string {
  return guard.metric?.name ?? `${metrics.prefix}.${guard.code}`;
}

/** A name for the counting function that means nothing else in the file yet. */
function countingName(fault: Fault, metrics: MetricFunction): { local: string; imported: boolean } {
  const imports = [...fault.source.matchAll(/^import\b[^;]*;/gm)].map(([text]) => text).join("\n");
  const name = metrics.name;
  if (new RegExp(`\\b${name}\\b`).test(blankText(imports))) return { local: name, imported: true };
  const taken = new RegExp(`(?<![\\w$.])${name}(?![\\w$])`).test(blankText(fault.source));
  return { local: taken ? `${name}Metric` : name, imported: false };
}

function guardLines(guard: Guard, fault: Fault, around: Surroundings): string {
  const { base, property, indent } = fault;
  const inner = `${indent}  `;
  const comment =
    guard.comment === null ? "" : `${indent}// ${guard.comment.replace(/[\s\u2028\u2029]+/g, " ").trim()}\n`;
  const condition = guard.narrow ? `!${base}` : `${base}?.${property} === undefined`;
  const oneLine = `${indent}if (${condition}) ${answerOf(guard, fault, around, "")}`;
  const single =
    guard.narrow && guard.metric === null && oneLine.length <= LINE_WIDTH && !oneLine.includes("\n");
  if (single) return `${comment}${oneLine}\n`;
  const { metrics } = around;
  const counting =
    guard.metric && metrics
      ? `${inner}${countingName(fault, metrics).local}(${literal(metricName(guard, metrics))});\n`
      : "";
  return `${comment}${indent}if (${condition}) {\n${counting}${inner}${answerOf(guard, fault, around, inner)}\n${indent}}\n`;
}

function specifier(from: string, to: string): string {
  const here = from.split("/").slice(0, -1);
  const there = to.split("/");
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared += 1;
  const up = here.slice(shared).map(() => "..");
  return [...(up.length > 0 ? up : ["."]), ...there.slice(shared)].join("/");
}

function importEdit(fault: Fault, metrics: MetricFunction): Edit | null {
  const { local, imported } = countingName(fault, metrics);
  if (imported) return null;
  const module = specifier(fault.path, metrics.path);
  const binding = local === metrics.name ? local : `${metrics.name} as ${local}`;
  const line = `import { ${binding} } from "${module}";`;
  const imports = [...fault.source.matchAll(/^import\b[^;]*?["']([^"'\n]+)["'];/gm)];
  const next = imports.find(([, other = ""]) => other > module);
  const last = imports.at(-1);
  if (next) return { find: next[0], replace: `${line}\n${next[0]}` };
  if (last) return { find: last[0], replace: `${last[0]}\n${line}` };
  const first = fault.source.slice(0, fault.source.indexOf("\n") + 1);
  return { find: first, replace: `${line}\n${first}` };
}

function guardEdit(guard: Guard, fault: Fault, around: Surroundings): Edit {
  const { source, at } = fault;
  const lineEnd = source.indexOf("\n", at);
  const line = source.slice(at, lineEnd < 0 ? source.length : lineEnd);
  let from = at;
  while (from > 0 && source.split(source.slice(from, at) + line).length !== 2) {
    from = source.lastIndexOf("\n", from - 2) + 1;
  }
  const before = source.slice(from, at);
  return { find: before + line, replace: before + guardLines(guard, fault, around) + line };
}

/** The edits that put the guard in place; none is needed elsewhere than in the faulty file. */
export function writeGuard(guard: Guard, fault: Fault, around: Surroundings): Edit[] {
  const bringIn = guard.metric && around.metrics ? importEdit(fault, around.metrics) : null;
  const edits = [guardEdit(guard, fault, around)];
  return bringIn ? [bringIn, ...edits] : edits;
}

/** The edited text, or null when a text to find is not there exactly once. */
export function applyEdits(source: string, edits: readonly Edit[]): string | null {
  let content = source;
  for (const { find, replace } of edits) {
    const parts = content.split(find);
    if (parts.length !== 2) return null;
    content = parts.join(replace);
  }
  return content;
}
