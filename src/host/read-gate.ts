// The gate's answer from storage alone: the rows are read and verified afresh at each asking, and nothing that an instance remembers is
// used. Rows that do not verify close the gate.
import { approvalAtHead } from "../chain/index.ts";
import { CorruptChainError, isAnchored, RunChain, type RunStore } from "../engine/index.ts";
import type { RunEnv } from "./env.ts";
import { storedIssuer } from "./open-run.ts";
import { whyAbsent } from "./retention.ts";
import type { RunResult } from "./run-api.ts";
import { closedGate, type Gate, gateOf } from "./run-view.ts";
import type { SideStore } from "./side-store.ts";
import { loadSigningKeys } from "./signing-keys.ts";
import { underName } from "./under-name.ts";

/** What a runtime that is about to act on a run may do now. */
export async function readGate(
  env: RunEnv,
  store: RunStore,
  side: SideStore,
  now: () => number,
): Promise<RunResult<Gate>> {
  const keys = loadSigningKeys(env);
  if (!keys.ok) return keys;
  const run = store.run();
  if (run === null) return whyAbsent(store, side);
  const named = underName(keys.value, storedIssuer(store) ?? keys.value.present);
  if (!keys.value.issuers.has(named.trust.issuer)) return { ok: true, value: closedGate(run) };
  try {
    const chain = await RunChain.load(run, store, named, now);
    const approval = approvalAtHead(chain.state);
    const asksLog = chain.state.policy?.logged === "decisions";
    const allows = approval !== null && (!asksLog || (await isAnchored({ chain, store }, approval)));
    return { ok: true, value: gateOf(run, chain.state, allows && store.fence(approval.digest) === null) };
  } catch (error) {
    if (error instanceof CorruptChainError) return { ok: true, value: closedGate(run) };
    // Deleted while it was being verified.
    if (store.run() === null) return whyAbsent(store, side);
    throw error;
  }
}
