// The Worker bundled once for all servers under test, by wrangler and as it would be deployed: bundling it takes a third of a
// server's start. For vitest's global set-up; a server that is started elsewhere, or with an entry of its own, bundles for itself.
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BUILT_WORKER } from "./dev-server.ts";
import { productConfig } from "./product-config.ts";

/** Bundles into a folder that goes with the tests. */
export default async function buildWorker(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-worker-"));
  await promisify(execFile)("wrangler", ["deploy", "--dry-run", "--outdir", folder]);
  const main = join(folder, "index.js");
  const file = join(folder, "wrangler.json");
  await writeFile(file, JSON.stringify({ ...productConfig(), main, no_bundle: true }));
  // Wrangler looks for it beside its configuration.
  await copyFile(".dev.vars", join(folder, ".dev.vars"));
  process.env[BUILT_WORKER] = file;
  return () => rm(folder, { recursive: true, force: true });
}
