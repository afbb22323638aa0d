// Documents that mean harm, output that cannot be written, and the token: whoever reads the exit code must not take a failure for a
// verdict, and no server gets a token that was not given for it.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readBearerToken } from "../../src/cli/bearer-token.ts";
import { sha256Hex } from "../../src/receipt/index.ts";
import { writeChain } from "../conformance/chain-writer.ts";
import { continued } from "../conformance/continued.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import { edited, put } from "../conformance/json-edit.ts";
import { SCENARIOS } from "../conformance/scenarios.ts";
import { judge, makeFolder, runVerify, writeDocument } from "./run-cli.ts";

const MiB = 1024 * 1024;
const chain = writeChain(SCENARIOS.approved);
const { bundle } = chain;
const trustFile = () => writeDocument(TRUST, "trust.json");

describe("a document", () => {
  it.each([
    ["50 MB of junk", () => "x".repeat(50 * MiB), "expected JSON, got other text"],
    ["a nest", () => "[".repeat(25 * MiB) + "]".repeat(25 * MiB), "JSON values"],
    ["one long name", () => `{"${"\\u001b".repeat(8 * MiB)}":0}`, "ERR_BUNDLE"],
    ["more than 64 MiB", () => new Uint8Array(64 * MiB + 1).fill(0x20), "at most 67108864 bytes"],
    ["null", () => "null", "ERR_BUNDLE"],
    ["not UTF-8", () => new Uint8Array([0x22, 0xff, 0x22]), "ERR_DOCUMENT"],
  ])("that is %s is unusable", async (_, make, why) => {
    const { code, stdout, stderr } = await judge(make());
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(why);
    expect(stderr.length).toBeLessThan(1000);
  });

  it.each<[string, () => string, string]>([
    ["a folder", () => makeFolder(), "EISDIR"],
    ["nowhere", () => join(makeFolder(), "bundle.json"), "ENOENT"],
    ...(existsSync("/dev/zero")
      ? ([["without end", () => "/dev/zero", "expected at most 67108864 bytes, got more"]] satisfies [
          string,
          () => string,
          string,
        ][])
      : []),
  ])("that is %s is unusable", async (_, make, why) => {
    const { code, stdout, stderr } = await runVerify([make(), "--trust", trustFile()]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(why);
  });

  const text = JSON.stringify(bundle);
  const trust = JSON.stringify(TRUST);
  it.each([
    ["a bundle", text.replace('"run":', '"run":"run-0","run":'), trust],
    ["a receipt", text.replace('"payload":', '"payload":"","payload":'), trust],
    ["a signature, spelled otherwise", text.replace('"sig":', '"\\u0073ig":"","sig":'), trust],
    ["a trust policy", text, trust.replace('"issuer":', '"issuer":"somebody","issuer":')],
    ["a key", text, trust.replace('"role":', '"role":"agent","role":')],
  ])("with a name twice in %s is unusable, though its last value would do", async (_, one, other) => {
    expect([JSON.parse(one), JSON.parse(other)]).toEqual([bundle, TRUST]);
    expect(`${one}${other}`).not.toBe(`${text}${trust}`);
    const args = [writeDocument(one), "--trust", writeDocument(other, "trust.json")];
    const { code, stdout, stderr } = await runVerify(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^ERR_DOCUMENT: cannot use .*: expected each name once in an object, got "/);
  });

  it("of 100,000 junk receipts is invalid, and told without repeating each", async () => {
    const junk = new Array(100_000).fill({ payloadType: 1 });
    const { code, stdout } = await judge(edited(bundle, put("receipts", junk)));
    expect(code).toBe(1);
    expect(stdout).toContain("✗ 99999  ERR_ENVELOPE\n");
    expect(stdout).toContain("  ✗ and 99980 more; --json has them all\n");
    expect(stdout.split("\n").length).toBeLessThan(100_100);
  });
});

/** Runs commands in a shell that redirects their output, as a user's would. `$0` is Node, `$1` … the paths. */
function inShell(script: string, ...paths: readonly string[]) {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env; // a cache that may not grow either is no part of this
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script, process.execPath, ...paths], {
    encoding: "utf8",
    env,
  });
  return { status, stdout, stderr };
}

describe("output", () => {
  it.skipIf(!existsSync("/dev/full")).each([
    ["a report", 'verify.ts "$1" --trust "$2"'],
    ["a report as JSON", 'verify.ts "$1" --trust "$2" --json'],
    ["the usage", "verify.ts --help"],
    ["fresh keys", "keys.ts"],
    ["a reviewer's token", "reviewer-token.ts alice"],
  ])("of %s on a full disk exits 2, and says why", (_, command) => {
    const files = [writeDocument(bundle), trustFile()];
    const { status, stderr } = inShell(`"$0" src/cli/${command} > /dev/full`, ...files);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^cannot write to standard output: ENOSPC/);
  });

  it.skipIf(process.platform === "win32")("that a file takes only in part exits 2", () => {
    const out = join(makeFolder(), "report.txt");
    const script = `trap "" XFSZ; ulimit -f 2; exec "$0" src/cli/verify.ts "$1" --trust "$2" --json > "$3"`;
    const { status, stderr } = inShell(script, writeDocument(bundle), trustFile(), out);
    expect(statSync(out).size).toBeGreaterThan(0);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^cannot write to standard output: EFBIG/);
  });

  it("goes whole behind what a file holds already", () => {
    const out = join(makeFolder(), "report.txt");
    const script = `echo first > "$3"; "$0" src/cli/verify.ts "$1" --trust "$2" >> "$3"`;
    expect(inShell(script, writeDocument(bundle), trustFile(), out)).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
    expect(readFileSync(out, "utf8")).toMatch(/^first\nrun run-1\n[\s\S]*\nvalid: approved by .*\n$/);
  });
});

/** A server for one test, and everything that it was asked: the path, and the token that came along. */
async function serve(answer: RequestListener) {
  const asked: (readonly [string | undefined, string | undefined])[] = [];
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers.authorization]);
    answer(request, response);
  }).listen(0);
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("expected a port");
  return { asked, port: address.port, origin: `http://localhost:${address.port}` };
}

describe("the token", () => {
  const parent = writeChain(SCENARIOS.rejected, { run: "run-0" });
  const child = continued(parent);
  const documents: RequestListener = ({ url }, response) => {
    const value = url === "/trust" ? TRUST : url === "/parent" ? parent.bundle : child.bundle;
    response.end(JSON.stringify(value));
  };
  const withToken = (args: readonly string[], token: string) =>
    runVerify(args, undefined, { COUNTERSIGN_TOKEN: token });

  it("goes to the bundles of its origin, and to no trust policy", async () => {
    const { origin, asked } = await serve(documents);
    const bundles = [`${origin}/child`, "--follow", "--parent", `${origin}/parent`];
    const { code, stdout } = await withToken([...bundles, "--trust", `${origin}/trust`], `${origin}=secret`);
    expect(code).toBe(0);
    expect(asked.toSorted()).toEqual([
      ["/child", "Bearer secret"],
      ["/parent", "Bearer secret"],
      ["/trust", undefined],
    ]);
    expect(stdout.replace(/\n {4}│ /g, " ")).toContain(
      `who answers at ${origin}/trust: it says whose keys count`,
    );
  });

  it("goes to no other origin, be it another port, another spelling or where it is sent on to", async () => {
    const there = await serve(documents);
    const here = await serve((_, response) => {
      response.writeHead(302, { location: `${there.origin}/child` });
      response.end();
    });
    for (const url of [`${here.origin}/child`, `http://127.0.0.1:${there.port}/child`]) {
      await withToken([url, "--trust", trustFile()], `${here.origin}=secret`);
    }
    expect(here.asked).toEqual([["/child", "Bearer secret"]]);
    expect(there.asked).toEqual([
      ["/child", undefined],
      ["/child", undefined],
    ]);
  });

  it.each([
    ["", null],
    ["https://a.example=t=1", { origin: "https://a.example", token: "t=1" }],
    ["http://localhost:8787=t", { origin: "http://localhost:8787", token: "t" }],
    ["http://[::1]:8787=t", { origin: "http://[::1]:8787", token: "t" }],
    ["secret", "expected COUNTERSIGN_TOKEN as <origin>=<token>"],
    ["https://a.example/path=t", "expected COUNTERSIGN_TOKEN as <origin>=<token>"],
    ["http://a.example=secret", "the origin must be https, or http on localhost"],
    ["http://localhost.example=secret", "the origin must be https, or http on localhost"],
    ["https://a.example=", "must be visible ASCII"],
    ["https://a.example=sec ret", "must be visible ASCII"],
  ])("is read from %j", (value, wanted) => {
    const read = readBearerToken(value);
    if (read.ok) expect(read.value).toEqual(wanted);
    else expect(read.refusal.message).toContain(wanted);
    expect(JSON.stringify(read.ok ? null : read.refusal)).not.toMatch(/sec ?ret/);
  });

  it("that is misspelled exits 2 where it may be sent, and hinders nobody who checks files", async () => {
    const { origin, asked } = await serve(documents);
    expect(await withToken([`${origin}/child`, "--trust", trustFile()], "secret")).toMatchObject({
      code: 2,
      stdout: "",
    });
    expect(asked).toEqual([]);
    expect(await withToken([writeDocument(bundle), "--trust", trustFile()], "secret")).toMatchObject({
      code: 0,
    });
  });
});

describe("the commands that make secrets", () => {
  const make = (command: "keys" | "reviewer-token", ...args: string[]) =>
    spawnSync(process.execPath, [`src/cli/${command}.ts`, ...args], { encoding: "utf8" });

  it("print three different seeds", () => {
    const secrets: Record<string, string> = JSON.parse(make("keys").stdout);
    expect(Object.keys(secrets)).toEqual(["AGENT_SIGNING_KEY", "HUMAN_SIGNING_KEY", "RUNTIME_SIGNING_KEY"]);
    const seeds = Object.values(secrets);
    expect(seeds.map((seed) => Buffer.from(seed, "base64url").length)).toEqual([32, 32, 32]);
    expect(new Set(seeds).size).toBe(3);
    const lines = make("keys", "--env").stdout.trim().split("\n");
    expect(lines.map((line) => line.replace(/=[\w-]{43}$/, ""))).toEqual(Object.keys(secrets));
  });

  it("print a token and the entry that knows it", () => {
    const { token, entry } = JSON.parse(make("reviewer-token", "alice@example.com").stdout);
    expect(entry).toEqual({ id: "alice@example.com", sha256: sha256Hex(new TextEncoder().encode(token)) });
    const machine = JSON.parse(make("reviewer-token", "alerts", "--start-only").stdout);
    expect(machine.entry).toMatchObject({ id: "alerts", may: "start" });
    for (const bad of ["", "a".repeat(201)]) expect(make("reviewer-token", bad).status).toBe(2);
  });

  it.each(["keys", "reviewer-token"] as const)("tell how %s is used, and then make nothing", (command) => {
    const help = make(command, "--help");
    expect([help.status, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toMatch(/^usage: /);
    expect(help.stdout).not.toMatch(/[\w-]{43}/);
    expect(make(command, "--nonsense")).toMatchObject({ status: 2, stdout: "" });
  });
});
