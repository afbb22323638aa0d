// The Worker bundled by wrangler as it would be deployed, and served twice by the Miniflare and workerd that `wrangler dev` uses: open
// to everybody, and to reviewers with a token. One pair of servers for all tests that need a browser. For vitest's global set-up.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { V4WorkerOptions } from "miniflare";
import type { TestProject } from "vitest/node";
import { experimental_readRawConfig, unstable_getMiniflareWorkerOptions } from "wrangler";
import { randomSecret, serveWorker } from "./serve-worker.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where everybody may start and decide. */
    openOrigin: string;
    /** Where that takes a token. */
    tokenOrigin: string;
    /** The bundle, for a test that starts a server of its own. */
    builtWorker: V4WorkerOptions;
  }
}

export default async function serve({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-worker-"));
  const worker = await bundleWorker(folder);
  const open = await serveWorker(worker);
  const sha256 = createHash("sha256").update(randomSecret()).digest("hex");
  const reviewers = JSON.stringify([{ id: "alice@example.com", sha256 }]);
  const token = await serveWorker(worker, { vars: { REVIEW_AUTH: "token", REVIEWER_TOKENS: reviewers } });
  provide("builtWorker", worker);
  provide("openOrigin", open.origin);
  provide("tokenOrigin", token.origin);
  return async () => {
    await Promise.all([open.stop(), token.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
}

/** Bundles the Worker, or another entry in its place, into a folder. */
export async function bundleWorker(
  folder: string,
  entry = "src/index.ts",
  config = "wrangler.toml",
): Promise<V4WorkerOptions> {
  const args = ["deploy", entry, "--dry-run", "--config", config, "--outdir", folder];
  await promisify(execFile)("wrangler", args);
  const { rawConfig } = experimental_readRawConfig({ config });
  const { build: _, ...product } = rawConfig;
  const main = join(folder, basename(entry).replace(/\.ts$/, ".js"));
  const file = join(folder, "wrangler.json");
  const assets = { ...product.assets, directory: resolve("public") };
  await writeFile(file, JSON.stringify({ ...product, assets, main }));
  const { workerOptions } = unstable_getMiniflareWorkerOptions(file);
  return { ...workerOptions, name: product.name, modules: [{ type: "ESModule" as const, path: main }] };
}
