// Inclusion and consistency proofs (RFC 6962 §2.1.1 and §2.1.2): made from a log's hashes, checked from nothing but the proof.
import { type HashReader, isSameHash, nodeHash, splitOf, treeHash } from "./tree.ts";

/** Most hashes in a proof: a tree has fewer than 2^63 leaves. */
export const MAX_PROOF = 63;

/** PATH(m, D[n]): the proof that the leaf at `index` is in the tree of `size` leaves. */
export function inclusionProof(read: HashReader, index: number, size: number): Uint8Array[] {
  return path(read, index, 0, size);
}

function path(read: HashReader, index: number, start: number, end: number): Uint8Array[] {
  if (end - start === 1) return [];
  const split = start + splitOf(end - start);
  return index < split
    ? [...path(read, index, start, split), treeHash(read, split, end)]
    : [...path(read, index, split, end), treeHash(read, start, split)];
}

/** PROOF(m, D[n]): the proof that the tree of `size` leaves begins with that of `old`, which is at least 1. */
export function consistencyProof(read: HashReader, old: number, size: number): Uint8Array[] {
  return subproof(read, old, 0, size);
}

function subproof(read: HashReader, old: number, start: number, end: number): Uint8Array[] {
  if (old === end) return start === 0 ? [] : [treeHash(read, start, end)];
  const split = start + splitOf(end - start);
  return old <= split
    ? [...subproof(read, old, start, split), treeHash(read, split, end)]
    : [...subproof(read, old, split, end), treeHash(read, start, split)];
}

/** The root that an inclusion proof leads to; null where it has not the length that index and size ask for. */
export function rootOfInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array | null {
  if (index >= size) return null;
  if (size === 1) return proof.length === 0 ? leaf : null;
  const last = proof.at(-1);
  if (!last) return null;
  const split = splitOf(size);
  const rest = proof.slice(0, -1);
  const below =
    index < split
      ? rootOfInclusion(leaf, index, split, rest)
      : rootOfInclusion(leaf, index - split, size - split, rest);
  if (!below) return null;
  return index < split ? nodeHash(below, last) : nodeHash(last, below);
}

/** A tree: its size, and its root hash. */
export interface Tree {
  readonly size: number;
  readonly root: Uint8Array;
}

/** True when the proof shows that the new tree begins with the old one. An empty tree, and the same one, need an empty proof. */
export function isConsistent(old: Tree, now: Tree, proof: readonly Uint8Array[]): boolean {
  if (old.size > now.size) return false;
  if (old.size === 0) return proof.length === 0;
  const roots = rootsOfConsistency(old, now.size, proof, true);
  return roots !== null && isSameHash(roots.old, old.root) && isSameHash(roots.now, now.root);
}

/** Both roots as a proof has them. `isWhole`: the old tree begins where this subtree begins. */
function rootsOfConsistency(
  old: Tree,
  size: number,
  proof: readonly Uint8Array[],
  isWhole: boolean,
): { readonly old: Uint8Array; readonly now: Uint8Array } | null {
  const last = proof.at(-1);
  if (old.size === size) {
    const root = isWhole ? old.root : last;
    return root && proof.length === (isWhole ? 0 : 1) ? { old: root, now: root } : null;
  }
  if (!last) return null;
  const split = splitOf(size);
  const rest = proof.slice(0, -1);
  if (old.size <= split) {
    const roots = rootsOfConsistency(old, split, rest, isWhole);
    return roots && { old: roots.old, now: nodeHash(roots.now, last) };
  }
  const roots = rootsOfConsistency({ ...old, size: old.size - split }, size - split, rest, false);
  return roots && { old: nodeHash(last, roots.old), now: nodeHash(last, roots.now) };
}
