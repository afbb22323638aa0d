// Runs the command line as a user would: a process of its own, its exit code and what it printed.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { TRUST } from "../conformance/fixed-keys.ts";

const command = (name: string) => join(import.meta.dirname, `../../src/cli/${name}.ts`);

/** Enough for the largest document that is read, and far too little for what a hostile one could unfold to. */
const HEAP = "--max-old-space-size=1024";

export interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `verify` with these arguments and, if given, this standard input. */
export function runVerify(
  args: readonly string[],
  input?: string | Uint8Array,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return runCommand("verify", args, input, env);
}

/** Runs a command with these arguments and, if given, this standard input. */
export function runCommand(
  name: "verify" | "review",
  args: readonly string[],
  input?: string | Uint8Array,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [HEAP, command(name), ...args],
      // No width of a terminal, unless a test gives one: not even that of the terminal the tests run in.
      { maxBuffer: 256 * 1024 * 1024, env: { ...process.env, COLUMNS: "", ...env } },
      (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

/** A folder that goes when the test has finished. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same on the disk, for programs: on many a machine none may be started from where temporary files are. */
export function makeProgramFolder(): string {
  mkdirSync(".cache", { recursive: true });
  const folder = mkdtempSync(resolve(".cache/countersign-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a document, JSON unless it is text or bytes already, and gives its path. */
export function writeDocument(content: unknown, name = "bundle.json", folder = makeFolder()): string {
  const path = join(folder, name);
  const isText = typeof content === "string" || content instanceof Uint8Array;
  writeFileSync(path, isText ? content : JSON.stringify(content));
  return path;
}

/** A flag of the command, or how wide the terminal is. */
export type Flag = string | { readonly columns: number };

/** Verifies a document under a trust policy. */
export function judgeUnder(trust: unknown, content: unknown, ...flags: readonly Flag[]): Promise<Ended> {
  const args = flags.filter((flag) => typeof flag === "string");
  const widths = flags.flatMap((flag) => (typeof flag === "string" ? [] : [String(flag.columns)]));
  return runVerify(
    [writeDocument(content), "--trust", writeDocument(trust, "trust.json"), ...args],
    undefined,
    { COLUMNS: widths[0] ?? "" },
  );
}

/** {@link judgeUnder} the corpus's trust policy. */
export function judge(content: unknown, ...flags: readonly Flag[]): Promise<Ended> {
  return judgeUnder(TRUST, content, ...flags);
}

/** Everything that a terminal would take for more than a visible character of the line it is in. */
export const UNSEEN = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;
