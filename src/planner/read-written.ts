// Reads what was asked for out of what a model wrote: one JSON object, and one script, with whatever stands around either.

const THOUGHTS = /<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/g;
const FENCED = /^[ \t]*```[^\n`]*\n([\s\S]*?)^[ \t]*```[ \t]*$/gm;

/** The JSON object in a text: the whole of it, what is fenced in it, or from its first brace to its last. Undefined where none is. */
export function readObject(text: string): object | undefined {
  const said = text.replace(THOUGHTS, "").trim();
  const fenced = [...said.matchAll(FENCED)].map(([, inner = ""]) => inner);
  const braced = said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1);
  for (const candidate of [said, ...fenced, braced]) {
    const value = parse(candidate);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  }
  return undefined;
}

/** The script in a text: what is fenced in it, or the whole. Where several are fenced, the longest. */
export function readScript(text: string): string {
  // A line that begins with three backticks is Markdown: no JavaScript has one.
  const fenced = [...text.matchAll(FENCED)].map(([, inner = ""]) => inner);
  const longest = fenced.sort((a, b) => b.length - a.length)[0];
  return (longest ?? text).trim();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
