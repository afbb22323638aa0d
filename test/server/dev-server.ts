// The real server as a newcomer starts it: `wrangler dev`. It takes seconds; tests that do not need exactly this use server.ts.
import { spawn } from "node:child_process";
import { atTheEnd } from "../at-the-end.ts";
import { type Deployment, findPlace, type PlaceOptions } from "./place.ts";

export interface DevServer extends Deployment {
  /** The group that its processes make up. */
  readonly group: number;
}

export interface DevServerOptions extends PlaceOptions {
  /** Served instead of the product's own entry. */
  readonly entry?: string;
  /** Go to `wrangler dev`. */
  readonly flags?: readonly string[];
  /** Where the project is; this one unless set. */
  readonly project?: string;
}

/** Ends servers that run. In groups of their own, they hear nothing of a Ctrl-C. */
const kills = new Set<() => void>();
atTheEnd(() => {
  for (const kill of kills) kill();
});

/** Starts the server and waits until it answers. */
export async function startDevServer({
  entry,
  flags = [],
  project = ".",
  ...options
}: DevServerOptions = {}): Promise<DevServer> {
  const { origin, port, folder, leave } = await findPlace(options);
  const args = [
    "dev",
    ...(entry ? [entry] : []),
    // A debugger's port as the system gives it: wrangler looks for a free one too early.
    ...["--port", String(port), "--inspector-port", "0"],
    ...["--persist-to", folder, "--var", `ISSUER:${origin}`],
    ...flags,
  ];
  // A group of its own: wrangler starts workerd, and both must end together.
  const child = spawn("wrangler", args, {
    cwd: project,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // Without wrangler's own record of every call, which it keeps in a database while it runs.
    env: { ...process.env, CI: "1", X_LOCAL_OBSERVABILITY: "false" },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (log = (log + chunk).slice(-20_000)));
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = () => {
    kills.delete(kill);
    try {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  };
  kills.add(kill);
  const deadline = Date.now() + 110_000;
  while (!(await answers(origin))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      kill();
      throw new Error(`wrangler dev did not start:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    origin,
    group: child.pid ?? 0,
    async stop() {
      kill();
      await exited;
      await leave();
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
