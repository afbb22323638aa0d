// Go's golang.org/x/mod/sumdb, as the distribution packages it, and a log laid out in a folder for it.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  packEntries,
  TILE_WIDTH,
  tilePath,
  widthIn,
} from "../../src/log/index.ts";
import { toBase64 } from "../../src/receipt/index.ts";
import type { TreeLog } from "./tree-log.ts";

const GOPATH = "/usr/share/gocode";

/** Why the reference cannot be run here, or null when it can. */
export const MISSING: string | null = existsSync(join(GOPATH, "src/golang.org/x/mod/sumdb/tlog"))
  ? null
  : "Go's sumdb is not installed: apt-get install golang-go golang-golang-x-mod-dev. What it would check is NOT checked.";

/** Runs the reference over a folder. @throws with what it says is wrong. */
export async function checkWithReference(folder: string, ...vkeys: readonly string[]): Promise<string> {
  const program = join(import.meta.dirname, "reference.go");
  const env = { ...process.env, GOPATH, GO111MODULE: "off", GOFLAGS: "" };
  const { stdout } = await promisify(execFile)("go", ["run", program, folder, ...vkeys], { env });
  return stdout.trim();
}

async function write(folder: string, path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}

/** Writes a log as it would be served at a size, and proofs of some of its entries and earlier sizes. */
export async function layOut(folder: string, log: TreeLog, size: number, checkpoint: string): Promise<void> {
  await write(folder, "checkpoint", checkpoint);
  for (let level = 0; widthIn(level, 0, size) > 0; level += 1) {
    for (let index = 0; widthIn(level, index, size) > 0; index += 1) {
      const width = widthIn(level, index, size);
      const hashes = Array.from({ length: width }, (_, i) => log.read(level, index * TILE_WIDTH + i));
      await write(folder, tilePath({ level, index, width }), Buffer.concat(hashes));
      if (level > 0) continue;
      const entries = log.entries.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
      await write(folder, tilePath({ level: "entries", index, width }), packEntries(entries));
    }
  }
  await write(folder, "proofs.json", JSON.stringify(proofsOf(log, size)));
}

function proofsOf(log: TreeLog, size: number) {
  const some = [1, 2, 3, 7, 8, 255, 256, 257, 300, size - 1, size].filter((n) => n >= 1 && n <= size);
  const root = toBase64(log.root(size));
  return {
    Inclusion: some.map((n) => ({
      Index: n - 1,
      Size: size,
      Leaf: toBase64(leafHash(log.entries[n - 1] ?? new Uint8Array())),
      Root: root,
      Proof: inclusionProof(log.read, n - 1, size).map(toBase64),
    })),
    Consistency: some.map((old) => ({
      Old: old,
      Size: size,
      OldRoot: toBase64(log.root(old)),
      Root: root,
      Proof: consistencyProof(log.read, old, size).map(toBase64),
    })),
  };
}
