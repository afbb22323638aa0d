// JSON laid out to be read: whatever fits on a line stands on one, the rest is indented. Never changes a value.

const WIDTH = 120;
/** How deep it is indented; what lies deeper stands on one line, for every level makes each of its lines longer. */
const LEVELS = 20;

/** A value as JSON text over as few lines as stay within a readable width; with a width of 0, each member on a line of its own. */
export function laidOutJson(value: unknown, indent = "", width = WIDTH): string {
  const flat = onOneLine(value);
  if (typeof value !== "object" || value === null || indent.length + flat.length <= width) return flat;
  if (Object.keys(value).length === 0) return flat;
  if (indent.length >= 2 * LEVELS) return flat;
  const deeper = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `${deeper}${laidOutJson(item, deeper, width)}`)
    : Object.entries(value).map(
        ([name, item]) => `${deeper}${JSON.stringify(name)}: ${laidOutJson(item, deeper, width)}`,
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "nothing";
  const members = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${onOneLine(item)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
