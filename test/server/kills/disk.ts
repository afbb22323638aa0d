// Reads what runs hold straight from the databases that a stopped server left on disk, past all code of ours.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What one run holds: its resources, the hex digest of each content by name, and its fence, the state of each decision's call. */
export interface OnDisk {
  readonly resources: ReadonlyMap<string, string>;
  readonly fence: ReadonlyMap<string, string>;
}

/** What each run holds, by the run's name. */
export function runsOnDisk(state: string): Map<string, OnDisk> {
  const objects = join(state, "v3", "do");
  const [folder] = readdirSync(objects).filter((name) => name.endsWith("-CheckoutRun"));
  if (folder === undefined) throw new Error(`expected a folder of runs in ${objects}`);
  const runs = new Map<string, OnDisk>();
  for (const name of readdirSync(join(objects, folder)).filter((name) =>
    /^[0-9a-f]{64}\.sqlite$/.test(name),
  )) {
    const database = new DatabaseSync(join(objects, folder, name));
    try {
      if (!database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'request'").get()) continue;
      const request = database.prepare("SELECT run FROM request").get();
      const pairs = (query: string): Map<string, string> =>
        new Map(
          database
            .prepare(query)
            .all()
            .map(({ name, value }) => [String(name), String(value)]),
        );
      runs.set(String(request?.run), {
        resources: pairs("SELECT name, sha256 AS value FROM resources"),
        fence: pairs("SELECT decision AS name, state AS value FROM fence"),
      });
    } finally {
      database.close();
    }
  }
  return runs;
}
