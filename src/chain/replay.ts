// From stored envelopes to a state: open each receipt, fold it, stop at the first that may not stand there.
// The Durable Object, the verifiers and the gate all come through here.

import type { Refusal } from "../receipt/index.ts";
import type { Artifacts } from "./artifacts.ts";
import type { ChainCode } from "./chain-code.ts";
import { type ChainState, EMPTY } from "./chain-state.ts";
import { apply } from "./fold.ts";
import { openReceipt } from "./open-receipt.ts";
import type { Trust } from "./trust-policy.ts";
import type { VerifiedReceipt } from "./verified-receipt.ts";

/** Envelopes opened at a time: as many as keep WebCrypto's threads busy, and no more, so that memory does not grow with the chain. */
const WINDOW = 256;

/** What became of one envelope. `signature` is about the envelope alone, `place` about its place in the chain. */
export interface ReplayedReceipt {
  readonly seq: number;
  readonly receipt: VerifiedReceipt | null;
  readonly signature: Refusal<ChainCode> | null;
  /** Null when the receipt was folded; a refusal when it was the first that could not be; undefined after that. */
  readonly place: Refusal<ChainCode> | null | undefined;
}

/** The folded state, every envelope's fate in order, and the first refusal if there is one. */
export interface Replay {
  readonly state: ChainState;
  readonly receipts: readonly ReplayedReceipt[];
  readonly refusal: (Refusal<ChainCode> & { readonly seq: number }) | null;
}

/**
 * Replays a chain of envelopes of unknown origin under a trust policy: opens each and folds it, up to the first refusal.
 * Use it to load your own stored chain; a run may go on only where `refusal` is null.
 *
 * @param from the state to go on from: one that this function gave, without refusal, for the very envelopes before these, under the same
 *   trust policy and with the same artifacts. Nothing before it is checked again.
 * @example
 * import { readFileSync } from "node:fs";
 * import { decodeArtifacts, readTrustPolicy, replay } from "countersign/chain";
 *
 * const { receipts, artifacts } = JSON.parse(readFileSync("bundle.json", "utf8")); // or the rows of your database
 * const trust = readTrustPolicy(JSON.parse(readFileSync("trust.json", "utf8")));
 * if (!trust.ok) throw new Error(trust.refusal.message);
 * const { sound } = decodeArtifacts(artifacts);
 * const { state, refusal } = await replay(receipts, trust.value, (sha256) => sound.get(sha256));
 * if (refusal) throw new Error(`receipt ${refusal.seq}: ${refusal.code}: ${refusal.message}`);
 * console.log(`${state.count} receipts, the last a ${state.last}`);
 */
export async function replay(
  envelopes: readonly unknown[],
  trust: Trust,
  artifacts: Artifacts,
  from: ChainState = EMPTY,
): Promise<Replay> {
  let state = from;
  let refusal: Replay["refusal"] = null;
  const receipts: ReplayedReceipt[] = [];
  const open = (start: number) =>
    Promise.all(
      envelopes.slice(start, start + WINDOW).map((envelope) => openReceipt(envelope, trust, artifacts)),
    );
  let opening = open(0);
  for (let start = 0; start < envelopes.length; start += WINDOW) {
    const opened = await opening;
    // WebCrypto checks the next signatures on other threads while this one folds.
    opening = open(start + WINDOW);
    for (const [i, result] of opened.entries()) {
      const seq = from.count + start + i;
      if (!result.ok) {
        receipts.push({ seq, receipt: null, signature: result.refusal, place: undefined });
        refusal ??= { seq, ...result.refusal };
        continue;
      }
      const placed: ReturnType<typeof apply> | undefined =
        refusal === null ? apply(state, result.value, artifacts) : undefined;
      if (placed?.ok) state = placed.value;
      else if (placed) refusal = { seq, ...placed.refusal };
      receipts.push({
        seq,
        receipt: result.value,
        signature: null,
        place: placed?.ok ? null : placed?.refusal,
      });
    }
  }
  return { state, receipts, refusal };
}
