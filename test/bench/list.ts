// `node test/bench/list.ts [rows]`: what the one list of runs takes, empty and with a million rows: reports a second, and how long the
// desk and a page of the list take. Rows are made in bulk out of two real entries; reports, pages and the server are the product's.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { RunEntry } from "../../src/host/run-entry.ts";
import { startDevServer } from "../server/dev-server.ts";
import { writeBenchConfig } from "./bench-config.ts";
import type { ListQuestion } from "./long-index.ts";
import { quantile } from "./measure.ts";
import { usageOf } from "./server-process.ts";
import { signed } from "./sides.ts";

const wanted = Number(process.argv[2] ?? 1_000_000);
/** Rows of one transaction. */
const BATCH = 20_000;

const folder = await mkdtemp(join(tmpdir(), "countersign-list-"));
const config = await writeBenchConfig(folder);
const flags = ["--config", config, "--env-file", resolve(".dev.vars"), "--log-level", "none"];
const server = await startDevServer({ flags });
const { origin } = server;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(1)));
}

async function ask(question: ListQuestion): Promise<{ ms: number; bytes?: number }> {
  const answer = await fetch(`${origin}/list`, { method: "POST", body: JSON.stringify(question) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json() as Promise<{ ms: number; bytes?: number }>;
}

async function listed(query: string): Promise<{ runs: RunEntry[]; links: { next: string | null } }> {
  const answer = await fetch(`${origin}/api/runs?${query}`);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json() as Promise<{ runs: RunEntry[]; links: { next: string | null } }>;
}

/** Milliseconds of an address: the median and the slowest in twenty of 60. */
async function latencyOf(path: string): Promise<string> {
  const times: number[] = [];
  for (let i = 0; i < 65; i += 1) {
    const began = performance.now();
    const answer = await fetch(`${origin}${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    await answer.arrayBuffer();
    if (i >= 5) times.push(performance.now() - began);
  }
  return `${quantile(times, 0.5).toFixed(1)} ms (95 of 100 within ${quantile(times, 0.95).toFixed(1)})`;
}

async function tell(rows: number, ended: RunEntry, waiting: RunEntry): Promise<void> {
  console.log(`${rows.toLocaleString("en")} rows:`);
  for (const lanes of [1, 8, 32]) {
    const runs = 150 + 10 * lanes;
    const before = usageOf(server.group).cpuMs;
    const { ms } = await ask({ what: "report", ended, waiting, lanes, runs });
    const cpu = (usageOf(server.group).cpuMs - before) / (2 * runs);
    const rate = ((2 * runs * 1000) / ms).toFixed(0);
    console.log(
      `  reports from ${lanes} runs at a time: ${rate} a second, processor time ${cpu.toFixed(2)} ms each`,
    );
  }
  const { next } = (await listed("limit=100")).links;
  console.log(`  the desk: ${await latencyOf("/")}`);
  console.log(
    `  GET /api/runs: ${await latencyOf("/api/runs?limit=100")}, the next page ${await latencyOf(`${next ?? "/api/runs"}`)}`,
  );
}

try {
  await signed(origin, null);
  const waits = await fetch(`${origin}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  await waits.json();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const { runs } = await listed("limit=100");
  const ended = runs.find(({ outcome }) => outcome !== null);
  const waiting = runs.find(({ expiresAt }) => expiresAt !== null);
  if (!ended || !waiting) throw new Error("expected a run that has ended and one that waits on the list");
  await tell(2, ended, waiting);
  let bytes = 0;
  for (let from = 0; from < wanted; from += BATCH) {
    bytes =
      (await ask({ what: "fill", ended, waiting, from, rows: Math.min(BATCH, wanted - from) })).bytes ?? 0;
  }
  console.log(`filled: ${(bytes / wanted).toFixed(0)} bytes a row, ${(bytes / 1e9).toFixed(2)} GB`);
  await tell(wanted, ended, waiting);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
