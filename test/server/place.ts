// Where a server under test stands: a port, which makes its origin, and a folder with its storage.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * To go on where a server was stopped, under the same name, give its storage and its port: the origin is the issuer of its
 * chains.
 */
export interface PlaceOptions {
  readonly state?: string;
  readonly port?: number;
}

export interface Deployment {
  readonly origin: string;
  /** Kills it, if that is not done yet. Its storage goes too, unless that was given. */
  stop(): Promise<void>;
}

/** Finds a port and makes the folder; `leave` takes away what it has made. */
export async function findPlace({ state, port: wanted }: PlaceOptions) {
  const port = wanted ?? (await freePort());
  const folder = state ?? (await mkdtemp(join(tmpdir(), "countersign-")));
  return {
    port,
    origin: `http://localhost:${port}`,
    folder,
    async leave() {
      if (state === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * A port that nobody listens on: below those that the system gives to outgoing connections, and of a thousand that are this
 * test worker's, for a server takes seconds until it listens, and others look for a port meanwhile.
 */
async function freePort(): Promise<number> {
  const first = 10_000 + 1000 * (Number(process.env.VITEST_POOL_ID ?? 0) % 20);
  for (;;) {
    const port = first + Math.floor(Math.random() * 1000);
    // Browsers refuse this one, an old port of the amanda protocol.
    if (port !== 10_080 && (await isFree(port))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
