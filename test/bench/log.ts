// `npm run bench:log`: what the log adds to the latency of an approval: without a log, with one that is asked for, and with one witness on
// loopback. Each under `wrangler dev`; an approval is timed from its request to the answer that the call was made.
import type { RunView } from "../../src/host/index.ts";
import { noteSigner } from "../log/note-signers.ts";
import { WitnessProcess } from "../log/witness-process.ts";
import { startDevServer } from "../server/dev-server.ts";
import { findPlace } from "../server/place.ts";

const RUNS = Number(process.argv[2] ?? 20);
const KEY = Buffer.from(new Uint8Array(32).fill(9)).toString("base64url");

async function ask(url: string, body?: object): Promise<RunView> {
  const headers = { "content-type": "application/json" };
  const init = body ? { method: "POST", headers, body: JSON.stringify(body) } : { method: "POST" };
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as RunView;
}

/** Milliseconds of each approval, in order of size. */
async function approvals(origin: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < RUNS + 3; i += 1) {
    const { run, pending } = await ask(`${origin}/api/runs`);
    const start = performance.now();
    const view = await ask(`${origin}/api/runs/${run}/approve`, { proposal: pending?.proposal });
    if (view.status !== "completed") throw new Error(`expected a completed run, got ${view.status}`);
    // The first ones warm up.
    if (i >= 3) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}

async function measure(name: string, isLogged: boolean, hasWitness: boolean): Promise<void> {
  const { port, origin, folder } = await findPlace({});
  const log = noteSigner(`${new URL(origin).host}/log`, 0x01, 9).key.text;
  const witness = new WitnessProcess("witness.example/w1", 10, log);
  if (hasWitness) await witness.start();
  const vars = {
    ...(isLogged && { LOG_SIGNING_KEY: KEY, LOGGED: "decisions" }),
    ...(hasWitness && { WITNESSES: JSON.stringify([{ key: witness.vkey, url: witness.url }]) }),
  };
  const flags = Object.entries(vars).flatMap(([key, value]) => ["--var", `${key}:${value}`]);
  const server = await startDevServer({
    port,
    state: folder,
    flags: ["--config", "wrangler.toml", ...flags],
  });
  try {
    const times = await approvals(origin);
    const at = (part: number) => (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(0);
    process.stdout.write(
      `${name}: median ${at(0.5)} ms, nine of ten within ${at(0.9)} ms (${times.length} approvals)\n`,
    );
  } finally {
    await server.stop();
    await witness.remove();
  }
}

await measure("no log", false, false);
await measure("a log, no witness", true, false);
await measure("a log, one witness on loopback", true, true);
process.exit(0);
