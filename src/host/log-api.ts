// What runs and the edge ask of the deployment's log. Plain data: it crosses Durable Object RPC.
import type { LogLeaf } from "../log/index.ts";

/** An entry's proof under the quorum (tlog-proof text), or whom it still waits for: witnesses by name. */
export type Anchored =
  | { readonly proof: string }
  | { readonly proof: null; readonly waitsFor: readonly string[] };

export interface LogApi {
  /** Enters a leaf, once however often it is asked, and waits a little for its proof. */
  anchor(leaf: LogLeaf, waitMs: number): Promise<Anchored>;
  /** The newest checkpoint that a quorum saw, as signed and cosigned; before there is one, the newest that was signed. */
  checkpoint(): Promise<string>;
  /** The bytes at a path of c2sp.org/tlog-tiles; null where nothing is. */
  tile(path: string): Promise<Uint8Array | null>;
}
