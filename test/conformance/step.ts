// A scenario is a list of steps, one per receipt. A step says what happens, and may be wrong in one chosen place:
// the statement before it is signed, the payload's spelling before it is signed, or the envelope after.
import type { Kind } from "../../src/receipt/index.ts";
import type { KeyName } from "./fixed-keys.ts";
import type { Edit, Json } from "./json-edit.ts";

export interface Step {
  readonly kind: Kind;

  /** alert: the run that this one continues, with the parent's bundle as text. */
  readonly parent?: { readonly run: string; readonly handoff: string; readonly bundle: string };
  /** evidence: how many items. Two when not said. */
  readonly items?: number;
  /** proposal: the file to write and its new content; or another call that changes no file. */
  readonly path?: string;
  readonly content?: string;
  readonly call?: { readonly connector: string; readonly method: string; readonly args: Json };
  /** proposal: the script. The same as before when the execution goes on, else a new one. */
  readonly code?: string;
  readonly decision?: "approve" | "reject" | "request_changes";
  readonly reason?: string;
  readonly status?: "executed" | "failed" | "withheld";
  readonly more?: boolean;
  readonly recovered?: boolean;
  /** outcome: whether the fault is cured. True when not said. */
  readonly cured?: boolean;

  /** Milliseconds since the receipt before. One minute when not said. */
  readonly after?: number;
  /** Whose key signs, when not that of the kind's role. Its id is also the statement's `kid`. */
  readonly signer?: KeyName;
  /** Changes the statement before it is signed. */
  readonly edit?: Edit;
  /** Changes the payload's text before it is signed; bytes for what is no text. */
  readonly payload?: (text: string) => string | Uint8Array;
  /** The payload type that is signed and written. */
  readonly payloadType?: string;
  /** Makes the signature instead of the signer: the bytes to sign, the payload alone, and the signer's seed. */
  readonly forge?: (signed: Uint8Array, payload: Uint8Array, seed: Uint8Array) => Uint8Array;
  /** Changes the envelope after it is signed. */
  readonly envelope?: Edit;
}

/** The scenario with one step amended. */
export function amend(steps: readonly Step[], seq: number, amendment: Partial<Step>): Step[] {
  return steps.map((step, i) => (i === seq ? { ...step, ...amendment } : step));
}

/** The scenario without one step; what follows is linked to what stands before. */
export function without(steps: readonly Step[], seq: number): Step[] {
  return steps.filter((_, i) => i !== seq);
}

/** The scenario with steps put in before `seq`. */
export function inserted(steps: readonly Step[], seq: number, ...more: readonly Step[]): Step[] {
  return [...steps.slice(0, seq), ...more, ...steps.slice(seq)];
}
