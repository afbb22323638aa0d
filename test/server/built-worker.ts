// The Worker bundled once for all servers under test, by wrangler and as it would be deployed. For vitest's global set-up.
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { productConfig } from "./product-config.ts";

/** Bundles into a folder that goes with the tests. */
export default async function buildWorker({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-worker-"));
  await promisify(execFile)("wrangler", ["deploy", "--dry-run", "--outdir", folder]);
  const main = join(folder, "index.js");
  const file = join(folder, "wrangler.json");
  const config = productConfig();
  await writeFile(file, JSON.stringify({ ...config, main }));
  // Wrangler looks for it beside its configuration.
  await copyFile(".dev.vars", join(folder, ".dev.vars"));
  const { workerOptions } = unstable_getMiniflareWorkerOptions(file);
  // Under the product's name, by which its storage is found.
  provide("builtWorker", {
    ...workerOptions,
    name: config.name,
    modules: [{ type: "ESModule", path: main }],
  });
  return () => rm(folder, { recursive: true, force: true });
}
