// A log in memory, as small as one can be: its leaves' hashes and those of its whole tiles. For tests of the pure code.
import { growTree, type HashReader, leafHash, rootOf, TILE_WIDTH, treeHash } from "../../src/log/index.ts";

export class TreeLog {
  readonly entries: Uint8Array[] = [];
  readonly #levels: Uint8Array[][] = [[]];

  readonly read: HashReader = (level, index) => {
    const hash = this.#levels[level]?.[index];
    if (!hash) throw new Error(`there is no hash ${index} at level ${level}`);
    return hash;
  };

  append(entry: Uint8Array): void {
    this.entries.push(entry);
    this.#levels[0]?.push(leafHash(entry));
    for (
      let level = 1, width = TILE_WIDTH;
      this.entries.length % width === 0;
      level += 1, width *= TILE_WIDTH
    ) {
      const hash = rootOf(growTree([], 0, this.#levels[level - 1]?.slice(-TILE_WIDTH) ?? []));
      this.#levels[level] = [...(this.#levels[level] ?? []), hash];
    }
  }

  root(size = this.entries.length): Uint8Array {
    return treeHash(this.read, 0, size);
  }
}

/** A log of so many entries: the decimal numbers from 0 on. */
export function logOf(size: number): TreeLog {
  const log = new TreeLog();
  for (let i = 0; i < size; i += 1) log.append(new TextEncoder().encode(String(i)));
  return log;
}
