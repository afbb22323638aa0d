// Output that cannot be written: a full disk, a file that may not grow. Whoever reads the exit code must not take it for a verdict.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { makeFolder, writeDocument } from "./run-cli.ts";

const approved = writeChain(SCENARIOS.approved).bundle;

/** Runs a command in a shell that redirects its output, as a user's would. `$0` is Node, `$1` … the paths. */
function inShell(script: string, ...paths: readonly string[]) {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env; // a cache that may not grow either is no part of this
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script, process.execPath, ...paths], {
    encoding: "utf8",
    env,
  });
  return { status, stdout, stderr };
}

const files = () => [writeDocument(approved), writeDocument(TRUST, "trust.json")];

describe.skipIf(!existsSync("/dev/full"))("a full disk", () => {
  it.each([
    ["a report", 'src/cli/verify.ts "$1" --trust "$2"'],
    ["a report as JSON", 'src/cli/verify.ts "$1" --trust "$2" --json'],
    ["the usage", "src/cli/verify.ts --help"],
    ["fresh keys", "src/cli/keys.ts"],
    ["a reviewer's token", "src/cli/reviewer-token.ts alice"],
  ])("makes %s exit 2, and says why", (_, command) => {
    const { status, stderr } = inShell(`"$0" ${command} > /dev/full`, ...files());
    expect(status).toBe(2);
    expect(stderr).toMatch(/^cannot write to standard output: ENOSPC/);
  });

  it("that takes no complaint either leaves the exit code as it is", () => {
    expect(inShell('"$0" src/cli/verify.ts nowhere.json --trust "$2" 2> /dev/full', ...files()).status).toBe(
      2,
    );
    expect(inShell('"$0" src/cli/verify.ts "$1" --trust "$2" > /dev/full 2>&1', ...files()).status).toBe(2);
  });
});

describe.skipIf(process.platform === "win32")("a file", () => {
  it("that takes only the first part of a report makes it exit 2", () => {
    const out = join(makeFolder(), "report.txt");
    // The limit stands for a disk with little room: the first write falls short, and only the next one fails.
    const script = `trap "" XFSZ; ulimit -f 2; exec "$0" src/cli/verify.ts "$1" --trust "$2" --json > "$3"`;
    const { status, stderr } = inShell(script, ...files(), out);
    expect(statSync(out).size).toBeGreaterThan(0);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^cannot write to standard output: EFBIG/);
  });

  it("that has room has the whole report, behind what was there", () => {
    const out = join(makeFolder(), "report.txt");
    const script = `echo first > "$3"; "$0" src/cli/verify.ts "$1" --trust "$2" >> "$3"`;
    expect(inShell(script, ...files(), out)).toEqual({ status: 0, stdout: "", stderr: "" });
    const { stdout } = inShell('"$0" src/cli/verify.ts "$1" --trust "$2"', ...files());
    expect(readFileSync(out, "utf8")).toBe(`first\n${stdout}`);
  });
});
