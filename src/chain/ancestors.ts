// The runs before a run, out of the parent's bundle that its first receipt names. They were verified before that receipt was
// signed, and its signature covers their bytes: so nothing is verified again here, and nothing may be read here that was not.
import {
  decodeEnvelope,
  type Envelope,
  fromBase64,
  type Receipt,
  type ReceiptOf,
  readReceipt,
} from "../receipt/index.ts";
import type { Artifacts } from "./artifacts.ts";
import { parentLink, readParentBundle } from "./parent-link.ts";

/** A finished run before this one. */
export interface Ancestor {
  readonly run: string;
  readonly receipts: readonly Receipt[];
  readonly artifacts: Artifacts;
  readonly alert: ReceiptOf<"alert">;
  readonly outcome: ReceiptOf<"outcome">;
  readonly handoff: ReceiptOf<"handoff">;
}

/** The runs before a run, nearest first: its parent, the parent of that, and so on. */
export function ancestorsOf(alert: ReceiptOf<"alert">, artifacts: Artifacts): Ancestor[] {
  const ancestors: Ancestor[] = [];
  for (let link = parentLink(alert); link !== null; ) {
    const ancestor = readAncestor(artifacts(link.sha256));
    if (!ancestor) break;
    ancestors.push(ancestor);
    link = parentLink(ancestor.alert);
    artifacts = ancestor.artifacts;
  }
  return ancestors;
}

function readAncestor(bytes: Uint8Array | undefined): Ancestor | null {
  const bundle = bytes && readParentBundle(bytes);
  if (!bundle?.ok) return null;
  const receipts = bundle.value.receipts.flatMap((envelope) => {
    const decoded = decodeEnvelope(envelope);
    // decodeEnvelope has checked every field of the envelope and that there is no other.
    const receipt = decoded.ok ? readReceipt(envelope as Envelope, decoded.value) : decoded;
    return receipt.ok ? [receipt.value] : [];
  });
  const alert = receipts.find((receipt) => receipt.kind === "alert");
  const outcome = receipts.find((receipt) => receipt.kind === "outcome");
  const handoff = receipts.find((receipt) => receipt.kind === "handoff");
  if (!alert || !outcome || !handoff) return null;
  // Not hashed again: the bytes they came in have been, and hashing all of them at each look would cost more than the look.
  const packed = new Map(Object.entries(bundle.value.artifacts));
  const artifacts: Artifacts = (sha256) => fromBase64(packed.get(sha256) ?? "!") ?? undefined;
  return { run: bundle.value.run, receipts, artifacts, alert, outcome, handoff };
}
