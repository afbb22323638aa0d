// The gate's answer from storage alone: the rows are read and verified afresh at each asking, and nothing that this instance
// remembers is used. Rows that do not verify close the gate.
import { closedGate, type Gate, gateOf } from "../chain/index.ts";
import { whyNotOpened } from "./cannot-open.ts";
import { whyAbsent } from "./retention.ts";
import type { RunResult } from "./run-api.ts";
import { CorruptChainError, RunChain, UnlistedIssuerError } from "./run-chain.ts";
import type { RunStore } from "./run-store.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** What a runtime that is about to resume a run may do now. */
export async function readGate(
  run: string,
  store: RunStore,
  keys: SigningKeys,
  now: () => number,
): Promise<RunResult<Gate>> {
  try {
    const { state } = await RunChain.load(run, store, keys, now);
    return { ok: true, value: gateOf(run, state, (decision) => store.fence(decision) !== null) };
  } catch (error) {
    if (error instanceof CorruptChainError) return { ok: true, value: closedGate(run) };
    if (error instanceof UnlistedIssuerError) return { ok: false, refusal: whyNotOpened(run, error) };
    // Deleted while it was being verified.
    if (!store.request()) return whyAbsent(store);
    throw error;
  }
}
