// The commands that make secrets: what they print is what the Worker takes, and asking for help makes none.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/receipt/index.ts";

function run(command: "keys" | "reviewer-token", ...args: string[]) {
  const { status, stdout, stderr } = spawnSync("node", [`src/cli/${command}.ts`, ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("keys", () => {
  it("prints three different seeds of 32 bytes", () => {
    const { status, stdout } = run("keys");
    const secrets: Record<string, string> = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(Object.keys(secrets)).toEqual(["AGENT_SIGNING_KEY", "HUMAN_SIGNING_KEY", "RUNTIME_SIGNING_KEY"]);
    const seeds = Object.values(secrets);
    expect(seeds.map((seed) => Buffer.from(seed, "base64url").length)).toEqual([32, 32, 32]);
    expect(new Set(seeds).size).toBe(3);
  });
});

describe("reviewer-token", () => {
  it("prints a token and the entry that knows it", () => {
    const { token, entry } = JSON.parse(run("reviewer-token", "alice@example.com").stdout);
    expect(entry).toEqual({ id: "alice@example.com", sha256: sha256Hex(new TextEncoder().encode(token)) });
    const machine = JSON.parse(run("reviewer-token", "alerts", "--start-only").stdout);
    expect(machine.entry).toMatchObject({ id: "alerts", may: "start" });
  });
});

describe.each(["keys", "reviewer-token"] as const)("%s", (command) => {
  it("tells how it is used, and then makes nothing", () => {
    const help = run(command, "--help");
    expect([help.status, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toMatch(/^usage: /);
    expect(help.stdout).not.toMatch(/[\w-]{43}/);
    expect(run(command, "--nonsense")).toMatchObject({ status: 2, stdout: "" });
  });
});
