// A log of 100,000 entries: what an entry costs at the beginning and at the end, how long proofs are, and that a restart changes no byte.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { readLogSettings } from "../../src/host/log-settings.ts";
import { LogStore } from "../../src/host/log-store.ts";
import {
  inclusionProof,
  type LogLeaf,
  leafBytes,
  leafHash,
  readCheckpoint,
  readNote,
  rootOfInclusion,
  TILE_WIDTH,
  tilePath,
  widthIn,
} from "../../src/log/index.ts";
import { sha256Hex } from "../../src/receipt/index.ts";
import { env } from "./client.ts";

const SIZE = 100_000;
/** Entries that are signed together. */
const BATCH = 50;

const leaf = (i: number): LogLeaf => ({
  issuer: "https://agent.example",
  run: `run-${i.toString(16).padStart(24, "0")}`,
  seq: 4,
  kind: "decision",
  reviewer: "alice@example.com",
  receipt: `sha256:${i.toString(16).padStart(64, "0")}`,
});

function settings() {
  const LOG_SIGNING_KEY = Buffer.from(new Uint8Array(32).fill(9)).toString("base64url");
  const read = readLogSettings({ ISSUER: "https://agent.example", LOG_SIGNING_KEY });
  if (!read.ok || !read.value) throw new Error("expected a log");
  return read.value;
}

/** Every tile of the log, as it is served. */
const paths = ([0, 1, 2, "entries"] as const).flatMap((level) => {
  const full: string[] = [];
  for (let index = 0, width = 1; ; index += 1) {
    width = widthIn(level, index, SIZE);
    if (width === 0) return full;
    full.push(tilePath({ level, index, width }));
  }
});

it("costs the same for its last entries as for its first, and proves each in 17 hashes at most", {
  timeout: 300_000,
}, async () => {
  const stub = env.LOG.getByName("large");
  const costs = await runInDurableObject(stub, (_, { storage }) => {
    const store = new LogStore(storage);
    const rows = countRows(storage.sql);
    const costs: number[] = [];
    for (let from = 0; from < SIZE; from += 10_000) {
      for (let i = from; i < from + 10_000; i += 1) {
        store.enter(leaf(i));
        if ((i + 1) % BATCH === 0) store.seal(settings());
      }
      costs.push(rows() / 10_000);
    }
    return costs;
  });
  console.warn(`rows an entry, signed in batches of ${BATCH}, for each 10,000: ${costs.join(", ")}`);
  expect(Math.min(...costs)).toBeGreaterThan(0);
  expect(Math.max(...costs) / Math.min(...costs)).toBeLessThan(1.5);

  const lengths = await runInDurableObject(stub, (_, { storage }) => {
    const store = new LogStore(storage);
    const note = readNote(store.newest()?.note ?? "");
    const checkpoint = note.ok ? readCheckpoint(note.value.text) : note;
    if (!checkpoint.ok) throw new Error(checkpoint.refusal.message);
    return [0, 1, 255, 256, 65_535, 65_536, 99_999].map((index) => {
      const proof = inclusionProof(store.read, index, SIZE);
      const root = rootOfInclusion(leafHash(leafBytes(leaf(index))), index, SIZE, proof);
      expect(root).toEqual(checkpoint.value.root);
      return proof.length;
    });
  });
  console.warn(`hashes in a proof: ${lengths.join(", ")}`);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(17);

  const before = await digests(stub);
  expect(before.length).toBe(391 * 2 + 2 + 1);
  await evictDurableObject(stub);
  expect(await digests(stub)).toEqual(before);
});

/** Counts the rows that are read and written from now on: what a call of it answers, it does not count again. */
function countRows(sql: SqlStorage): () => number {
  let cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const exec = sql.exec.bind(sql);
  Object.defineProperty(sql, "exec", {
    value: (query: string, ...values: unknown[]) => {
      const cursor = exec(query, ...values);
      cursors.push(cursor);
      return cursor;
    },
  });
  return () => {
    const rows = cursors.reduce((sum, { rowsRead, rowsWritten }) => sum + rowsRead + rowsWritten, 0);
    cursors = [];
    return rows;
  };
}

async function digests(stub: { tile(path: string): Promise<Uint8Array | null> }): Promise<string[]> {
  const digests: string[] = [];
  for (const path of paths) {
    const tile = await stub.tile(path);
    if (!tile) throw new Error(`the log has nothing at ${path}`);
    expect(tile.length).toBeLessThanOrEqual(TILE_WIDTH * 1000);
    digests.push(`${path} ${sha256Hex(tile)}`);
  }
  return digests;
}
