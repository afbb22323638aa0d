// The Worker bundled once for all servers under test, by wrangler and as it would be deployed: bundling it takes a third of a
// server's start. For vitest's global set-up; a server that is started elsewhere, or with an entry of its own, bundles for itself.
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { experimental_readRawConfig } from "wrangler";
import { BUILT_WORKER } from "./dev-server.ts";

/** Bundles into a folder that goes with the tests. */
export default async function buildWorker(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-worker-"));
  const { rawConfig } = experimental_readRawConfig({ config: "wrangler.toml" });
  await promisify(execFile)("wrangler", ["deploy", "--dry-run", "--outdir", folder]);
  // Paths in it are relative to the file, which stands elsewhere. The pages' scripts have just been built.
  const { build: _, ...product } = rawConfig;
  const main = join(folder, "index.js");
  const assets = { ...product.assets, directory: resolve("public") };
  const file = join(folder, "wrangler.json");
  await writeFile(file, JSON.stringify({ ...product, main, no_bundle: true, assets }));
  // Wrangler looks for it beside its configuration.
  await copyFile(".dev.vars", join(folder, ".dev.vars"));
  process.env[BUILT_WORKER] = file;
  return () => rm(folder, { recursive: true, force: true });
}
