// Two deployments with keys of their own, and the real command line: a rejected run is continued, its lineage followed,
// one byte of the parent changed; then its bundle crosses over to the other deployment.

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE_MEDIA_TYPE, type Bundle, type RunView } from "../../src/chain/index.ts";
import type { Deployment } from "./place.ts";
import { startServer } from "./server.ts";

let here: Deployment;
let there: Deployment;
const folder = mkdtempSync(join(tmpdir(), "countersign-continue-"));

/** Starts a deployment with fresh keys, which trusts the runs of these issuers. */
function deploy(trusted: readonly unknown[] = []): Promise<Deployment> {
  const keys = ["AGENT", "HUMAN", "RUNTIME"].map((role) => [
    `${role}_SIGNING_KEY`,
    randomBytes(32).toString("base64url"),
  ]);
  return startServer({ vars: { ...Object.fromEntries(keys), TRUSTED_ISSUERS: JSON.stringify(trusted) } });
}

beforeAll(async () => {
  here = await deploy();
  there = await deploy([await read(here, "/.well-known/countersign.json")]);
});
afterAll(async () => {
  await Promise.all([here?.stop(), there?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function read<Value = unknown>(server: Deployment, path: string): Promise<Value> {
  return (await fetch(`${server.origin}${path}`)).json() as Promise<Value>;
}

function send(server: Deployment, path: string, body: string, type = "application/json"): Promise<Response> {
  return fetch(`${server.origin}${path}`, { method: "POST", headers: { "content-type": type }, body });
}

async function post(server: Deployment, path: string, body: unknown = {}): Promise<RunView> {
  const response = await send(server, path, JSON.stringify(body));
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
  return response.json() as Promise<RunView>;
}

const decide = (server: Deployment, view: RunView, how: string, more = {}) =>
  post(server, `/api/runs/${view.run}/${how}`, { proposal: view.pending?.proposal, ...more });

/** A run that was rejected for a reason. */
async function rejected(server: Deployment): Promise<{ first: RunView; parent: RunView }> {
  const first = await post(server, "/api/runs");
  return {
    first,
    parent: await decide(server, first, "reject", { reason: "Answer 409, and add a metric." }),
  };
}

async function save(server: Deployment, path: string, name: string): Promise<string> {
  return write(name, await read(server, path));
}

async function keyIds(server: Deployment): Promise<string[]> {
  const { keys } = await read<{ keys: { kid: string }[] }>(server, "/.well-known/jwks.json");
  return keys.map(({ kid }) => kid);
}

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
}

/** Runs the command line. Waits without blocking: a connection that the server closes meanwhile must be seen to close. */
function verify(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile("node", ["src/cli/verify.ts", ...args], (_, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}

/** The bundle in a file with one byte of one receipt's payload changed. */
function alter(file: string, seq: number): Bundle {
  const bundle: Bundle = JSON.parse(readFileSync(file, "utf8"));
  const receipts = bundle.receipts.map((envelope, i) => {
    if (i !== seq) return envelope;
    const payload = Buffer.from(envelope.payload, "base64");
    payload[200] = (payload[200] ?? 0) ^ 1;
    return { ...envelope, payload: payload.toString("base64") };
  });
  return { ...bundle, receipts };
}

describe("a rejected run that is continued", () => {
  it("gives another proposal, bound to the parent's handoff; and the command line follows it", async () => {
    const { first, parent } = await rejected(here);
    const child = await post(here, "/api/runs", { continues: { run: parent.run } });
    expect(child.pending?.action).not.toBe(first.pending?.action);
    expect(child.pending?.diff).toMatch(/^\+.*json\(409/m);
    expect(child.pending?.diff).toMatch(/^\+.*count\(/m);
    expect(await decide(here, child, "approve")).toMatchObject({ outcome: { status: "resolved" } });

    const trust = await save(here, "/.well-known/countersign.json", "trust.json");
    const bundle = await save(here, `/api/runs/${child.run}/bundle`, "child.json");
    const held = await save(here, `/api/runs/${parent.run}/bundle`, "parent.json");
    expect((await verify(bundle, "--trust", trust)).status).toBe(0);
    const followed = await verify(bundle, "--trust", trust, "--follow", "--parent", held);
    expect(followed.status, followed.stderr).toBe(0);
    expect(followed.stdout).toContain(`lineage valid: ${child.run} valid ← ${parent.run} valid`);
    const report = JSON.parse((await verify(bundle, "--trust", trust, "--follow", "--json")).stdout);
    expect(report).toMatchObject({
      verdict: "valid",
      runs: [
        { run: child.run, verdict: "valid" },
        { run: parent.run, verdict: "valid", head: parent.head },
      ],
    });

    for (const [seq, envelope] of JSON.parse(readFileSync(held, "utf8")).receipts.entries()) {
      expect(envelope).toBeDefined();
      const altered = write("altered.json", alter(held, seq));
      const refused = await verify(bundle, "--trust", trust, "--follow", "--parent", altered);
      expect(refused.status).toBe(1);
      expect(refused.stdout).toMatch(new RegExp(`✗ ERR_\\w+ at receipt ${seq}: `));
      expect(refused.stdout).toContain(`lineage invalid: ${child.run} invalid ← ${parent.run} invalid`);
    }
  });

  it("is refused by the deployment itself when its bundle has one byte changed, and the answer says which receipt", async () => {
    const { parent } = await rejected(here);
    const held = await save(here, `/api/runs/${parent.run}/bundle`, "parent.json");
    const response = await send(here, "/api/runs", JSON.stringify(alter(held, 4)), BUNDLE_MEDIA_TYPE);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: "ERR_PARENT_INVALID",
      detail: expect.stringContaining("receipt 4: ERR_SIGNATURE"),
      findings: [{ run: parent.run, seq: 4, code: "ERR_SIGNATURE" }],
    });
  });

  it("tells wrong arguments from a verdict", async () => {
    const { parent } = await rejected(here);
    const trust = await save(here, "/.well-known/countersign.json", "trust.json");
    const bundle = await save(here, `/api/runs/${parent.run}/bundle`, "parent.json");
    for (const args of [
      [bundle, "--trust", trust, "--trust", trust],
      [bundle, "--trust", trust, "--trust", trust, "--follow"],
      [bundle, "--trust", trust, "--parent", bundle],
      [bundle, "--trust", trust, "--follow", "--parent", bundle],
      [bundle, "--trust", trust, "--follow", "--parent", join(folder, "absent.json")],
    ]) {
      const unusable = await verify(...args);
      expect([unusable.status, unusable.stdout], args.join(" ")).toEqual([2, ""]);
    }
  });
});

describe("a bundle that crosses over to another deployment", () => {
  it("is continued where its issuer is on the allow list, and nowhere else", async () => {
    const { parent } = await rejected(here);
    const bundle = JSON.stringify(await read(here, `/api/runs/${parent.run}/bundle`));
    const response = await send(there, "/api/runs", bundle, BUNDLE_MEDIA_TYPE);
    expect(response.status, await response.clone().text()).toBe(201);
    const child = (await response.json()) as RunView;
    expect(child.pending?.diff).toMatch(/^\+.*json\(409/m);
    await decide(there, child, "approve");

    const [ours, others] = [await keyIds(here), await keyIds(there)];
    expect(ours.filter((kid) => others.includes(kid))).toEqual([]);
    const own = await save(there, "/.well-known/countersign.json", "there.json");
    const theirs = await save(here, "/.well-known/countersign.json", "here.json");
    const file = await save(there, `/api/runs/${child.run}/bundle`, "crossed.json");
    expect((await verify(file, "--trust", own, "--trust", theirs, "--follow")).status).toBe(0);
    const alone = await verify(file, "--trust", own, "--follow");
    expect(alone.status).toBe(1);
    expect(alone.stdout).toContain("ERR_PARENT_ISSUER");
    // Each chain under its own issuer's policy: the parent's keys vouch for nothing in the child.
    expect((await verify(file, "--trust", theirs, "--trust", own, "--follow")).status).toBe(1);

    const back = await send(here, "/api/runs", readFileSync(file, "utf8"), BUNDLE_MEDIA_TYPE);
    expect(back.status).toBe(422);
    expect(await back.json()).toMatchObject({ code: "ERR_PARENT_ISSUER" });
  });
});
