// The product as a server on a port of its own, for tests: the Worker bundled once (built-worker.ts), served by the same
// Miniflare and workerd that `wrangler dev` runs it in, without the seconds that wrangler takes to start.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { inject, onTestFinished } from "vitest";
import { type Deployment, findPlace, type PlaceOptions } from "./place.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What Miniflare is told of the bundled Worker. */
    builtWorker: V4WorkerOptions;
  }
}

export interface ServerOptions extends PlaceOptions {
  /** Variables that replace the configuration's. */
  readonly vars?: Readonly<Record<string, string>>;
}

/** Storage that outlives a server, until the test has finished. */
export async function makeStorage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Starts the server and waits until it answers. */
export async function startServer({ vars, ...options }: ServerOptions = {}): Promise<Deployment> {
  const { origin, port, folder, leave } = await findPlace(options);
  const worker = inject("builtWorker");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...worker,
      bindings: { ...worker.bindings, ISSUER: origin, ...vars },
      host: "localhost",
      port,
      // Where wrangler keeps it.
      resourcePersistencePath: join(folder, "v3"),
      cf: false,
      handleStructuredLogs: ({ level, message }) => level === "error" && console.error(message),
    }),
  );
  await miniflare.ready;
  let stopped: Promise<void> | undefined;
  return {
    origin,
    stop() {
      stopped ??= miniflare.dispose().then(leave);
      return stopped;
    },
  };
}
