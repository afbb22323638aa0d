// Who makes the reviewer's own signature for a decision, in whatever form.
import type { Json } from "./json-edit.ts";

export interface Asserter {
  /** What the decision says of the assertion. */
  readonly type: "webauthn" | "ssh";
  /** The assertion over an intent; `earlier` are those of the decisions before, in order. */
  readonly make: (intent: Uint8Array, earlier: readonly Json[]) => Json;
}
