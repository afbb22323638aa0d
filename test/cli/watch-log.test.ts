// What the watcher finds in a log that goes on from what it saw, and in one that does not.
import { describe, expect, it } from "vitest";
import { lookAtLog, unwatched, type Watched } from "../../src/cli/watch-log.ts";
import {
  checkpointText,
  type LogLeaf,
  leafBytes,
  packEntries,
  readLogPolicy,
  readTilePath,
  signNote,
  TILE_WIDTH,
} from "../../src/log/index.ts";
import { noteSigner } from "../log/note-signers.ts";
import { TreeLog } from "../log/tree-log.ts";

const ORIGIN = "agent.example/log";
const log = noteSigner(ORIGIN, 0x01, 1);
const read = readLogPolicy(`log ${log.key.text}\nquorum none\n`);
if (!read.ok) throw new Error(read.refusal.message);
const policy = read.value;

const leaf = (run: number, seq: number, receipt: number, reviewer = "alice"): LogLeaf => ({
  issuer: "https://agent.example",
  run: `run-${run}`,
  seq,
  kind: "decision",
  reviewer,
  receipt: `sha256:${String(receipt).padStart(64, "0")}`,
});

/** A log of these leaves, as it is served. */
function served(leaves: readonly (LogLeaf | string)[], by = log) {
  const tree = new TreeLog();
  for (const each of leaves)
    tree.append(typeof each === "string" ? new TextEncoder().encode(each) : leafBytes(each));
  const text = checkpointText({ origin: ORIGIN, size: leaves.length, root: tree.root() });
  return async (path: string): Promise<Uint8Array> => {
    if (path === "checkpoint") return new TextEncoder().encode(signNote(text, by.key, by.sign));
    const tile = readTilePath(path);
    if (tile?.level !== "entries") throw new Error(`nothing at ${path}`);
    return packEntries(tree.entries.slice(tile.index * TILE_WIDTH, tile.index * TILE_WIDTH + tile.width));
  };
}

const look = (watched: Watched, leaves: readonly (LogLeaf | string)[], by = log) =>
  lookAtLog(policy, watched, served(leaves, by), 100);
const many = Array.from({ length: 600 }, (_, i) => leaf(i, 4, i));

describe("watching a log", () => {
  it("tells what was added, look by look, and comes to the same whatever the steps", async () => {
    let watched = unwatched(ORIGIN, 0);
    for (const size of [0, 1, 255, 256, 300, 600]) {
      const before = watched.size;
      const looked = await look(watched, many.slice(0, size));
      expect(looked.faults).toEqual([]);
      expect(looked.leaves.map(({ index }) => index)).toEqual(
        Array.from({ length: size - before }, (_, i) => before + i),
      );
      watched = looked.watched;
    }
    expect(watched).toEqual((await look(unwatched(ORIGIN, 0), many)).watched);
    expect((await lookAtLog(policy, watched, served(many), 999)).watched.grownAt).toBe(100);
  });

  it.each([
    ["shrank", many.slice(0, 200), log, "shrank from 300 entries to 200"],
    ["was forked", many.toSpliced(7, 1, leaf(7, 4, 9999)), log, "forked"],
    ["was forked at its size", many.slice(0, 300).toSpliced(7, 1, leaf(7, 4, 9999)), log, "forked"],
    ["is signed by somebody else", many, noteSigner(ORIGIN, 0x01, 2), "signed this checkpoint"],
  ])("tells that the log %s, and keeps what it saw", async (_, now, by, words) => {
    const { watched } = await look(unwatched(ORIGIN, 0), many.slice(0, 300));
    const looked = await look(watched, now, by);
    // Of what was seen before nothing is fetched again: an older entry that was changed shows in the root.
    expect(looked.faults.join()).toContain(words);
    expect(looked.watched).toEqual(watched);
  });

  it("tells two histories of one run, now and ever after, and entries of another kind", async () => {
    const leaves = [leaf(1, 4, 1), leaf(2, 4, 2), "junk", leaf(1, 5, 3)];
    const looked = await look(unwatched(ORIGIN, 0), leaves);
    expect(looked.strange).toBe(1);
    expect(looked.watched.clashes).toEqual([
      expect.stringMatching(/^two histories of run-1 of .*: receipt 5 comes too soon/),
    ]);
    const again = await look(looked.watched, [...leaves, leaf(3, 4, 4)]);
    expect(again.watched.clashes).toEqual(looked.watched.clashes);
  });
});
