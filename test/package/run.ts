// Programs as a stranger runs them: in a folder, on whatever Node the machine has.
import { execFile, execFileSync } from "node:child_process";
import { delimiter, join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

export interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a folder and tells how it ended. */
export function run(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

/** Every Node of version 20 or newer on this machine: the one that runs the tests, and the host's own. */
export function findNodes(): { readonly version: string; readonly path: string }[] {
  const found = new Map<string, string>([[process.version, process.execPath]]);
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(directory, "node");
    try {
      const version = execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
      if (Number.parseInt(version.slice(1), 10) >= 20 && !found.has(version)) found.set(version, path);
    } catch {
      // no node in this directory of the path
    }
  }
  return [...found].map(([version, path]) => ({ version, path }));
}
