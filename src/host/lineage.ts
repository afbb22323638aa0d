// A run's lineage, both ways: the runs before it, as its chain binds them, and the notes of those after it.
import { type Artifacts, parentLink, readParentBundle } from "../chain/index.ts";
import type { RunContext } from "../engine/index.ts";
import { decodeEnvelope, fromBase64, type ReceiptOf, readStatement } from "../receipt/index.ts";
import type { AncestorView, LineageView } from "./run-records.ts";
import type { SideStore } from "./side-store.ts";

/** Most notes that are shown; anybody who may start a run can leave one. */
const MAX_NOTES = 100;

/** Projects an opened run to its lineage. */
export function lineageView({ chain, store }: RunContext, side: SideStore): LineageView {
  const { alert } = chain.state;
  return {
    run: chain.run,
    ancestors: alert ? claimedAncestors(alert, store.artifacts) : [],
    continuedBy: side.notes("continued", MAX_NOTES).map(({ by, at }) => ({ run: by, notedAt: at })),
  };
}

/**
 * The runs before a run, nearest first, as the bundles that it binds claim them. They were verified when the run was started, and the
 * first receipt's signature covers their bytes; here nothing is verified again.
 */
export function claimedAncestors(
  alert: Pick<ReceiptOf<"alert">, "statement">,
  artifacts: Artifacts,
): AncestorView[] {
  const ancestors: AncestorView[] = [];
  let child: Pick<ReceiptOf<"alert">, "statement"> | null = alert;
  let lookUp = artifacts;
  while (child) {
    const link = parentLink(child);
    const bundle = link && readParentBundle(lookUp(link.sha256) ?? new Uint8Array());
    if (!link || !bundle?.ok) break;
    const first = decodeEnvelope(bundle.value.receipts[0]);
    const statement = first.ok ? readStatement(first.value.payload) : first;
    if (!statement.ok || statement.value.kind !== "alert") break;
    const { issuer } = statement.value.statement.predicate;
    ancestors.push({ run: link.run, issuer, handoff: link.handoff });
    const packed = new Map(Object.entries(bundle.value.artifacts));
    lookUp = (sha256) => fromBase64(packed.get(sha256) ?? "!") ?? undefined;
    child = statement.value;
  }
  return ancestors;
}
