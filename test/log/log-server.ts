// Serves log-worker.ts in a process group of its own, so that a kill takes workerd with it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { atTheEnd } from "../at-the-end.ts";

interface Served {
  readonly script: string;
  readonly folder: string;
  readonly port: number;
  readonly vars: Readonly<Record<string, string>>;
}

const [, , given] = process.argv;
if (process.argv[1] === import.meta.filename && given !== undefined) await serve(JSON.parse(given));

async function serve({ script, folder, port, vars }: Served): Promise<void> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "log",
      modules: [{ type: "ESModule", path: script }],
      modulesRoot: join(script, ".."),
      compatibilityDate: "2026-10-01",
      compatibilityFlags: ["nodejs_compat"],
      durableObjects: { LOG: { className: "LogDurableObject", useSQLite: true } },
      bindings: vars,
      host: "127.0.0.1",
      port,
      resourcePersistencePath: folder,
      cf: false,
    }),
  );
  await miniflare.ready;
  process.stdout.write("ready\n");
}

/** A log that can be killed and started again on what it left on disk. */
export class LogServer {
  readonly #folder = mkdtempSync(join(tmpdir(), "countersign-log-server-"));
  readonly #served: Served;
  #child: ChildProcess | null = null;

  private constructor(script: string, port: number, vars: Served["vars"]) {
    this.#served = { script, folder: join(this.#folder, "state"), port, vars };
    atTheEnd(() => this.#kill());
  }

  static async make(port: number, vars: Served["vars"]): Promise<LogServer> {
    const script = join(mkdtempSync(join(tmpdir(), "countersign-log-script-")), "log.mjs");
    await build({
      entryPoints: [join(import.meta.dirname, "log-worker.ts")],
      ...{ bundle: true, format: "esm", target: "es2024", outfile: script, logLevel: "error" },
      external: ["cloudflare:*", "node:*"],
      conditions: ["workerd", "worker", "browser"],
    });
    return new LogServer(script, port, vars);
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [import.meta.filename, JSON.stringify(this.#served)], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    let said = "";
    child.stderr.on("data", (chunk) => (said = (said + chunk).slice(-5_000)));
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => reject(new Error(`the log did not start: ${said}`)));
      child.stdout.on("data", (chunk) => String(chunk).includes("ready") && resolve());
    });
  }

  /** Kills it with all its processes, at once. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : null;
    this.#kill();
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    rmSync(join(this.#served.script, ".."), { recursive: true, force: true });
  }

  #kill(): void {
    const child = this.#child;
    this.#child = null;
    try {
      if (child?.pid) process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  }
}
