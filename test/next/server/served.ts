// Version 2 bundled by wrangler as it would be deployed, and served twice by the Miniflare and workerd that `wrangler dev` uses: open
// to everybody, and to reviewers with a token. One pair of servers for all tests that need a browser. For vitest's global set-up.
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import type { TestProject } from "vitest/node";
import { experimental_readRawConfig, unstable_getMiniflareWorkerOptions } from "wrangler";
import { findPlace } from "../../server/place.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Origin of version 2, where everybody may start and decide. */
    openOrigin: string;
    /** Origin of version 2, where that takes a token. */
    tokenOrigin: string;
  }
}

const CONFIG = "wrangler.next.toml";
/** Wide enough for a key of Ed25519, and for a secret. */
const secret = () => randomBytes(32).toString("base64url");

export default async function serve({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-next-"));
  const options = await bundled(folder);
  const open = await start(options, {});
  const sha256 = createHash("sha256").update(secret()).digest("hex");
  const reviewers = JSON.stringify([{ id: "alice@example.com", sha256 }]);
  const token = await start(options, { REVIEW_AUTH: "token", REVIEWER_TOKENS: reviewers });
  provide("openOrigin", open.origin);
  provide("tokenOrigin", token.origin);
  return async () => {
    await Promise.all([open.stop(), token.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
}

async function bundled(folder: string): Promise<V4WorkerOptions> {
  await promisify(execFile)("wrangler", ["deploy", "--dry-run", "--config", CONFIG, "--outdir", folder]);
  const { rawConfig } = experimental_readRawConfig({ config: CONFIG });
  const { build: _, ...product } = rawConfig;
  const main = join(folder, "index.js");
  const file = join(folder, "wrangler.json");
  const assets = { ...product.assets, directory: resolve("public") };
  await writeFile(file, JSON.stringify({ ...product, assets, main }));
  const { workerOptions } = unstable_getMiniflareWorkerOptions(file);
  return { ...workerOptions, name: product.name, modules: [{ type: "ESModule" as const, path: main }] };
}

async function start(worker: V4WorkerOptions, vars: Record<string, string>) {
  const { origin, port, folder, leave } = await findPlace({});
  const keys = {
    AGENT_SIGNING_KEY: secret(),
    HUMAN_SIGNING_KEY: secret(),
    RUNTIME_SIGNING_KEY: secret(),
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...worker,
      bindings: { ...worker.bindings, ...keys, ISSUER: origin, ...vars },
      host: "localhost",
      port,
      resourcePersistencePath: join(folder, "v3"),
      cf: false,
      handleStructuredLogs: ({ level, message }) => level === "error" && console.error(message),
    }),
  );
  await miniflare.ready;
  return { origin, stop: () => miniflare.dispose().then(leave) };
}
