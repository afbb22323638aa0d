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
    const imports = ParsedModule.parse(path, source)?.imports();
    if (!imports || imports.some(({ specifier }) => specifier === null)) return all;
    due.push(...imports.flatMap(({ target }) => target ?? []));
  }
  return reached;
}
