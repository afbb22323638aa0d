// A bundle of the rows as they stand, for a run that cannot be opened: it is evidence, and a verifier will say what is wrong with it.
import { BUNDLE_MEDIA_TYPE, type Bundle } from "../chain/index.ts";
import type { RunStore } from "../engine/index.ts";
import { type Envelope, toBase64 } from "../receipt/index.ts";

/** Packs every envelope and every artifact whose bytes are sound. */
export function storedBundle(run: string, store: RunStore): Bundle {
  const artifacts = [...store.soundArtifacts()].map(([sha256, bytes]) => [sha256, toBase64(bytes)]);
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    run,
    // Of unknown form: what stands in the rows is handed out as it is.
    receipts: store.envelopeRows().map((row) => parsed(row) as Envelope),
    artifacts: Object.fromEntries(artifacts),
    anchors: store.anchors(),
  };
}

function parsed(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return row;
  }
}
