// Just enough about the shape of a JavaScript source to place a guard: strings and comments blanked out,
// functions, and where a statement starts. Where it is unsure it says null, and no patch is proposed.

/** The same text, of the same length, with comments, strings and regular expressions blanked out. */
export function blankText(source: string): string {
  const text =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|(?<=[=(,:;!&|?{}[]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;
  return source.replace(text, (found) => found.replace(/[^\n]/g, " "));
}

export interface Block {
  open: number;
  close: number;
  kind: "function" | "control" | "object";
  /** What stands before a function's brace, on its line: its name and parameters. */
  head: string;
}

function kindOf(blank: string, open: number): Block["kind"] {
  const before = blank.slice(0, open).trimEnd();
  if (before.endsWith("=>")) return "function";
  if (/(?:^|[;{}\s])(?:else|try|do|finally|catch)$/.test(before)) return "control";
  if (!before.endsWith(")")) return /[;{}]$/.test(before) || before === "" ? "control" : "object";
  let depth = 0;
  for (let at = before.length - 1; at >= 0; at -= 1) {
    if (before[at] === ")") depth += 1;
    if (before[at] === "(") depth -= 1;
    if (depth === 0) {
      return /\b(?:if|for|while|switch|catch|with|await)\s*$/.test(before.slice(0, at))
        ? "control"
        : "function";
    }
  }
  return "object";
}

/** The blocks around an offset, innermost first. */
export function blocksAround(blank: string, offset: number): Block[] {
  const open: number[] = [];
  const around: Block[] = [];
  for (let at = 0; at < blank.length; at += 1) {
    if (blank[at] === "{") open.push(at);
    if (blank[at] !== "}") continue;
    const start = open.pop();
    if (start !== undefined && start < offset && at > offset) {
      const head = blank.slice(blank.lastIndexOf("\n", start) + 1, start).trim();
      around.push({ open: start, close: at, kind: kindOf(blank, start), head });
    }
  }
  return around;
}

const STARTS_STATEMENT = /^\s*(?:const|let|var|if|return|for|while|switch|throw|try)\b/;
const CLOSES = ")]}";
const OPENS = "([{";

/**
 * Offset at which the line of the statement around `offset` starts, or null when the statement does not begin
 * a line of a block, so that nothing can be put in front of it.
 */
export function statementLine(blank: string, offset: number): number | null {
  const block = blocksAround(blank, offset).find(({ kind }) => kind !== "object");
  if (!block) return null;
  let boundary = block.open;
  let depth = 0;
  for (let at = block.open + 1; at < offset; at += 1) {
    const char = blank.charAt(at);
    if (OPENS.includes(char)) depth += 1;
    if (CLOSES.includes(char)) depth -= 1;
    if (depth !== 0) continue;
    const next = blank.slice(at + 1, offset + 1);
    const ends =
      char === ";" || (char === "}" && /^\s*\n/.test(next)) || (char === "\n" && STARTS_STATEMENT.test(next));
    if (ends) boundary = at;
  }
  const start = boundary + 1 + (/^\s*/.exec(blank.slice(boundary + 1))?.[0].length ?? 0);
  const line = blank.lastIndexOf("\n", start - 1) + 1;
  const opening = blank.slice(start, offset);
  if (blank.slice(line, start).trim() !== "" || /^(?:else|case|default)\b|=>|\bfunction\b/.test(opening))
    return null;
  return start <= offset ? line : null;
}
