// What a newcomer does, against the real server and the real command line: start, decide, fetch, verify, check with openssl.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/chain/index.ts";
import { type DevServer, startDevServer } from "./dev-server.ts";

let server: DevServer;
const folder = mkdtempSync(join(tmpdir(), "countersign-journey-"));

beforeAll(async () => {
  // A secret that not every deployment has, beside those that `npm start` writes.
  const more = join(folder, "more.vars");
  writeFileSync(more, 'ALERT_SECRET_GRAFANA="shared-with-grafana"\n');
  server = await startDevServer({ flags: ["--env-file", ".dev.vars", "--env-file", more] });
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function post(path: string, body: unknown = {}): Promise<RunView> {
  const response = await fetch(`${server.origin}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
  return response.json() as Promise<RunView>;
}

const decide = (view: RunView, how: string, more = {}) =>
  post(`/api/runs/${view.run}/${how}`, { proposal: view.pending?.proposal, ...more });

async function save(path: string, name: string): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, await (await fetch(`${server.origin}${path}`)).text());
  return file;
}

function verify(...args: string[]) {
  const { status, stdout, stderr } = spawnSync("node", ["src/cli/verify.ts", ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** The shell lines of the README's section on openssl, as written there. */
function opensslLines(): string {
  const readme = readFileSync("README.md", "utf8");
  const block = /<!-- openssl -->\s*```sh\n([\s\S]*?)```/.exec(readme)?.[1];
  if (!block) throw new Error("the README has no openssl lines");
  return block;
}

describe("a newcomer", () => {
  const ends: [string, (view: RunView) => Promise<RunView>, string][] = [
    ["approves", (view) => decide(view, "approve"), "completed"],
    ["rejects", (view) => decide(view, "reject", { reason: "No." }), "rejected"],
    [
      "asks for changes and approves",
      async (view) => decide(await decide(view, "request-changes", { feedback: "Answer 409." }), "approve"),
      "completed",
    ],
  ];

  it.each(ends)(
    "%s, and the chain verifies from the command line and with openssl",
    async (_, end, status) => {
      const view = await post("/api/runs");
      const open = await save(`/api/runs/${view.run}/bundle`, "open.json");
      const trust = await save("/.well-known/countersign.json", "trust.json");
      expect(verify(open, "--trust", trust).status).toBe(3);
      expect(verify(open, "--trust", trust, "--allow-incomplete").status).toBe(0);
      expect(await end(view)).toMatchObject({ status });
      const bundle = await save(`/api/runs/${view.run}/bundle`, "bundle.json");
      const checked = verify(bundle, "--trust", trust, "--json");
      expect(checked.status).toBe(0);
      expect(checked.stderr).toBe("");
      const report: { verdict: string; count: number } = JSON.parse(checked.stdout);
      expect(report.verdict).toBe("valid");
      for (let seq = 0; seq < report.count; seq += 1) {
        const script = opensslLines().replaceAll(/\bN=\d+/g, `N=${seq}`);
        const out = execFileSync("bash", ["-euc", script], { cwd: folder, encoding: "utf8" });
        expect(out).toContain("Signature Verified Successfully");
      }
    },
  );

  it("sets a secret that is optional, and the server heeds it", async () => {
    const alert = () => fetch(`${server.origin}/api/alerts/grafana`, { method: "POST", body: "{}" });
    expect((await alert()).status).toBe(401);
  });

  it("is told of a chain that somebody altered, of the wrong keys, and of what cannot be used", async () => {
    const view = await decide(await post("/api/runs"), "approve");
    const url = `${server.origin}/api/runs/${view.run}/bundle`;
    const trust = `${server.origin}/.well-known/countersign.json`;
    expect(verify(url, "--trust", trust, "--expect-run", view.run).status).toBe(0);
    expect(verify(url, "--trust", trust, "--expect-run", "another").status).toBe(1);
    const bundle = JSON.parse(readFileSync(await save(`/api/runs/${view.run}/bundle`, "b.json"), "utf8"));
    bundle.receipts.splice(4, 1);
    writeFileSync(join(folder, "dropped.json"), JSON.stringify(bundle));
    const dropped = verify(join(folder, "dropped.json"), "--trust", trust);
    expect(dropped.status).toBe(1);
    expect(dropped.stdout).toContain("ERR_SEQ");
    writeFileSync(join(folder, "other.json"), JSON.stringify({ version: 1, issuer: "x", keys: [] }));
    for (const args of [
      [url],
      [url, "--trust", join(folder, "other.json")],
      [url, "--trust", join(folder, "absent.json")],
      [trust, "--trust", trust],
      ["README.md", "--trust", trust],
      [url, "--trust", trust, "--nonsense"],
      [`${server.origin}/api/runs/run-${"0".repeat(24)}/bundle`, "--trust", trust],
    ]) {
      const unusable = verify(...args);
      expect([unusable.status, unusable.stdout], args.join(" ")).toEqual([2, ""]);
      expect(unusable.stderr.length).toBeGreaterThan(20);
    }
  });
});
