// Killed at any point, a log never contradicts what it said before: every checkpoint and proof that anybody was given is of the one log
// that there is in the end, and a witness that refuses any fork has signed it all the way.
import { createServer } from "node:net";
import { afterAll, expect, it } from "vitest";
import {
  growTree,
  type LogLeaf,
  leafBytes,
  leafHash,
  readCheckpoint,
  readNote,
  readTlogProof,
  rootOf,
  TILE_WIDTH,
  tilePath,
  unpackEntries,
  widthIn,
} from "../../src/log/index.ts";
import { toBase64 } from "../../src/receipt/index.ts";
import { LogServer } from "./log-server.ts";
import { noteSigner } from "./note-signers.ts";
import { WitnessProcess } from "./witness-process.ts";

const KILLS = Number(process.env.LOG_KILLS ?? 20);

const port = await new Promise<number>((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
  });
});
const origin = `http://127.0.0.1:${port}`;
const log = noteSigner(`127.0.0.1:${port}/log`, 0x01, 9);
const witness = new WitnessProcess("witness.example/w1", 10, log.key.text);
await witness.start();
const server = await LogServer.make(port, {
  ISSUER: origin,
  LOG_SIGNING_KEY: Buffer.from(new Uint8Array(32).fill(9)).toString("base64url"),
  WITNESSES: JSON.stringify([{ key: witness.vkey, url: witness.url }]),
});
afterAll(async () => {
  await server.remove();
  await witness.remove();
});

/** The root that was said for each size, and the leaf at each place that was proved. */
const said = new Map<number, string>();
const proved = new Map<number, string>();
const problems: string[] = [];

function hear(note: string): number {
  const read = readNote(note);
  const checkpoint = read.ok ? readCheckpoint(read.value.text) : read;
  if (!checkpoint.ok) throw new Error(checkpoint.refusal.message);
  const { size, root } = checkpoint.value;
  const known = said.get(size);
  if (known !== undefined && known !== toBase64(root)) problems.push(`two roots at the size ${size}`);
  said.set(size, toBase64(root));
  return size;
}

let made = 0;
function freshLeaf(): LogLeaf {
  made += 1;
  const receipt = `sha256:${made.toString(16).padStart(64, "0")}` as const;
  return { issuer: origin, run: `run-${made}`, seq: 4, kind: "decision", reviewer: "alice", receipt };
}

/** Enters leaf after leaf, those that got no answer again, until the server is gone. */
async function client(): Promise<void> {
  for (let leaf = freshLeaf(); ; leaf = freshLeaf()) {
    for (let proof: string | null = null; proof === null; ) {
      const answer = await fetch(`${origin}/anchor`, { method: "POST", body: JSON.stringify(leaf) });
      ({ proof } = (await answer.json()) as { proof: string | null });
      if (proof === null) continue;
      const read = readTlogProof(proof);
      if (!read.ok) throw new Error(read.refusal.message);
      hear(read.value.checkpoint);
      proved.set(read.value.index, toBase64(leafHash(leafBytes(leaf))));
    }
  }
}

async function watcher(): Promise<void> {
  for (let size = 0; ; ) {
    const now = hear(await (await fetch(`${origin}/log/checkpoint`)).text());
    if (now < size) problems.push(`the log shrank from ${size} to ${now}`);
    size = now;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it(`says nothing that it takes back over ${KILLS} kills`, { timeout: 1_800_000 }, async () => {
  for (let kill = 0; kill < KILLS; kill += 1) {
    await server.start();
    const gone = Promise.allSettled([client(), client(), client(), watcher()]);
    if (kill % 10 === 9) {
      await witness.stop();
      await witness.start();
    }
    await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 800));
    await server.stop();
    await gone;
  }
  await server.start();
  const last = await fetch(`${origin}/anchor`, { method: "POST", body: JSON.stringify(freshLeaf()) });
  const { proof } = (await last.json()) as { proof: string | null };
  const read = readTlogProof(proof ?? "");
  if (!read.ok) throw new Error(`the witness does not sign any more: ${read.refusal.message}`);
  const size = hear(read.value.checkpoint);
  const entries: Uint8Array[] = [];
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const path = tilePath({ level: "entries", index, width: widthIn("entries", index, size) });
    const bundle = unpackEntries(new Uint8Array(await (await fetch(`${origin}/log/${path}`)).arrayBuffer()));
    if (!bundle.ok) throw new Error(bundle.refusal.message);
    entries.push(...bundle.value);
  }
  const leaves = entries.map(leafHash);
  let subtrees: readonly Uint8Array[] = [];
  for (const [i, leaf] of leaves.entries()) {
    if (proved.has(i) && proved.get(i) !== toBase64(leaf))
      problems.push(`another entry at ${i} than was proved`);
    subtrees = growTree(subtrees, i, [leaf]);
    const root = said.get(i + 1);
    if (root !== undefined && root !== toBase64(rootOf(subtrees)))
      problems.push(`a checkpoint of ${i + 1} that is not of this log`);
  }
  const twice = new Set(leaves.map(toBase64)).size;
  console.warn(`${KILLS} kills: ${size} entries, ${said.size} checkpoints and ${proved.size} proofs heard`);
  expect(problems).toEqual([]);
  expect(Math.max(...said.keys())).toBeLessThanOrEqual(size);
  expect(twice).toBe(size);
  expect(proved.size).toBeGreaterThan(KILLS / 4);
});
