// The index's database with every migration applied, made once with wrangler and copied from then on: each server under test
// wants one of its own, and making it takes longer than most tests. Another migration makes another one.
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { promisify } from "node:util";

const CACHE = ".cache";

/** Where wrangler keeps local D1 databases, in its folder of storage. */
const DATABASES = "v3/d1";

/** Brings the index in a folder of storage up to date, as `npm start` does before it starts the server. */
export async function migrateState(into: string): Promise<void> {
  if (existsSync(`${into}/${DATABASES}`)) return migrate(into);
  const made = `${CACHE}/migrated-${await digestOfMigrations()}`;
  if (!existsSync(made)) await make(made);
  await cp(`${made}/${DATABASES}`, `${into}/${DATABASES}`, { recursive: true });
}

async function make(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const fresh = `${folder}-${randomUUID()}`;
  await migrate(fresh);
  // Another process may have made one meanwhile; one is as good as the other.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
}

async function migrate(folder: string): Promise<void> {
  await promisify(execFile)("node", ["scripts/migrate.mjs", "--persist-to", folder]);
}

/** Migrations by name and content, and the versions of what applies them. */
async function digestOfMigrations(): Promise<string> {
  const hash = createHash("sha256").update(await readFile("package-lock.json"));
  for (const name of (await readdir("migrations")).sort())
    hash.update(name).update(await readFile(`migrations/${name}`));
  return hash.digest("hex").slice(0, 16);
}
