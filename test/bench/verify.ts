// `npm run bench:verify`: what verifying a chain costs beyond the bare signature checks of the same receipts.
// Both are measured interleaved in one process, so that a noisy machine disturbs both alike; only the ratio counts.
import { readTrustPolicy, verify } from "../../src/chain/index.ts";
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

async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(samples: number[]): number {
  return samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

async function compare(
  count: number,
  tries: number,
): Promise<{ whole: number; bare: number; vetting: number }> {
  const chain = chainOf(count);
  const bare = bareChecks(chain);
  const whole = async () => {
    const { verdict, checks } = await verify(chain.bundle, TRUST);
    if (verdict !== "valid") throw new Error(JSON.stringify(checks.find(({ ok }) => !ok)));
  };
  const samples = { whole: [] as number[], bare: [] as number[], vetting: [] as number[] };
  for (let i = 0; i < tries + 3; i += 1) {
    const times = {
      whole: await timed(whole),
      bare: await timed(bare),
      vetting: await timed(() => readTrustPolicy(TRUST)),
    };
    if (i < 3) continue; // warm-up
    for (const name of ["whole", "bare", "vetting"] as const) samples[name].push(times[name]);
  }
  return { whole: median(samples.whole), bare: median(samples.bare), vetting: median(samples.vetting) };
}

const ms = (time: number) => `${time.toFixed(2)} ms`;
for (const [count, tries] of [
  [200, 30],
  [1000, 10],
  [10_000, 3],
] as const) {
  const before = process.memoryUsage().heapUsed;
  const { whole, bare, vetting } = await compare(count, tries);
  const ratio = (whole - vetting) / bare;
  const memory = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
  console.log(
    `${String(count).padStart(6)} receipts: verify ${ms(whole)} (of it key vetting ${ms(vetting)}), bare signatures ${ms(bare)}, ` +
      `ratio ${ratio.toFixed(2)}, ${((whole - vetting) / count).toFixed(4)} ms a receipt, heap +${memory.toFixed(0)} MB`,
  );
}
