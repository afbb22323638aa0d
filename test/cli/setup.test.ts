// The set-up that every command begins with: whatever npm prints or ends with, the command's own output and exit code keep their meaning.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
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
  /** What an earlier npm has installed, since the lockfile was written or before. */
  readonly installed?: { readonly dev: boolean; readonly before?: boolean };
  readonly args?: readonly string[];
}

/** Sets up a clone, with an npm that prints a line and ends so. */
function setUp({ exitCode = 0, manager = "npm.mjs", left, node, installed, args = [] }: Clone) {
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
  if (installed) {
    const lock = join(folder, "node_modules/.package-lock.json");
    mkdirSync(join(folder, "node_modules"));
    const packages = {
      "node_modules/hono": {},
      ...(installed.dev && { "node_modules/vitest": { dev: true } }),
    };
    writeFileSync(lock, JSON.stringify({ packages }));
    if (installed.before) utimesSync(lock, 0, 0);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/setup.mjs", ...args], {
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
    expect(stderr).toContain("the npm of the path ci --include=dev --no-audit --no-fund");
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

  const demo = { args: ["--omit=dev"] };
  it.each<[string, Clone, string | null]>([
    ["installs for the demo what the demo needs", demo, "--omit=dev"],
    ["installs everything for the tests", {}, "--include=dev"],
    ["is done once for the demo", { ...demo, installed: { dev: false } }, null],
    ["is done once for the tests", { installed: { dev: true } }, null],
    ["adds what tests need to what the demo needs", { installed: { dev: false } }, "--include=dev"],
    ["leaves to the tests what they need", { ...demo, installed: { dev: true } }, null],
    [
      "brings the tests' up to date too",
      { ...demo, installed: { dev: true, before: true } },
      "--include=dev",
    ],
    ["brings the demo's up to date", { ...demo, installed: { dev: false, before: true } }, "--omit=dev"],
  ])("%s", (_, clone, which) => {
    const { status, stderr } = setUp(clone);
    expect([status, /npm\.mjs ci (\S+)/.exec(stderr)?.[1] ?? null]).toEqual([0, which]);
  });

  it("is part of each command itself: where scripts are not allowed, npm runs none before it", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const name of ["setup", "start", "verify", "keys", "reviewer-token", "deploy"]) {
      expect(scripts[name], name).toMatch(/^node scripts\/setup\.mjs --omit=dev( && |$)/);
    }
    for (const name of Object.keys(scripts).filter((each) =>
      /^(test|check|fix|bench|pack|sample|examples)/.test(each),
    )) {
      expect(scripts[name], name).toMatch(/^node scripts\/setup\.mjs && /);
    }
  });
});
