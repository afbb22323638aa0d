// Reads what runs wrote straight from the databases that a stopped server left on disk, past all code of ours.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The digests of every file version that each run has written, by the run's name. */
export function writesOnDisk(state: string): Map<string, string[]> {
  const folder = join(state, "v3", "do", "countersign-RunDurableObject");
  const writes = new Map<string, string[]>();
  for (const name of readdirSync(folder).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name))) {
    const database = new DatabaseSync(join(folder, name));
    try {
      if (!database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'request'").get()) continue;
      const request = database.prepare("SELECT run FROM request").get();
      const versions = database.prepare("SELECT sha256 FROM files WHERE version > 0").all();
      writes.set(
        String(request?.run),
        versions.map(({ sha256 }) => String(sha256)),
      );
    } finally {
      database.close();
    }
  }
  return writes;
}
