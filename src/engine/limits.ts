// How much one run may hold. A run that reaches a limit ends by its own rules, with the reason in its outcome: past these sizes
// its storage or its bundle could no longer be read or sent, and it would be stuck.
import type { RunContext } from "./run-context.ts";

const MIB = 1024 * 1024;

/** Sizes are in bytes. A row of Durable Object storage holds 2 MB, and one answer of a run, its bundle, 32 MiB. */
export const RUN_LIMITS = {
  /** Receipts in one chain. Few enough for the handoff to tell of each in one row. */
  receipts: 220,
  artifact: MIB,
  evidence: 4 * MIB,
  artifacts: 8 * MIB,
  /** Investigations in a row, before something must be proposed. */
  evidenceInARow: 10,
  /** Tries of one step. */
  tries: 5,
} as const;

/** What a round adds to the chain until the run has ended, with one decision: proposal, preview, decision, execution, outcome, handoff. */
const RECEIPTS_TO_THE_END = 6;
/** Kept free for what ends a run: contents and result of the call, the outcome's report, the handoff. */
const BYTES_TO_THE_END = 3 * MIB;

/** Why so many more receipts and these artifacts do not fit into the run, or null when they do. */
export function whyNoRoom(run: RunContext, added: readonly Uint8Array[]): string | null {
  const asked = run.chain.state.policy?.approvals.reduce((sum, { count }) => sum + count, 0) ?? 1;
  if (run.chain.state.count + RECEIPTS_TO_THE_END + asked > RUN_LIMITS.receipts) {
    return `The run has reached its limit of ${RUN_LIMITS.receipts} receipts. Start a new run to go on.`;
  }
  const largest = Math.max(0, ...added.map(({ length }) => length));
  if (largest > RUN_LIMITS.artifact) {
    return `An artifact of ${largest} bytes is too large; one may have at most ${RUN_LIMITS.artifact}.`;
  }
  const wanted = added.reduce((sum, { length }) => sum + length, run.store.artifactBytes());
  if (wanted + BYTES_TO_THE_END > RUN_LIMITS.artifacts) {
    return `The run has reached its limit of ${RUN_LIMITS.artifacts} bytes of artifacts. Start a new run to go on.`;
  }
  return null;
}

/** Takes items in order while they fit into the evidence, and says how many do not. */
export function fitEvidence<Item extends { readonly bytes: Uint8Array }>(
  items: readonly Item[],
  max: number,
): { readonly kept: readonly Item[]; readonly left: number } {
  let free = RUN_LIMITS.evidence;
  const kept = items.filter(({ bytes }, i) => {
    if (i >= max || bytes.length > RUN_LIMITS.artifact || bytes.length > free) return false;
    free -= bytes.length;
    return true;
  });
  return { kept, left: items.length - kept.length };
}

/** The script that is run and signed: well-formed text. In place of one that is too long to keep stands one that says so. */
export function keepableCode(code: string): string {
  const whole = code.toWellFormed();
  const { length } = new TextEncoder().encode(whole);
  if (length <= RUN_LIMITS.artifact) return whole;
  return `async () => { throw new Error("expected a script of at most ${RUN_LIMITS.artifact} bytes, got ${length}"); }`;
}
