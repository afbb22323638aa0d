// The checkout's source as resources: a text at `file:<path>` for each file.
import type { Resources } from "../domain/index.ts";
import { type Digest, digestOf } from "../receipt/index.ts";
import { literal } from "./literal.ts";

/** What a file's resource is called, before its path. */
export const FILE = "file:";

export interface SourceFile {
  readonly path: string;
  readonly digest: Digest;
  readonly content: string;
}

/** The digest of a text: what a write names as `before`. */
export function digestOfText(text: string): Digest {
  return digestOf(new TextEncoder().encode(text));
}

/** Every file's content by path. */
export function filesOf(resources: Resources): ReadonlyMap<string, string> {
  return new Map(
    resources
      .entries()
      .flatMap(([name, content]) =>
        name.startsWith(FILE) && typeof content === "string" ? [[name.slice(FILE.length), content]] : [],
      ),
  );
}

/** @throws for a path where no file is, saying which files there are. */
export function readFile(resources: Resources, path: string): SourceFile {
  const file = find(resources, path);
  if (file) return file;
  throw new Error(
    `no file ${literal(path)}; there are ${[...filesOf(resources).keys()].map(literal).join(", ")}`,
  );
}

/** Many files at once, each once, and the paths where none is. */
export function readFiles(resources: Resources, paths: readonly string[]) {
  const found = [...new Set(paths)].map((path) => ({ path, file: find(resources, path) }));
  return {
    files: found.flatMap(({ file }) => file ?? []),
    missing: found.filter(({ file }) => !file).map(({ path }) => path),
  };
}

function find(resources: Resources, path: string): SourceFile | null {
  const content = resources.get(`${FILE}${path}`);
  return typeof content === "string" ? { path, digest: digestOfText(content), content } : null;
}
