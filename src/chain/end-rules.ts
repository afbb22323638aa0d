// The rules of the end (§8.7): the outcome measures what the first preview measured, and the handoff hands on what is there.

import {
  accept,
  type Content,
  isDigest,
  type Predicate,
  type ReceiptOf,
  refuse,
  subjectDigest,
} from "../receipt/index.ts";
import { type Artifacts, hexOf } from "./artifacts.ts";
import { type ChainState, effectsMade, type Next, previewedEffects, roundsBackward } from "./chain-state.ts";
import { checksFault } from "./checks.ts";
import { readManifest } from "./resource-manifest.ts";

/** What became of it, as the runtime measured it. */
export function applyOutcome(state: ChainState, receipt: ReceiptOf<"outcome">): Next {
  const { execution, status, checks } = receipt.statement.predicate;
  const newest = state.round?.execution?.digest ?? null;
  if (execution !== newest) {
    return refuse("ERR_OUTCOME_EXECUTION", `expected the last execution ${newest}, got ${execution}`);
  }
  const wrong =
    checksFault(checks.map(({ name, before, after }) => ({ name, counts: [before, after] }))) ??
    unmeasuredFault(state, checks);
  if (wrong !== null) return refuse("ERR_CHECKS", wrong);
  const wanted = outcomeStatus(state, checks);
  if (status !== wanted) return refuse("ERR_OUTCOME_STATUS", `expected ${wanted}, got ${status}`);
  return accept({ ...state, outcome: receipt });
}

type Checks = Predicate<"outcome">["checks"];

function unmeasuredFault({ measured, acted }: ChainState, checks: Checks): string | null {
  const isAsPreviewed =
    measured === null ||
    (measured.length === checks.length &&
      measured.every(({ name, before }, i) => {
        const got = checks[i];
        return got?.name === name && got.before.total === before.total && got.before.failed === before.failed;
      }));
  if (!isAsPreviewed) return "expected the checks of the first preview, as they were before";
  return !acted && checks.some(({ after }) => after !== null)
    ? "expected nothing after, for nothing was executed"
    : null;
}

/** The one status that the measurements of a chain allow. */
export function outcomeStatus({ acted }: ChainState, checks: Checks): Predicate<"outcome">["status"] {
  if (!acted) return "not_run";
  if (checks.length === 0 || checks.some(({ after }) => after === null)) return "unmeasured";
  return checks.every(({ after }) => after?.failed === 0) ? "resolved" : "unresolved";
}

/** The end of the chain: the outcome it hands on, and the run's own resources as its calls left them. */
export function applyHandoff(state: ChainState, receipt: ReceiptOf<"handoff">, artifacts: Artifacts): Next {
  const outcome = state.outcome?.digest ?? null;
  if (receipt.statement.predicate.outcome !== outcome) {
    const message = `expected the outcome ${outcome}, got ${receipt.statement.predicate.outcome}`;
    return refuse("ERR_HANDOFF_OUTCOME", message);
  }
  const bytes = artifacts(subjectDigest(receipt.statement, "resources") ?? "");
  const manifest = readManifest(bytes ?? new Uint8Array());
  if (!manifest.ok) return manifest;
  for (const [resource, digest] of manifest.value) {
    if (artifacts(hexOf(digest))) continue;
    return refuse("ERR_ARTIFACT_MISSING", `the content of ${resource} (${digest}) is missing or altered`);
  }
  for (const [resource, content] of ownContents(state)) {
    const got = manifest.value.get(resource) ?? null;
    if (content === "unknown" || got === content) continue;
    return refuse("ERR_RESOURCES", `expected ${resource} as it was left (${content}), got ${got}`);
  }
  return accept({ ...state, resources: manifest.value });
}

/** What the run's own calls left at each resource: of each the newest effect. `"unknown"` where nobody can tell. */
export function ownContents(state: ChainState): ReadonlyMap<string, Content> {
  const contents = new Map<string, Content>();
  for (const round of roundsBackward(state)) {
    const made = effectsMade(round);
    if (made === null || !round.call.own) continue;
    for (const { resource, after } of previewedEffects(round)) {
      if (contents.has(resource)) continue;
      contents.set(resource, made === "executed" && (after === null || isDigest(after)) ? after : "unknown");
    }
  }
  return contents;
}
