// The set-up that every command begins with: whatever npm prints or ends with, the command's own output and exit code keep their meaning.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

/** Sets up a clone that has nothing installed, with an npm that prints a line and ends so. */
function setUp(exitCode: number) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "scripts"));
  copyFileSync("scripts/setup.mjs", join(folder, "scripts/setup.mjs"));
  writeFileSync(join(folder, "package-lock.json"), "{}");
  const npm = join(folder, "npm.mjs");
  writeFileSync(npm, `console.log("added 141 packages"); process.exitCode = ${exitCode};`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/setup.mjs"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, npm_execpath: npm },
  });
  return { status, stdout, stderr, keys: existsSync(join(folder, ".dev.vars")) };
}

describe("the set-up", () => {
  it("leaves stdout to the command that follows it", () => {
    expect(setUp(0)).toEqual({
      status: 0,
      stdout: "",
      stderr: expect.stringContaining("added 141 packages"),
      keys: true,
    });
  });

  it("that fails ends with 2, which is no verdict", () => {
    expect(setUp(1)).toMatchObject({ status: 2, stdout: "", keys: false });
  });
});
