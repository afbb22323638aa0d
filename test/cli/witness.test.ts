// The witness over HTTP, status by status (c2sp.org/tlog-witness): it signs what only grows, across a kill, and nothing else.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashOf } from "../../src/cli/witness-state.ts";
import {
  checkpointText,
  consistencyProof,
  cosignedAt,
  EMPTY_ROOT,
  readNote,
  readVkey,
  signNote,
} from "../../src/log/index.ts";
import { toBase64 } from "../../src/receipt/index.ts";
import { noteSigner } from "../log/note-signers.ts";
import { logOf, type TreeLog } from "../log/tree-log.ts";
import { WitnessProcess } from "../log/witness-process.ts";

const ORIGIN = "agent.example/log";
const log = noteSigner(ORIGIN, 0x01, 1);
const stranger = noteSigner(ORIGIN, 0x01, 2);
const tree = logOf(40);
/** Another history, alike up to 10 entries. */
const fork: TreeLog = logOf(10);
for (let i = 0; i < 30; i += 1) fork.append(Uint8Array.of(i));

const witness = new WitnessProcess("witness.example/w1", 10, log.key.text);
beforeAll(() => witness.start());
afterAll(() => witness.remove());

const noteOf = (size: number, of = tree, by = log, origin = ORIGIN) =>
  signNote(checkpointText({ origin, size, root: size === 0 ? EMPTY_ROOT : of.root(size) }), by.key, by.sign);
const proofOf = (old: number, size: number, of = tree) =>
  old === 0 || old > size ? [] : consistencyProof(of.read, old, size).map(toBase64);

async function add(old: number | string, proof: readonly string[], note: string) {
  const body = `old ${old}\n${proof.map((hash) => `${hash}\n`).join("")}\n${note}`;
  const answer = await fetch(`${witness.url}/add-checkpoint`, { method: "POST", body });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

describe("countersign-witness", () => {
  it("cosigns the first checkpoint and those that grow from it, and serves the newest", async () => {
    const key = readVkey(witness.vkey);
    if (!key.ok) throw new Error(key.refusal.message);
    const newest = `${witness.url}/${hashOf(ORIGIN)}/checkpoint`;
    expect((await fetch(newest)).status).toBe(404);
    for (const [old, size] of [
      [0, 10],
      [10, 10],
      [10, 13],
      [13, 20],
    ] as const) {
      const { status, text } = await add(old, proofOf(old, size), noteOf(size));
      expect({ old, size, status }).toEqual({ old, size, status: 200 });
      const signed = readNote(noteOf(size) + text);
      expect(signed.ok && (await cosignedAt(signed.value, key.value))).toBeGreaterThan(1_700_000_000);
      expect(await (await fetch(newest)).text()).toBe(noteOf(size) + text);
    }
  });

  const refusals: readonly (readonly [
    what: string,
    status: number,
    old: number | string,
    proof: readonly string[],
    note: string,
  ])[] = [
    ["a body that is none", 400, "x", [], noteOf(30)],
    ["a note without a signature", 400, 20, [], noteOf(30).split("—")[0] ?? ""],
    ["a proof that is not hashes", 400, 20, ["AAAA"], noteOf(30)],
    ["64 hashes", 400, 20, new Array<string>(64).fill(toBase64(EMPTY_ROOT)), noteOf(30)],
    ["an unknown log", 404, 20, [], noteOf(30, tree, log, "other.example/log")],
    ["a signature by another key", 403, 20, proofOf(20, 30), noteOf(30, tree, stranger)],
    ["a signature that does not hold", 403, 20, proofOf(20, 30), noteOf(30).replace("\n30\n", "\n31\n")],
    ["an old size above the new", 400, 31, [], noteOf(30)],
    ["an older old size", 409, 13, proofOf(13, 30), noteOf(30)],
    ["a log that was set back", 409, 10, proofOf(10, 13), noteOf(13)],
    ["no proof", 422, 20, [], noteOf(30)],
    ["another proof", 422, 20, proofOf(19, 30), noteOf(30)],
    ["a fork", 422, 20, proofOf(20, 30, fork), noteOf(30, fork)],
    ["a fork of the same size", 422, 20, [], noteOf(20, fork)],
  ];

  it.each(refusals)("refuses %s with %i", async (_, status, old, proof, note) => {
    const answer = await add(old, proof, note);
    expect(answer.status).toBe(status);
    if (status !== 409) return;
    expect(answer).toMatchObject({ type: "text/x.tlog.size", text: "20\n" });
  });

  it("still refuses a fork after a kill, and does not start on a state that it cannot read", async () => {
    await witness.stop();
    await witness.start();
    expect((await add(10, proofOf(10, 30, fork), noteOf(30, fork))).status).toBe(409);
    expect((await add(20, proofOf(20, 30), noteOf(30))).status).toBe(200);
    await witness.stop();
    const path = join(witness.state, hashOf(ORIGIN));
    const kept = readFileSync(path);
    writeFileSync(path, kept.subarray(0, 20));
    await expect(witness.start()).rejects.toThrow("cannot be read");
    writeFileSync(path, kept);
    await witness.start();
    expect((await add(30, proofOf(30, 40), noteOf(40))).status).toBe(200);
  });

  it("takes checkpoints one after the other: of two that grow from one size only one is signed", async () => {
    const one = new WitnessProcess("witness.example/w2", 11, log.key.text);
    await one.start();
    const ask = (note: string) =>
      fetch(`${one.url}/add-checkpoint`, { method: "POST", body: `old 0\n\n${note}` }).then(
        ({ status }) => status,
      );
    const statuses = await Promise.all([ask(noteOf(30)), ask(noteOf(30, fork)), ask(noteOf(20))]);
    expect(statuses.sort()).toEqual([200, 409, 409]);
    await one.remove();
  });
});
