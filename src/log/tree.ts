// Merkle tree hashes (RFC 6962 §2.1): of a leaf, of a node, and of any run of leaves, from the hashes that tiles hold.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";

/** Width of a tile, and how many times it multiplies from one of its levels to the next. */
export const TILE_WIDTH = 256;

/** The root of a tree without leaves: the hash of nothing. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array());

/** Gives the hash of the leaves from `index` · 256^`level` on, 256^`level` of them: what a tile of that level holds. */
export type HashReader = (level: number, index: number) => Uint8Array;

/** The hash of an entry as a leaf. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(0), entry));
}

/** The hash of two subtrees as one. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(1), left, right));
}

/** The largest power of two that is smaller than a size of at least 2: where RFC 6962 splits a tree. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** The tree hash of the leaves from `start` until before `end`. `start` is where RFC 6962 would have such a subtree begin. */
export function treeHash(read: HashReader, start: number, end: number): Uint8Array {
  const size = end - start;
  if (size === 0) return EMPTY_ROOT;
  for (let level = 0, width = 1; width <= size; level += 1, width *= TILE_WIDTH) {
    if (width === size) return read(level, start / size);
  }
  const split = start + splitOf(size);
  return nodeHash(treeHash(read, start, split), treeHash(read, split, end));
}

/**
 * The hashes of the whole subtrees that a tree of some size falls into, the largest first: all that is needed to append to it.
 * A log that is followed by appending every entry, and whose roots come out the same, has only been appended to.
 */
export function growTree(
  subtrees: readonly Uint8Array[],
  size: number,
  leaves: readonly Uint8Array[],
): Uint8Array[] {
  const grown = [...subtrees];
  for (const [i, leaf] of leaves.entries()) {
    let hash = leaf;
    // As many merges as the size has ones at its end, in binary.
    for (let left = size + i; left % 2 === 1; left = (left - 1) / 2)
      hash = nodeHash(grown.pop() ?? hash, hash);
    grown.push(hash);
  }
  return grown;
}

/** The root of a tree that falls into these whole subtrees. */
export function rootOf(subtrees: readonly Uint8Array[]): Uint8Array {
  return subtrees.length === 0 ? EMPTY_ROOT : subtrees.reduceRight((right, left) => nodeHash(left, right));
}

/** True when two hashes are the same bytes. */
export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
