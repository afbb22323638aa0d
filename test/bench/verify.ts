// `node test/bench/verify.ts`: what verifying a chain costs beyond the bare signature checks of the same receipts.
// Both are measured interleaved in one process; only the ratio counts. Processor time is the cost that other work on the
// machine disturbs least: WebCrypto checks signatures on several cores at once, so the clock depends on how many are free.
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readBundle } from "../../src/chain/bundle.ts";
import { readTrustPolicy, verify } from "../../src/chain/index.ts";
import { inspect } from "../../src/chain/verify.ts";
import {
  createVerifier,
  type DecodedEnvelope,
  decodeEnvelope,
  fromBase64Url,
} from "../../src/receipt/index.ts";
import { type Chain, writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import type { Step } from "../conformance/step.ts";

const ROUND: readonly Step[] = [
  { kind: "proposal" },
  { kind: "preview" },
  { kind: "decision" },
  { kind: "execution", more: true },
];

/** A lawful chain of so many receipts: one script with many gated calls, each approved. */
function chainOf(count: number): Chain {
  const rounds = Array.from({ length: (count - 4) / 4 }, () => ROUND).flat();
  return writeChain([
    { kind: "alert" },
    { kind: "evidence" },
    ...rounds,
    { kind: "outcome" },
    { kind: "handoff" },
  ]);
}

/** WebCrypto's own verification of every receipt, over bytes that are already at hand and keys already imported. */
function bareChecks({ bundle }: Chain): () => Promise<void> {
  const keys = new Map<string, ReturnType<typeof createVerifier>>();
  const trust = readTrustPolicy(TRUST);
  if (!trust.ok) throw new Error(trust.refusal.message);
  for (const entry of (TRUST as { keys: { kid: string; x: string }[] }).keys) {
    keys.set(entry.kid, createVerifier(fromBase64Url(entry.x) ?? new Uint8Array()));
  }
  const decoded: DecodedEnvelope[] = (bundle as { receipts: unknown[] }).receipts.map((envelope) => {
    const result = decodeEnvelope(envelope);
    if (!result.ok) throw new Error(result.refusal.message);
    return result.value;
  });
  return async () => {
    const held = await Promise.all(
      decoded.map(({ keyid, signature, signed }) => keys.get(keyid)?.verify(signature, signed)),
    );
    if (!held.every(Boolean)) throw new Error("expected every signature to hold");
  };
}

/** Milliseconds of one go: on the clock, and of processor time on all cores together. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

async function costOf(work: () => Promise<unknown> | unknown): Promise<Cost> {
  const start = performance.now();
  const used = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(used);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

function median(costs: readonly Cost[]): Cost {
  const middle = (of: keyof Cost) =>
    costs.map((cost) => cost[of]).sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? Number.NaN;
  return { wall: middle("wall"), cpu: middle("cpu") };
}

async function compare(count: number, tries: number) {
  const chain = chainOf(count);
  const bare = bareChecks(chain);
  const whole = async () => {
    const { report } = await verify(chain.bundle, TRUST);
    if (report.verdict !== "valid") throw new Error(JSON.stringify(report.checks.find(({ ok }) => !ok)));
  };
  const costs = { whole: [] as Cost[], bare: [] as Cost[], vetting: [] as Cost[] };
  const warmUp = Math.ceil(20_000 / count); // until the engine has compiled what it runs
  for (let i = 0; i < tries + warmUp; i += 1) {
    const cost = {
      whole: await costOf(whole),
      bare: await costOf(bare),
      vetting: await costOf(() => readTrustPolicy(TRUST)),
    };
    if (i < warmUp) continue;
    for (const name of ["whole", "bare", "vetting"] as const) costs[name].push(cost[name]);
  }
  return { whole: median(costs.whole), bare: median(costs.bare), vetting: median(costs.vetting) };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes of heap a receipt that verification holds at its end, when it holds the most: every receipt read, and every check. */
async function heldBytes(count: number): Promise<number> {
  const bundle = readBundle(chainOf(count).bundle);
  const trust = readTrustPolicy(TRUST);
  if (!bundle.ok || !trust.ok) throw new Error("expected a bundle and a trust policy");
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const held = await inspect(bundle.value, trust.value);
  collectGarbage();
  const bytes = process.memoryUsage().heapUsed - before;
  return bytes / held.replayed.receipts.length;
}

/** `node test/bench/verify.ts 200` measures this length only. */
const wanted = process.argv.slice(2).map(Number);

// The last is there for the slope: at a length where nothing fits a cache any more, four times as many take four times as long.
for (const [count, tries] of [
  [200, 100],
  [10_000, 5],
  [40_000, 3],
] as const) {
  if (wanted.length > 0 && !wanted.includes(count)) continue;
  const { whole, bare, vetting } = await compare(count, tries);
  const ratio = (of: keyof Cost) => ((whole[of] - vetting[of]) / bare[of]).toFixed(2);
  const each = ((whole.cpu - vetting.cpu) / count) * 1000;
  console.log(
    `${String(count).padStart(6)} receipts: ratio ${ratio("cpu")} of processor time (${ratio("wall")} on the clock of a machine with ` +
      `${availableParallelism()} cores); verify ${(whole.cpu - vetting.cpu).toFixed(1)} ms, key vetting apart (${vetting.cpu.toFixed(1)} ms), ` +
      `bare signatures ${bare.cpu.toFixed(1)} ms; a receipt: ${each.toFixed(0)} µs, ${(await heldBytes(count)).toFixed(0)} bytes held`,
  );
}
