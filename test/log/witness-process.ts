// `countersign-witness` as a process of its own, to be stopped, killed and started again on what it left on disk.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atTheEnd } from "../at-the-end.ts";
import { noteSigner } from "./note-signers.ts";

export class WitnessProcess {
  readonly name: string;
  readonly vkey: string;
  readonly state: string;
  readonly #seed: Uint8Array;
  readonly #logs: readonly string[];
  #child: ChildProcess | null = null;
  #port = 0;

  constructor(name: string, byte: number, ...logs: readonly string[]) {
    this.name = name;
    this.vkey = noteSigner(name, 0x04, byte).key.text;
    this.#seed = new Uint8Array(32).fill(byte);
    this.#logs = logs;
    this.state = mkdtempSync(join(tmpdir(), "countersign-witness-"));
    atTheEnd(() => this.#child?.kill("SIGKILL"));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts it, at the port that it had. */
  async start(): Promise<this> {
    const args = ["--name", this.name, "--state", this.state, "--port", String(this.#port)];
    const child = spawn(
      process.execPath,
      ["src/cli/witness.ts", ...args, ...this.#logs.flatMap((vkey) => ["--log", vkey])],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, WITNESS_SIGNING_KEY: Buffer.from(this.#seed).toString("base64url") },
      },
    );
    this.#child = child;
    let said = "";
    child.stderr.on("data", (chunk) => (said += chunk));
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => reject(new Error(`the witness did not start: ${said}`)));
      child.stdout.on("data", (chunk) => {
        said += chunk;
        const port = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (port === undefined) return;
        this.#port = Number(port);
        resolve();
      });
    });
    return this;
  }

  /** Ends it at once, as a power cut would. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.state, { recursive: true, force: true });
  }
}
