// Opens the chains that the conformance writer makes, receipt by receipt, for tests of the fold and its projections.
import {
  type Artifacts,
  apply,
  type ChainState,
  decodeArtifacts,
  EMPTY,
  openReceipt,
  readBundle,
  readTrustPolicy,
} from "../../src/chain/index.ts";
import type { Receipt } from "../../src/receipt/index.ts";
import { type ChainOptions, writeChain } from "../conformance/chain-writer.ts";
import { TRUST } from "../conformance/fixed-keys.ts";
import type { Step } from "../conformance/step.ts";

/** `states[n]` is the state after `n` receipts. */
export interface OpenChain {
  readonly receipts: readonly Receipt[];
  readonly states: readonly ChainState[];
  readonly artifacts: Artifacts;
}

/** Writes a lawful scenario's chain, opens its receipts and folds them. */
export async function openChain(scenario: readonly Step[], options: ChainOptions = {}): Promise<OpenChain> {
  const bundle = readBundle(writeChain(scenario, options).bundle);
  const trust = readTrustPolicy(TRUST);
  if (!bundle.ok || !trust.ok) throw new Error("expected a usable bundle and a sound trust policy");
  const { sound } = decodeArtifacts(bundle.value.artifacts);
  const artifacts: Artifacts = (sha256) => sound.get(sha256);
  const receipts: Receipt[] = [];
  const states: ChainState[] = [EMPTY];
  for (const envelope of bundle.value.receipts) {
    const opened = await openReceipt(envelope, trust.value);
    if (!opened.ok) throw new Error(opened.refusal.message);
    const next = apply(states.at(-1) ?? EMPTY, opened.value, artifacts);
    if (!next.ok) throw new Error(next.refusal.message);
    receipts.push(opened.value);
    states.push(next.value);
  }
  return { receipts, states, artifacts };
}
