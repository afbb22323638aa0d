// Tiles and entry bundles (c2sp.org/tlog-tiles): where a log's hashes and entries are served, and what is in them.
import { concatBytes } from "@noble/hashes/utils.js";
import { accept, type Result, refuse } from "../receipt/index.ts";
import { TILE_WIDTH } from "./tree.ts";

/** Longest entry, in bytes: its length is told in 16 bits. */
export const MAX_ENTRY = 65_535;

/** A tile of hashes, or of entries. A width below 256 is a partial one. */
export interface Tile {
  readonly level: number | "entries";
  readonly index: number;
  readonly width: number;
}

/** The path of a tile below the log's prefix. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g) ?? [];
  const spelled = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${spelled}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

/** Reads the path of a tile; null for any other, and for a second spelling of one. */
export function readTilePath(path: string): Tile | null {
  const [, level = "", spelled = "", partial] =
    /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path) ?? [];
  const tile: Tile = {
    level: level === "entries" ? level : Number(level),
    index: Number(spelled.replaceAll(/[x/]/g, "")),
    width: partial === undefined ? TILE_WIDTH : Number(partial),
  };
  const isSound = tile.width > 0 && Number.isSafeInteger(tile.index) && !(Number(tile.level) > 63);
  return isSound && spelled !== "" && tilePath(tile) === path ? tile : null;
}

/** How many hashes or entries of a tile there are in a tree of a size: 0 to 256. */
export function widthIn(level: Tile["level"], index: number, size: number): number {
  const whole = Math.floor(size / TILE_WIDTH ** (level === "entries" ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, whole - index * TILE_WIDTH));
}

/** Packs entries, each at most {@link MAX_ENTRY} bytes, each after its length in two bytes. */
export function packEntries(entries: readonly Uint8Array[]): Uint8Array {
  return concatBytes(
    ...entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]),
  );
}

/** Unpacks a bundle of entries. */
export function unpackEntries(bytes: Uint8Array): Result<Uint8Array[], "ERR_ENTRIES"> {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    const entry = bytes.subarray(at + 2, at + 2 + length);
    if (at + 2 + length > bytes.length)
      return refuse("ERR_ENTRIES", "a bundle of entries ends in the middle of one");
    entries.push(entry);
    at += 2 + length;
  }
  return accept(entries);
}
