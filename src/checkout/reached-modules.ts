// Which files of a repository are modules of its Worker: those that its main module brings in.
import { ParsedModule } from "./parse-module.ts";

/** What can be a module. Other files, and names that lead out of the repository, are no part of what a Worker runs. */
const MODULE = /^(?!\/|.*(^|\/)\.{0,2}\/)[^\p{C}:\\]+\.m?js$/u;

/**
 * The main module and those that it imports, directly or not, by path. A file that nothing imports is left out, whatever it holds.
 * Where the imports of a module cannot be told, every module there is.
 */
export function reachedModules(
  files: ReadonlyMap<string, string>,
  main: string,
): ReadonlyMap<string, string> {
  const all = new Map([...files].filter(([path]) => MODULE.test(path)));
  const reached = new Map<string, string>();
  const due = [main];
  for (const path of due) {
    const source = all.get(path);
    if (source === undefined || reached.has(path)) continue;
    reached.set(path, source);
    const targets = targetsOf(path, source);
    if (!targets) return all;
    due.push(...targets);
  }
  return reached;
}

/** Most modules whose imports are remembered: a run measures the same ones again and again, and so does the next. */
const MAX_KNOWN = 100;
const known = new Map<string, readonly string[] | null>();

/** The paths that a module's imports lead to, or null where they cannot be told. */
function targetsOf(path: string, source: string): readonly string[] | null {
  const key = JSON.stringify([path, source]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const imports = ParsedModule.parse(path, source)?.imports();
  const isTold = imports?.every(({ specifier }) => specifier !== null);
  const targets = imports && isTold ? imports.flatMap(({ target }) => target ?? []) : null;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, targets);
  return targets;
}
