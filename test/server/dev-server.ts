// The real server as a newcomer starts it: `wrangler dev` on a free port, with storage of its own that goes with it.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateState } from "./migrated-state.ts";

/** Names, in the environment, a configuration that serves a Worker bundled before; see built-worker.ts. */
export const BUILT_WORKER = "COUNTERSIGN_BUILT_WORKER";

export interface DevServer {
  readonly origin: string;
  /** The folder of its storage; give it to another server to go on from there. */
  readonly state: string;
  /** The group that its processes make up. */
  readonly group: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts the server and waits until it answers. `flags` go to `wrangler dev`; `migrate: false` leaves the index unmade;
 * `entry` is served instead of the product's own; `fromSource` bundles that now, as for a newcomer. Give the port of one that
 * was stopped, with its state, to go on under the same name: the origin is the issuer of its chains.
 */
export async function startServer({
  entry,
  fromSource = entry !== undefined,
  flags = [],
  state,
  port: wanted,
  migrate = true,
}: {
  entry?: string;
  fromSource?: boolean;
  flags?: string[];
  state?: string;
  port?: number;
  migrate?: boolean;
} = {}): Promise<DevServer> {
  const port = wanted ?? (await freePort());
  const folder = state ?? (await mkdtemp(join(tmpdir(), "countersign-")));
  const origin = `http://localhost:${port}`;
  if (migrate) await migrateState(folder);
  const built = fromSource ? undefined : process.env[BUILT_WORKER];
  const args = [
    "dev",
    ...(entry ? [entry] : []),
    ...(built ? ["--config", built] : []),
    // A debugger's port as the system gives it: wrangler looks for a free one too early.
    ...["--port", String(port), "--inspector-port", "0"],
    ...["--persist-to", folder, "--var", `ISSUER:${origin}`],
    ...flags,
  ];
  // A group of its own: wrangler starts workerd, and both must end together.
  const child = spawn("wrangler", args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // Without wrangler's own record of every call, which it keeps in a database while it runs.
    env: { ...process.env, CI: "1", X_LOCAL_OBSERVABILITY: "false" },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (log = (log + chunk).slice(-20_000)));
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      // it has ended by itself
    }
  };
  const deadline = Date.now() + 110_000;
  while (!(await answers(origin))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      kill("SIGKILL");
      throw new Error(`wrangler dev did not start:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    origin,
    state: folder,
    group: child.pid ?? 0,
    async stop(signal = "SIGKILL") {
      kill(signal);
      await exited;
      if (state === undefined && signal === "SIGKILL")
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function answers(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/**
 * A port that nobody listens on: below those that the system gives to outgoing connections, and of a thousand that are this
 * test worker's, for a server takes seconds until it listens, and others look for a port meanwhile.
 */
async function freePort(): Promise<number> {
  const first = 10_000 + 1000 * (Number(process.env.VITEST_POOL_ID ?? 0) % 20);
  for (;;) {
    const port = first + Math.floor(Math.random() * 1000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
