// `node test/bench/bench.ts`: what signing costs. Side by side against one server, interleaved: (a) a run of this product over
// HTTP, create and approve, all of it: eight receipts signed, chained and stored, chain verified before the write, fence, alarms,
// list of runs, and the answers; (b) a run that does the same work with none of that (bare-run.ts): 2 scripts, 3 passes over them,
// 4 probes of 32 requests, one write. Clients are in this process, the server in others. Believe the ratios, which both sides share
// the machine for, and only as far as their spread is small. `node test/bench/bench.ts latency clients` measures these parts
// only; with `--short` first, a few runs of each, which says whether it works and nothing more.
//
// Kept out, for it is wrangler's and no run's: its record of every call, and the printing of the log (server.ts). Each block
// ends with a collection of garbage that counts as its own: a loaded Worker lives until then, and ending it costs as much as
// two of a run's commits, so that without this each side would pay for some of the other's. Endurance has one side only, and
// measures the memory that the server takes when it is left alone.
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type DevServer, startDevServer } from "../server/dev-server.ts";
import { writeBenchConfig } from "./bench-config.ts";
import { type Block, interleave, median, quantile, runBlock } from "./measure.ts";
import { bare, signed } from "./sides.ts";

const isShort = process.argv[2] === "--short";

const PARTS = { latency, clients, chains, endurance };

/** Both sides in turn, with so many blocks of each. */
function compare(server: DevServer, pairs: number, load: { runs: number; clients: number; calls?: number }) {
  return interleave(isShort ? 1 : pairs, {
    a: () => runBlock(server, signed, load),
    b: () => runBlock(server, bare, load),
  });
}

type Compared = Awaited<ReturnType<typeof compare>>;

/** Both sides' medians; and of the pairs' ratios the median, for the machine's speed drifts, and between which quartiles they lie. */
function ratio(name: string, unit: string, { a, b }: Compared, of: (block: Block) => number): string {
  const [left, right] = [a.map(of), b.map(of)];
  const pairs = left.map((value, i) => value / (right[i] ?? Number.NaN));
  const show = (value: number) => value.toFixed(value < 10 ? 2 : 1);
  const [ratio, from, to] = [0.5, 0.25, 0.75].map((share) => quantile(pairs, share).toFixed(2));
  return `  ${name}: ratio ${ratio} (quartiles ${from} to ${to}); a ${show(median(left))} ${unit}, b ${show(median(right))} ${unit}`;
}

const latencyOf = ({ latencies }: Block) => median(latencies);

async function latency(server: DevServer): Promise<void> {
  const compared = await compare(server, 24, { runs: 4, clients: 1 });
  console.log("One client:");
  console.log(ratio("median latency of a run", "ms", compared, latencyOf));
  console.log(ratio("processor time of the server", "ms a run", compared, ({ cpuMs }) => cpuMs));
  const stored = {
    a: await storedBytes(server, "a", compared.a),
    b: await storedBytes(server, "b", compared.b),
  };
  console.log(`  stored by a run, without Code Mode's log: a ${stored.a} bytes, b ${stored.b} bytes`);
}

async function clients(server: DevServer): Promise<void> {
  for (const count of isShort ? [1, 4] : [1, 8, 32]) {
    const runs = Math.max(8, 2 * count);
    const pairs = count === 32 ? 5 : 9;
    const compared = await compare(server, pairs, { runs, clients: count });
    console.log(`${count} client${count === 1 ? "" : "s"}, ${runs} runs a block:`);
    console.log(ratio("throughput", "runs/s", compared, ({ runsPerSecond }) => runsPerSecond));
    console.log(ratio("median latency of a run", "ms", compared, latencyOf));
    console.log(ratio("processor time of the server", "ms a run", compared, ({ cpuMs }) => cpuMs));
  }
}

async function chains(server: DevServer): Promise<void> {
  console.log(
    "One run of many gated calls, four receipts each; both sides replay the script at each approval:",
  );
  for (const receipts of isShort ? [8, 40] : [8, 40, 100, 200]) {
    const compared = await compare(server, 3, { runs: 1, clients: 1, calls: (receipts - 4) / 4 });
    const each = (blocks: readonly Block[], of: (block: Block) => number) =>
      median(blocks.map(of)) / receipts;
    const [a, b] = [each(compared.a, latencyOf), each(compared.b, latencyOf)];
    const [cpuA, cpuB] = [each(compared.a, ({ cpuMs }) => cpuMs), each(compared.b, ({ cpuMs }) => cpuMs)];
    const bytes = (await storedBytes(server, "a", compared.a)) / receipts;
    console.log(
      `  ${String(receipts).padStart(3)} receipts: a ${a.toFixed(1)} ms a receipt, b ${b.toFixed(1)} ms for the same calls, ` +
        `so signing ${(a - b).toFixed(1)} ms; processor time ${cpuA.toFixed(1)} and ${cpuB.toFixed(1)} ms; ${bytes.toFixed(0)} bytes a receipt`,
    );
  }
}

async function endurance(server: DevServer): Promise<void> {
  console.log("(a) with 32 clients, one hundred runs after the other:");
  for (let done = 100; done <= (isShort ? 100 : 1000); done += 100) {
    const block = await runBlock(server, signed, { runs: 100, clients: 32, tidy: false });
    console.log(
      `  ${String(done).padStart(4)} runs: ${block.runsPerSecond.toFixed(1)} runs/s, median latency ${latencyOf(block).toFixed(0)} ms, ` +
        `processor time ${block.cpuMs.toFixed(0)} ms a run, memory ${block.memoryMb.toFixed(0)} MB (the Worker's process ${block.workerMb.toFixed(0)}), ` +
        `stored by its last run ${await storedBytes(server, "a", [block])} bytes; no error`,
    );
  }
}

/** Bytes in the database of the last run of these blocks. Code Mode's log, the same on both sides, is in another. */
async function storedBytes(server: DevServer, side: "a" | "b", blocks: readonly Block[]): Promise<number> {
  const run = blocks.at(-1)?.last ?? "";
  const answer = await fetch(`${server.origin}/${side === "a" ? `stored/${run}` : `bare/${run}/stored`}`);
  return (await answer.json()) as number;
}

const wanted = process.argv.slice(isShort ? 3 : 2);
const parts = Object.entries(PARTS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
if (parts.length < wanted.length) {
  console.error(`expected some of ${Object.keys(PARTS).join(", ")}, got ${wanted.join(", ")}`);
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), "countersign-bench-"));
const flags = [
  "--config",
  await writeBenchConfig(folder),
  "--env-file",
  resolve(".dev.vars"),
  "--log-level",
  "none",
];
// So that each block can clear up after itself.
process.env.MINIFLARE_WORKERD_V8_FLAGS = "--expose-gc";
const server = await startDevServer({ flags });
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(1)));
}
try {
  // Until the engine has compiled what it runs, and its own memory has found its size.
  await compare(server, 3, isShort ? { runs: 2, clients: 1 } : { runs: 32, clients: 8 });
  for (const [, part] of parts) await part(server);
  console.log(`${availableParallelism()} cores, load average ${loadavg()[0]?.toFixed(1)}`);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
