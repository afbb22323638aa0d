// A bundled Worker as a server on a port of its own: the Miniflare and workerd that `wrangler dev` runs it in, without the seconds
// that wrangler takes to start.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { type Deployment, findPlace, type PlaceOptions } from "./place.ts";

export interface ServerOptions extends PlaceOptions {
  /** Variables that replace the configuration's and the keys that were made for the server. */
  readonly vars?: Readonly<Record<string, string>>;
}

/** Wide enough for a key of Ed25519, and for a secret. */
export const randomSecret = () => randomBytes(32).toString("base64url");

/** Starts the server and waits until it answers. */
export async function serveWorker(
  worker: V4WorkerOptions,
  { vars, ...place }: ServerOptions = {},
): Promise<Deployment> {
  const { origin, port, folder, leave } = await findPlace(place);
  const keys = {
    AGENT_SIGNING_KEY: randomSecret(),
    HUMAN_SIGNING_KEY: randomSecret(),
    RUNTIME_SIGNING_KEY: randomSecret(),
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...worker,
      bindings: { ...worker.bindings, ...keys, ISSUER: origin, ...vars },
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
