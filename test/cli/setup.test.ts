// The set-up that every command begins with: whatever npm prints or ends with, the command's own output and exit code keep their meaning.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeProgramFolder } from "./run-cli.ts";

interface Clone {
  /** How the npm ends that is called. */
  readonly exitCode?: number;
  /** How the program is called that runs the set-up's script. */
  readonly manager?: string;
  /** A file that a package manager left in node_modules. */
  readonly left?: string;
  /** The version of the Node that would run the commands; that which runs this test unless set. */
  readonly node?: string;
}

/** Sets up a clone, with an npm that prints a line and ends so. */
function setUp({ exitCode = 0, manager = "npm.mjs", left, node }: Clone) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "scripts"));
  copyFileSync("scripts/setup.mjs", join(folder, "scripts/setup.mjs"));
  writeFileSync(join(folder, "package-lock.json"), "{}");
  const npm = join(folder, manager);
  const calls = `console.log("${manager} " + process.argv.slice(2).join(" "));`;
  writeFileSync(npm, `${calls} console.log("added 141 packages"); process.exitCode = ${exitCode};`);
  const path = makeProgramFolder();
  const program = (name: string, says: string) =>
    writeFileSync(join(path, name), `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  program("npm", "the npm of the path $*");
  if (node) program("node", node);
  if (left) {
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "node_modules", left), "");
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/setup.mjs"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, npm_execpath: npm, PATH: `${path}${delimiter}${process.env.PATH}` },
  });
  return { status, stdout, stderr, keys: existsSync(join(folder, ".dev.vars")) };
}

describe("the set-up", () => {
  it("leaves stdout to the command that follows it", () => {
    expect(setUp({})).toEqual({
      status: 0,
      stdout: "",
      stderr: expect.stringContaining("added 141 packages"),
      keys: true,
    });
  });

  it("that fails ends with 2, which is no verdict", () => {
    expect(setUp({ exitCode: 1 })).toMatchObject({ status: 2, stdout: "", keys: false });
  });

  it.each(["v18.20.0", "v20.20.2", "v22.17.1", "v23.5.0"])(
    "says what to do where Node %s would run the commands, and ends with 2",
    (node) => {
      const { status, stdout, stderr, keys } = setUp({ node });
      expect([status, stdout, keys]).toEqual([2, "", false]);
      expect(stderr).toContain(`This needs Node 22.18 or newer, and ${node} would run it.`);
      expect(stderr).toContain("npm rebuild --ignore-scripts=false node");
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  it.each(["v22.18.0", "v23.6.0", "v24.21.0", "v26.0.0"])("goes on under Node %s", (node) => {
    expect(setUp({ node })).toMatchObject({ status: 0, keys: true });
  });

  it.each(["pnpm.cjs", "yarn.js", "pnpm"])("asks npm to install, and not %s", (manager) => {
    const { status, stderr } = setUp({ manager });
    expect(status).toBe(0);
    expect(stderr).toContain("the npm of the path ci --no-audit --no-fund");
    expect(stderr).not.toContain(manager);
  });

  it.each([".modules.yaml", ".yarn-integrity", ".yarn-state.yml"])(
    "leaves alone what another package manager installed (%s)",
    (left) => {
      expect(setUp({ left })).toMatchObject({
        status: 0,
        keys: true,
        stderr: expect.not.stringContaining("npm"),
      });
    },
  );

  it("is part of each command itself: where scripts are not allowed, npm runs none before it", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const name of ["start", "test", "verify", "keys", "reviewer-token", "deploy"]) {
      expect(scripts[name], name).toMatch(/^node scripts\/setup\.mjs && /);
    }
  });
});
