// The bundle of a chain that does not verify: every row as it stands, for a verifier to say what is wrong with it.
import { type Bundle, createBundle } from "../chain/index.ts";
import { decodeEnvelope, type Envelope, readReceipt } from "../receipt/index.ts";
import type { RunStore } from "./run-store.ts";

/** Packs what is stored. It proves nothing by itself, and its envelopes may be of any form. */
export function storedBundle(run: string, store: RunStore): Bundle {
  const rows = store.envelopes() as Envelope[];
  const readable = rows.flatMap((row) => {
    const decoded = decodeEnvelope(row);
    const receipt = decoded.ok ? readReceipt(row, decoded.value) : decoded;
    return receipt.ok ? [receipt.value] : [];
  });
  return { ...createBundle(run, readable, store.artifacts), receipts: rows };
}
