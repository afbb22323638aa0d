// The log around real runs: an approval is witnessed before its call, a witness that is down holds the call back, and whoever holds all
// keys cannot have a second history of a run both acted on and unseen.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { type Bundle, verify } from "../../src/chain/index.ts";
import type { RunView } from "../../src/host/index.ts";
import {
  leafHash,
  readCheckpoint,
  readNote,
  readTlogProof,
  tilePath,
  unpackEntries,
  widthIn,
} from "../../src/log/index.ts";
import { toBase64 } from "../../src/receipt/index.ts";
import { noteSigner } from "../log/note-signers.ts";
import { checkWithReference, MISSING } from "../log/reference.ts";
import { WitnessProcess } from "../log/witness-process.ts";
import { type Deployment, findPlace } from "./place.ts";
import { randomSecret, serveWorker } from "./serve-worker.ts";

let folder = "";
let port = 0;
let origin = "";
let server: Deployment | null = null;
let witnesses: WitnessProcess[] = [];
let vars: Record<string, string> = {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "countersign-logged-"));
  ({ port, origin } = await findPlace({ state: folder }));
  const log = noteSigner(`${origin.slice("http://".length)}/log`, 0x01, 9);
  witnesses = [1, 2].map((i) => new WitnessProcess(`witness.example/w${i}`, 10 + i, log.key.text));
  await Promise.all(witnesses.map((witness) => witness.start()));
  vars = {
    AGENT_SIGNING_KEY: randomSecret(),
    HUMAN_SIGNING_KEY: randomSecret(),
    RUNTIME_SIGNING_KEY: randomSecret(),
    LOG_SIGNING_KEY: Buffer.from(new Uint8Array(32).fill(9)).toString("base64url"),
    LOGGED: "decisions",
    WITNESSES: JSON.stringify(witnesses.map(({ vkey: key, url }) => ({ key, url }))),
  };
});

afterEach(async () => {
  await server?.stop();
  await Promise.all(witnesses.map((witness) => witness.remove()));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Starts the deployment on what it left on disk, or on nothing. */
async function serve(state = folder, more: Record<string, string> = {}): Promise<void> {
  await server?.stop();
  server = await serveWorker(inject("builtWorker"), { state, port, vars: { ...vars, ...more } });
}

async function ask<Value>(path: string, init?: RequestInit): Promise<Value> {
  const answer = await fetch(`${origin}${path}`, init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json() as Promise<Value>;
}

const start = (key: string) =>
  ask<RunView>("/api/runs", { method: "POST", headers: { "idempotency-key": key } });

const decide = ({ run, pending }: RunView, how = "approve") =>
  ask<RunView>(`/api/runs/${run}/${how}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ proposal: pending?.proposal }),
  });

const view = (run: string) => ask<RunView>(`/api/runs/${run}`);
const ended = (run: string) =>
  expect.poll(async () => (await view(run)).status, { timeout: 40_000, interval: 200 });
const pageOf = async (run: string) => (await fetch(`${origin}/runs/${run}`)).text();

interface Trust {
  readonly log: string | null;
}
const trustNow = () => ask<Trust>("/.well-known/countersign.json");

const run = promisify(execFile);
/** Runs the watcher, as cron would. */
async function watch(...args: string[]) {
  await writeFile(join(folder, "trust.json"), JSON.stringify(await trustNow()));
  const command = [
    "src/cli/watch.ts",
    "--trust",
    join(folder, "trust.json"),
    "--state",
    join(folder, "seen"),
    ...args,
  ];
  return run(process.execPath, command).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error) => ({ code: error.code as number, stdout: String(error.stdout), stderr: String(error.stderr) }),
  );
}

/** Fetches all of the log into a folder, and what the anchors of a bundle prove, for the reference. */
async function download(into: string, bundle: Bundle): Promise<void> {
  const put = async (path: string) => {
    const answer = await fetch(`${origin}/log/${path}`);
    expect([path, answer.status]).toEqual([path, 200]);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    await mkdir(dirname(join(into, path)), { recursive: true });
    await writeFile(join(into, path), bytes);
    return { bytes, headers: answer.headers };
  };
  const { bytes, headers } = await put("checkpoint");
  expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
  const note = readNote(new TextDecoder().decode(bytes));
  const checkpoint = note.ok ? readCheckpoint(note.value.text) : note;
  if (!checkpoint.ok) throw new Error(checkpoint.refusal.message);
  const width = widthIn(0, 0, checkpoint.value.size);
  const tile = await put(tilePath({ level: 0, index: 0, width }));
  expect(tile.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  const entries = unpackEntries((await put(tilePath({ level: "entries", index: 0, width }))).bytes);
  if (!entries.ok) throw new Error(entries.refusal.message);
  const Inclusion = bundle.anchors.map(({ proof }) => {
    const read = readTlogProof(proof);
    const own = read.ok ? readNote(read.value.checkpoint) : read;
    const tree = own.ok ? readCheckpoint(own.value.text) : own;
    if (!read.ok || !tree.ok) throw new Error("expected a proof");
    return {
      Index: read.value.index,
      Size: tree.value.size,
      Leaf: toBase64(leafHash(entries.value[read.value.index] ?? new Uint8Array())),
      Root: toBase64(tree.value.root),
      Proof: read.value.hashes.map(toBase64),
    };
  });
  await writeFile(join(into, "proofs.json"), JSON.stringify({ Inclusion, Consistency: [] }));
}

describe("a deployment that logs decisions", { timeout: 120_000 }, () => {
  it("acts once two witnesses have seen the approval, and its bundle shows it", async () => {
    await serve();
    const started = await start("one");
    await decide(started);
    await ended(started.run).toBe("completed");
    await expect
      .poll(
        async () => (await ask<Bundle>(`/api/runs/${started.run}/bundle`)).anchors.map(({ seq }) => seq),
        { timeout: 20_000 },
      )
      .toEqual([4, 7]);
    const bundle = await ask<Bundle>(`/api/runs/${started.run}/bundle`);
    const { report } = await verify(bundle, await trustNow());
    expect(report.verdict).toBe("valid");
    const told = report.checks.filter(({ id }) => id === "anchor").map(({ message }) => message);
    expect(told[0]).toMatch(
      /^the log localhost:\d+\/log has receipt 4, as its entry 0; seen by witness\.example\/w1 at 20[\dT:-]+Z, witness\.example\/w2 at 20/,
    );
    const bare = await verify({ ...bundle, anchors: [] }, await trustNow());
    expect(bare.report.checks.find(({ ok }) => !ok)?.code).toBe("ERR_ANCHOR");
    expect(await pageOf(started.run)).toContain("witness.example/w2");
    expect(await watch("--reviewer", "visitor")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("0 decision "),
    });
    if (MISSING !== null) return console.warn(MISSING);
    await download(join(folder, "log"), bundle);
    const log = noteSigner(`${origin.slice("http://".length)}/log`, 0x01, 9).key.text;
    expect(await checkWithReference(join(folder, "log"), log, ...witnesses.map(({ vkey }) => vkey))).toMatch(
      "size 2, 2 inclusion",
    );
  });

  it("holds a call back while a witness is down, says for whom it waits, and makes it once", async () => {
    await serve();
    await witnesses[1]?.stop();
    const started = await start("held");
    await decide(started);
    await expect
      .poll(async () => (await view(started.run)).held, { timeout: 20_000 })
      .toEqual({ waitsFor: ["witness.example/w2"] });
    expect(await pageOf(started.run)).toContain("missing: witness.example/w2");
    expect(await ask(`/api/runs/${started.run}/gate`)).toMatchObject({ allowsCall: false, due: "execution" });
    await serve(); // a restart changes nothing
    await expect
      .poll(async () => (await view(started.run)).held, { timeout: 20_000 })
      .toEqual({ waitsFor: ["witness.example/w2"] });
    await witnesses[1]?.start();
    await ended(started.run).toBe("completed");
    const { receipts } = await ask<{
      receipts: { kind: string; statement: { predicate: { status?: string } } }[];
    }>(`/api/runs/${started.run}/receipts`);
    const made = receipts.filter(({ kind }) => kind === "execution");
    expect(made.map(({ statement }) => statement.predicate.status)).toEqual(["executed"]);
  });

  it("makes no call after its time, and the run is still valid", async () => {
    await serve(folder, { DECISION_SECONDS: "4" });
    await witnesses[0]?.stop();
    const started = await start("late");
    await decide(started);
    await ended(started.run).toBe("failed");
    const bundle = await ask<Bundle>(`/api/runs/${started.run}/bundle`);
    const { report, run: said } = await verify(bundle, await trustNow());
    expect(report.verdict).toBe("valid");
    expect(said?.rounds[0]?.execution).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(
        /held back, and not made: until .* the log waited for witness\.example\/w1/,
      ),
    });
  });

  it("gets no second history past its witnesses, and the watcher tells of one", async () => {
    await serve();
    const first = await start("twice");
    await decide(first);
    await ended(first.run).toBe("completed");
    expect((await watch()).code).toBe(0);

    // All keys, another storage: the log begins anew, and no witness signs it.
    const elsewhere = await mkdtemp(join(tmpdir(), "countersign-second-"));
    await serve(elsewhere, { DECISION_SECONDS: "6" });
    const second = await start("twice");
    expect(second.run).toBe(first.run);
    await decide(second);
    await expect
      .poll(async () => (await view(second.run)).held?.waitsFor, { timeout: 20_000 })
      .toHaveLength(2);
    const other = await start("more");
    await decide(other, "reject");
    await ended(second.run).toBe("failed");
    expect((await ask<Bundle>(`/api/runs/${second.run}/bundle`)).anchors).toEqual([]);
    const unseen = await watch();
    expect(unseen).toMatchObject({ code: 1, stderr: expect.stringContaining("no quorum of witnesses") });
    await server?.stop();
    await rm(elsewhere, { recursive: true, force: true, maxRetries: 5 });

    // All keys, the same log, the run wiped and told again: witnesses sign, and everybody sees both.
    await server?.stop();
    const objects = join(folder, "v3", "do");
    const [runs = ""] = (await readdir(objects)).filter((name) => name.endsWith("-CheckoutRun"));
    await rm(join(objects, runs), { recursive: true });
    await serve();
    const again = await start("twice");
    await decide(again);
    await ended(again.run).toBe("completed");
    const seen = await watch();
    expect(seen.code).toBe(1);
    expect(seen.stderr).toMatch(new RegExp(`two histories of ${again.run} of .*: receipt 4 is two receipts`));
    expect((await watch()).code).toBe(1);
  });
});
