// Measures blocks of runs against a server: each block is one side's, so that what the server uses meanwhile is that side's.
import type { DevServer } from "../../server/dev-server.ts";
import { usageOf } from "./server-process.ts";
import type { Side } from "./sides.ts";

/** What one block of runs took. */
export interface Block {
  /** Of each run from start to end as its client saw it, in milliseconds. */
  readonly latencies: readonly number[];
  readonly runsPerSecond: number;
  /** The server's processor time for one run, in milliseconds. */
  readonly cpuMs: number;
  /** The server's resident memory at the end, in MB. */
  readonly memoryMb: number;
  /** That of the Worker's process alone. */
  readonly workerMb: number;
  /** The run that ended last. */
  readonly last: string;
}

/** How long a block is given to finish what it does behind its last answer, in milliseconds. */
const SETTLE_MS = 300;

/** Carries so many runs of one side to their ends, so many at a time; unless `tidy` is false, between two collections of garbage. */
export async function runBlock(
  server: DevServer,
  side: Side,
  {
    runs,
    clients,
    calls = null,
    tidy = true,
  }: { runs: number; clients: number; calls?: number | null; tidy?: boolean },
): Promise<Block> {
  if (tidy) await collectGarbage(server);
  const before = usageOf(server.group);
  const began = performance.now();
  const latencies: number[] = [];
  let left = runs;
  let last = "";
  const client = async () => {
    for (; left > 0; ) {
      left -= 1;
      const start = performance.now();
      last = await side(server.origin, calls);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  if (tidy) await collectGarbage(server);
  const seconds = (performance.now() - began) / 1000;
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const after = usageOf(server.group);
  const cpuMs = (after.cpuMs - before.cpuMs) / runs;
  const { memoryMb, workerMb } = after;
  return { latencies, runsPerSecond: runs / seconds, cpuMs, memoryMb, workerMb, last };
}

/** Ends every loaded Worker that nothing refers to any more, among other things. */
async function collectGarbage({ origin }: DevServer): Promise<void> {
  const answer = await fetch(`${origin}/collect-garbage`);
  if (!answer.ok) throw new Error(`the garbage was not collected: ${answer.status}`);
}

/** Blocks of both sides in turn, so that both meet the same machine: the one that goes first changes each time. */
export async function interleave<Side extends string>(
  pairs: number,
  sides: Readonly<Record<Side, () => Promise<Block>>>,
): Promise<Record<Side, Block[]>> {
  const names = Object.keys(sides) as Side[];
  const blocks = Object.fromEntries(names.map((name) => [name, [] as Block[]])) as Record<Side, Block[]>;
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const name of pair % 2 === 0 ? names : names.toReversed()) blocks[name].push(await sides[name]());
  }
  return blocks;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
