// A stranger's flag, from a folder with the package and examples/flags to an approved change: under `wrangler dev`, over HTTP, and
// checked by the package's own command.
import { spawn } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import { atTheEnd } from "../at-the-end.ts";
import { ROOT, run } from "./run.ts";

const folder = join(inject("gater"));
const wrangler = (...args: string[]) =>
  run(process.execPath, [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args], folder);
let origin = "";
let stop = async () => {};

beforeAll(async () => {
  cpSync(join(folder, "flags"), folder, { recursive: true });
  const keys = await run(process.execPath, ["node_modules/.bin/countersign-keys", "--env"], folder);
  writeFileSync(join(folder, ".dev.vars"), keys.stdout);
  await wrangler("kv", "key", "put", "--local", "--binding", "FLAGS", "new_pricing", "true");
  const port = await freePort();
  origin = `http://localhost:${port}`;
  await startWrangler(port);
}, 120_000);

afterAll(() => stop());

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Starts `wrangler dev` in a group of its own, for it starts workerd, and both must end together. */
async function startWrangler(port: number): Promise<void> {
  const bin = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  const args = [bin, "dev", "--port", String(port), "--inspector-port", "0", "--var", `ISSUER:${origin}`];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CI: "1", X_LOCAL_OBSERVABILITY: "false" },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = () => {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  };
  atTheEnd(kill);
  // At once: whatever happens before it answers, it must not stay.
  stop = async () => {
    kill();
    await exited;
  };
  const deadline = Date.now() + 90_000;
  for (;;) {
    const healthy = await fetch(`${origin}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`wrangler dev did not start:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function post(path: string, body: object): Promise<RunView> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${origin}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return answer.json();
}

describe("examples/flags under wrangler dev", () => {
  it("waits for a human, sets the flag once one approves, and leaves a chain that verifies", async () => {
    const alert = { source: "monitor", title: "Carts are priced wrong" };
    const started = await post("/api/runs", { alert });
    expect(started).toMatchObject({ domain: "flags", status: "awaiting_decision" });
    const approved = await post(`/api/runs/${started.run}/approve`, { proposal: started.pending?.proposal });
    expect(approved).toMatchObject({ status: "completed", outcome: { status: "resolved" } });
    const flag = await wrangler("kv", "key", "get", "--local", "--binding", "FLAGS", "new_pricing");
    expect(flag.stdout.trim()).toBe("false");
    const urls = [
      `${origin}/api/runs/${started.run}/bundle`,
      "--trust",
      `${origin}/.well-known/countersign.json`,
    ];
    const required = [
      "--require",
      "resolved",
      "--require-action",
      started.pending?.action ?? "",
      "--expect-run",
      started.run,
    ];
    const bin = "node_modules/.bin/countersign-verify";
    const verified = await run(process.execPath, [bin, ...urls, ...required], folder);
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
    expect(verified.stdout).toMatch(
      /\nvalid: approved by visitor and executed, resolved: "carts priced wrong" /,
    );
  });

  it("serves the pages with the package's own files", async () => {
    for (const path of ["/", "/verify"]) {
      const page = await fetch(`${origin}${path}`);
      expect({ path, status: page.status }).toEqual({ path, status: 200 });
      const files = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]+\.(?:css|js|svg))"/g)].map(
        ([, file]) => file,
      );
      expect(files.length).toBeGreaterThan(1);
      for (const file of files)
        expect({ file, status: (await fetch(`${origin}${file}`)).status }).toEqual({ file, status: 200 });
    }
  });
});
