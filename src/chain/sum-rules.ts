// The rules of the end: an outcome and a handoff may only sum up what the chain before them says.
import {
  accept,
  type Digest,
  type ReceiptOf,
  type Result,
  refuse,
  subjectDigest,
  type Tally,
} from "../receipt/index.ts";
import { type Artifacts, hexOf } from "./artifacts.ts";
import type { ChainCode } from "./chain-code.ts";
import type { ChainState } from "./chain-state.ts";
import { readManifest } from "./repository-manifest.ts";

type Next = Result<ChainState, ChainCode>;

/** The runtime's measurement: `resolved` exactly when nothing fails any more, `not_run` exactly when nothing was written. */
export function applyOutcome(state: ChainState, receipt: ReceiptOf<"outcome">): Next {
  const { round, written } = state;
  const { execution, status, before, after } = receipt.statement.predicate;
  if (execution !== (round?.execution?.digest ?? null)) {
    return refuse(
      "ERR_OUTCOME_EXECUTION",
      `expected the last execution ${round?.execution?.digest ?? null}, got ${execution}`,
    );
  }
  if (!isPossible(before) || (after && !isPossible(after))) {
    return refuse("ERR_TALLY", "expected a tally whose parts are not more than its whole");
  }
  if ((after !== null) !== written) {
    return refuse(
      "ERR_TALLY",
      written ? "expected a tally after the write" : "expected no tally after, for nothing was written",
    );
  }
  const wanted =
    after === null ? "not_run" : after.failed === 0 && after.goodFailed === 0 ? "resolved" : "unresolved";
  if (status !== wanted) return refuse("ERR_OUTCOME_STATUS", `expected ${wanted}, got ${status}`);
  return accept({ ...state, outcome: receipt });
}

/** The end of the chain: the outcome it hands on, and a repository that holds what was written. */
export function applyHandoff(state: ChainState, receipt: ReceiptOf<"handoff">, artifacts: Artifacts): Next {
  const outcome = state.outcome?.digest ?? null;
  if (receipt.statement.predicate.outcome !== outcome) {
    return refuse(
      "ERR_HANDOFF_OUTCOME",
      `expected the outcome ${outcome}, got ${receipt.statement.predicate.outcome}`,
    );
  }
  const bytes = artifacts(subjectDigest(receipt.statement, "repository") ?? "");
  if (!bytes) return refuse("ERR_ARTIFACT_MISSING", "the repository manifest is missing");
  const manifest = readManifest(bytes);
  if (!manifest.ok) return manifest;
  for (const [path, digest] of manifest.value) {
    if (!artifacts(hexOf(digest)))
      return refuse("ERR_ARTIFACT_MISSING", `the file ${path} (${digest}) is missing or altered`);
  }
  for (const [path, digest] of lastWrites(state)) {
    const got = manifest.value.get(path) ?? null;
    if (got !== digest)
      return refuse("ERR_REPOSITORY", `expected ${path} as written (${digest}), got ${got}`);
  }
  return accept(state);
}

/** What the executed writes left behind, by path: of each path the newest. */
function lastWrites({ ended }: ChainState): ReadonlyMap<string, Digest> {
  const writes = new Map<string, Digest>();
  for (let round = ended; round !== null; round = round.before) {
    for (const { path, after } of round.changes.toReversed()) if (!writes.has(path)) writes.set(path, after);
  }
  return writes;
}

function isPossible({ requests, failed, good, goodFailed }: Tally): boolean {
  return failed <= requests && good <= requests && goodFailed <= good;
}
