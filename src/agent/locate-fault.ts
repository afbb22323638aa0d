// Finds the expression that reads a property off something that may be undefined, in a function that can
// answer a request. Derived from the files in evidence alone; no path, name or line is known beforehand.
import type { CommonError } from "./read-evidence.ts";
import { type Block, blankText, blocksAround, statementLine } from "./source-shape.ts";

export interface Fault {
  path: string;
  source: string;
  property: string;
  /** What the property is read off, as the source writes it. */
  base: string;
  /** The line of the failing statement: offset of its first character, and its number from 1. */
  at: number;
  line: number;
  indent: string;
  /** The function around it. */
  scope: Block;
  /** The function through which this one answers. */
  helper: string;
}

/** Looking takes time with the square of a file's length, in the host. A longer file is passed over. */
const MAX_SOURCE = 32 * 1024;
/** Most reads looked at in one file, for the same reason. */
const MAX_READS = 50;

interface Candidate extends Fault {
  score: number;
}

/** Name of the function most answers go through: `return name(<status>, …)`. */
function answersThrough(body: string): string | null {
  const times = new Map<string, number>();
  for (const [, name = ""] of body.matchAll(
    /\breturn\s+(?:await\s+)?([A-Za-z_$][\w$]*)\(\s*[1-5]\d\d\s*,/g,
  )) {
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return [...times].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** How likely the base is undefined here: 0 when it is checked before, or does not exist yet. */
function suspicion(base: string, before: string, rest: string): number {
  const name = base.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const checked = new RegExp(
    `!\\s*${name}(?![\\w$.([])|(?<![\\w$.])${name}\\s*(?:[!=]==?\\s*(?:undefined|null)|&&|\\?)|if\\s*\\(\\s*${name}\\s*\\)`,
  );
  if (checked.test(before)) return 0;
  const root = /^[\w$]+/.exec(base)?.[0] ?? base;
  const declared = new RegExp(
    `\\b(?:const|let|var)\\s+(?:${root}\\b|\\{[^}]*\\b${root}\\b[^}]*\\})\\s*=\\s*([^;\\n]*)`,
  );
  const value = declared.exec(before);
  if (!value && declared.test(rest)) return 0;
  if (base !== root) return 3;
  if (!value) return 1;
  const taken =
    /\{/.test(value[0]) || /[\w$\])]\??\.[\w$]+\s*$|\]\s*$|\.get\([^)]*\)\s*$/.test(value[1] ?? "");
  return taken ? 3 : 2;
}

function candidatesIn(path: string, source: string, error: CommonError): Candidate[] {
  if (source.length > MAX_SOURCE) return [];
  const blank = blankText(source);
  const chain = String.raw`[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[[\w$.]+\])*`;
  const reads = [
    new RegExp(
      String.raw`(?<![\w$.])(${chain})\.${error.property.replaceAll("$", "\\$")}(?![\w$])(?!\s*=(?!=))`,
      "g",
    ),
    new RegExp(String.raw`\{[^{}]*\b${error.property}\b[^{}]*\}\s*=\s*(${chain})\s*[;\n]`, "g"),
  ];
  return reads.flatMap((pattern) =>
    [...blank.matchAll(pattern)].slice(0, MAX_READS).flatMap((match) => {
      const at = statementLine(blank, match.index);
      const scope = blocksAround(blank, match.index).find(({ kind }) => kind === "function");
      const base = match[1];
      if (at === null || !scope || at <= scope.open || !base) return [];
      const helper = answersThrough(blank.slice(scope.open, scope.close));
      const suspected = suspicion(base, blank.slice(scope.open, at), blank.slice(at, scope.close));
      if (helper === null || suspected === 0) return [];
      const names = error.paths.map((route) => route.split("/").findLast(Boolean) ?? "");
      const onRoute = names.some((name) => name !== "" && (path.includes(name) || scope.head.includes(name)));
      const indent = /^[ \t]*/.exec(source.slice(at))?.[0] ?? "";
      const line = source.slice(0, at).split("\n").length;
      const { property } = error;
      return [
        {
          path,
          source,
          property,
          base,
          at,
          line,
          indent,
          scope,
          helper,
          score: suspected + (onRoute ? 2 : 0),
        },
      ];
    }),
  );
}

/** The most suspect read, the first of equals; null when no file has one that a guard could be put before. */
export function locateFault(files: ReadonlyMap<string, string>, error: CommonError): Fault | null {
  const candidates = [...files].flatMap(([path, source]) => candidatesIn(path, source, error));
  const [best] = candidates.sort((a, b) => b.score - a.score);
  return best ?? null;
}
