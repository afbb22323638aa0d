// What `countersign/log` offers: transparency logs by the C2SP formats. Pure; runs in workerd, Node and browsers.

export { type Checkpoint, checkpointText, readCheckpoint, readDecimal, readHash } from "./checkpoint.ts";
export { cosign, cosignedAt } from "./cosignature.ts";
export { clashOf, type LogLeaf, leafBytes, readLeaf } from "./leaf.ts";
export {
  isKeyName,
  isSignedBy,
  type LogCode,
  type Note,
  type NoteKey,
  type NoteSignature,
  noteKey,
  readNote,
  readSignature,
  readVkey,
  signatureLine,
  signNote,
} from "./note.ts";
export {
  isQuorum,
  type Listed,
  type LogPolicy,
  MAX_POLICY,
  readLogPolicy,
  writeLogPolicy,
} from "./policy.ts";
export {
  consistencyProof,
  inclusionProof,
  isConsistent,
  MAX_PROOF,
  rootOfInclusion,
  type Tree,
} from "./proof.ts";
export { MAX_ENTRY, packEntries, readTilePath, type Tile, tilePath, unpackEntries, widthIn } from "./tile.ts";
export {
  checkCheckpoint,
  checkTlogProof,
  type Logged,
  readTlogProof,
  type SeenCheckpoint,
  type TlogProof,
  writeTlogProof,
} from "./tlog-proof.ts";
export {
  EMPTY_ROOT,
  growTree,
  type HashReader,
  isSameHash,
  leafHash,
  nodeHash,
  rootOf,
  TILE_WIDTH,
  treeHash,
} from "./tree.ts";
