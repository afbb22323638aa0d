// Where tests write their temporary files: in memory, if there is plenty of it. Runs are committed to disk thousands of times,
// and waiting for that is a fifth of the time that the Worker's tests take. SQLite and its files are the same either way.
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";
import { atTheEnd } from "./at-the-end.ts";

/** Linux keeps what lies here in memory. Other systems have no such folder, and a container a small one. */
const MEMORY = "/dev/shm";
const PLENTY = 2 * 1024 ** 3;

/** Turns `os.tmpdir()` of this process and its children to memory until it ends, unless TMPDIR says where already. */
export function keepTemporaryFilesInMemory(): void {
  if (process.env.TMPDIR || Math.min(freemem(), room(MEMORY)) < PLENTY) return;
  const folder = mkdtempSync(join(MEMORY, "countersign-"));
  process.env.TMPDIR = folder;
  atTheEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}

/** Bytes that may still be written to a folder. */
function room(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
