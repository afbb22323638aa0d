// Proofs of every place and every growth of small logs, tiles at every size, and what is wrong with them.
import { describe, expect, it } from "vitest";
import {
  clashOf,
  consistencyProof,
  growTree,
  inclusionProof,
  isConsistent,
  isSameHash,
  type LogLeaf,
  leafBytes,
  leafHash,
  packEntries,
  readLeaf,
  readTilePath,
  rootOf,
  rootOfInclusion,
  tilePath,
  unpackEntries,
  widthIn,
} from "../../src/log/index.ts";
import { logOf } from "./tree-log.ts";

const log = logOf(300);
const sizes = [...Array.from({ length: 40 }, (_, i) => i + 1), 255, 256, 257, 300];
const leaf = (i: number) => leafHash(log.entries[i] ?? new Uint8Array());
const flip = (hash: Uint8Array) => hash.with(0, (hash[0] ?? 0) ^ 1);

describe("proofs", () => {
  it("shows every leaf at its place in a tree of every size, and at no other", () => {
    for (const size of sizes) {
      const root = log.root(size);
      for (let index = 0; index < size; index += size > 40 ? 17 : 1) {
        const proof = inclusionProof(log.read, index, size);
        expect(rootOfInclusion(leaf(index), index, size, proof)).toEqual(root);
        const elsewhere = (index + 1) % size;
        if (size > 1) expect(rootOfInclusion(leaf(index), elsewhere, size, proof)).not.toEqual(root);
        expect(rootOfInclusion(leaf(index), index, size, [...proof, root])).toBeNull();
        if (proof.length > 0) expect(rootOfInclusion(leaf(index), index, size, proof.slice(1))).toBeNull();
      }
      expect(rootOfInclusion(leaf(0), size, size, [])).toBeNull();
    }
  });

  it("shows that a tree of every size begins with every smaller one, and with no other", () => {
    for (const size of sizes) {
      const now = { size, root: log.root(size) };
      for (const old of sizes.filter((one) => one <= size)) {
        const proof = consistencyProof(log.read, old, size);
        const before = { size: old, root: log.root(old) };
        expect(isConsistent(before, now, proof)).toBe(true);
        expect(isConsistent({ ...before, root: flip(before.root) }, now, proof)).toBe(false);
        expect(isConsistent(before, { ...now, root: flip(now.root) }, proof)).toBe(false);
        expect(isConsistent(before, now, [...proof, now.root])).toBe(false);
        for (let i = 0; i < proof.length; i += 1) {
          const wrong = proof.map((hash, at) => (at === i ? flip(hash) : hash));
          expect(isConsistent(before, now, wrong)).toBe(false);
        }
        if (old < size) expect(isConsistent(now, before, proof)).toBe(false);
      }
      expect(isConsistent({ size: 0, root: flip(now.root) }, now, [])).toBe(true);
      expect(isConsistent({ size: 0, root: now.root }, now, [now.root])).toBe(false);
    }
  });

  it("comes to the same roots by appending", () => {
    let subtrees: readonly Uint8Array[] = [];
    for (let size = 0; size < 300; size += 1) {
      subtrees = growTree(subtrees, size, [leaf(size)]);
      expect(isSameHash(rootOf(subtrees), log.root(size + 1))).toBe(true);
    }
  });
});

describe("tiles", () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, "tile/0/000"],
    [{ level: 1, index: 1_234_067, width: 256 }, "tile/1/x001/x234/067"],
    [{ level: 63, index: 999, width: 1 }, "tile/63/999.p/1"],
    [{ level: "entries", index: 1000, width: 255 }, "tile/entries/x001/000.p/255"],
  ] as const)("spells %j", (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(readTilePath(path)).toEqual(tile);
  });

  it.each([
    ...[
      "tile/64/000",
      "tile/00/000",
      "tile/0/00",
      "tile/0/1",
      "tile/0/x000/001",
      "tile/0/001/002",
      "tile/0/x001",
    ],
    ...[
      "tile/0/000.p/0",
      "tile/0/000.p/256",
      "tile/0/000.p/01",
      "tile/0/000.p",
      "tile/data/000",
      "tile/0/000/",
      "/tile/0/000",
    ],
    "tile/0/x999/x999/x999/x999/x999/x999/999",
  ])("has nothing at %s", (path) => {
    expect(readTilePath(path)).toBeNull();
  });

  it("has the widths of the specification's example", () => {
    expect([0, 1, 2, 3].map((level) => widthIn(level, 273, 70_000))).toEqual([112, 0, 0, 0]);
    expect([0, 1, 2, 3].map((level) => widthIn(level, 0, 70_000))).toEqual([256, 256, 1, 0]);
    expect(widthIn(1, 1, 70_000)).toBe(17);
    expect([0, 1].map((level) => widthIn(level, 0, 256))).toEqual([256, 1]);
  });

  it("packs entries and refuses a bundle that was cut", () => {
    const packed = packEntries([new Uint8Array(300).fill(7), new Uint8Array()]);
    expect(unpackEntries(packed)).toEqual({
      ok: true,
      value: [new Uint8Array(300).fill(7), new Uint8Array()],
    });
    expect(unpackEntries(packed.subarray(0, 100))).toMatchObject({ refusal: { code: "ERR_ENTRIES" } });
    expect(unpackEntries(packed.subarray(0, -1))).toMatchObject({ refusal: { code: "ERR_ENTRIES" } });
  });
});

describe("entries", () => {
  const decision: LogLeaf = {
    issuer: "https://agent.example",
    run: "run-1",
    seq: 4,
    kind: "decision",
    reviewer: "alice",
    receipt: `sha256:${"a".repeat(64)}`,
  };
  const handoff: LogLeaf = { ...decision, seq: 7, kind: "handoff", reviewer: null };

  it("reads what it wrote, and nothing else", () => {
    expect(readLeaf(leafBytes(decision))).toEqual(decision);
    expect(readLeaf(new TextEncoder().encode(JSON.stringify({ ...decision, more: 1 })))).toBeNull();
    expect(readLeaf(new TextEncoder().encode("junk"))).toBeNull();
  });

  it.each([
    ["the same entry", decision, null],
    ["the handoff after it", handoff, null],
    ["the next round's decision", { ...decision, seq: 8 }, null],
    ["another run's", { ...decision, run: "run-2", receipt: `sha256:${"b".repeat(64)}` }, null],
    ["another receipt in its place", { ...decision, receipt: `sha256:${"b".repeat(64)}` }, "two receipts"],
    ["a decision too soon", { ...decision, seq: 7 }, "too soon"],
    ["a handoff too soon", { ...handoff, seq: 6 }, "too soon"],
    ["an older handoff", { ...handoff, seq: 3 }, "after the handoff"],
  ] as const)("tells whether a decision and %s are of one chain", (_, other, clash) => {
    for (const [a, b] of [
      [decision, other],
      [other, decision],
    ] as const) {
      if (clash === null) expect(clashOf(a, b)).toBeNull();
      else expect(clashOf(a, b)).toContain(clash);
    }
  });
});
