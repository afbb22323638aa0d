// A scenario is a list of steps, one per receipt. A step says what happens, and may be wrong in one chosen place:
// the statement before it is signed, the payload's spelling before it is signed, or the envelope after.
import type { Asserter } from "./asserter.ts";
import type { KeyName } from "./fixed-keys.ts";
import type { Edit, Json } from "./json-edit.ts";

export const KINDS = [
  "alert",
  "evidence",
  "proposal",
  "preview",
  "decision",
  "execution",
  "outcome",
  "handoff",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Call {
  readonly connector: string;
  readonly method: string;
  readonly args: Json;
}

export interface Step {
  readonly kind: Kind;

  /** alert: the run that this one continues, with the parent's bundle as text. */
  readonly parent?: { readonly run: string; readonly handoff: string; readonly bundle: string };
  /** alert: who started the run. */
  readonly startedBy?: string;

  readonly planner?: string;
  /** evidence: the calls that gave its items, two when not said. */
  readonly items?: readonly { readonly connector: string; readonly method: string }[];
  readonly transcript?: string;

  /** proposal: the file to write and its new content; or another call. The reviewer's, after an edit. */
  readonly path?: string;
  readonly content?: string;
  readonly call?: Call;
  /** proposal: the bytes of the action, where they are not those of the call. */
  readonly action?: string | Uint8Array;
  /** proposal: the script. The same as before when the execution goes on, else a new one. */
  readonly code?: string;
  /** proposal: the execution that it undoes. */
  readonly reverts?: string;

  /** preview: what stands before, where a template says "read"; by resource. */
  readonly reads?: Readonly<Record<string, string | null>>;
  readonly plan?: string;
  readonly checks?: readonly Json[];

  readonly decision?: "approve" | "reject" | "request_changes";
  readonly reason?: string;
  readonly reviewer?: string;
  readonly role?: string;
  /** decision: the call that the reviewer wants instead. */
  readonly instead?: Call;
  /** decision: the bytes of that action, where they are not those of the call. */
  readonly insteadBytes?: string | Uint8Array;
  /** decision: who signs it besides the human key. */
  readonly assert?: Asserter;
  /** decision: changes the intent before it is signed, or its spelling. */
  readonly intent?: Edit;
  readonly intentText?: (text: string) => string | Uint8Array;
  /** decision: the spelling of the assertion. */
  readonly assertionText?: (text: string) => string | Uint8Array;

  readonly status?: "executed" | "failed" | "withheld" | "unknown";
  readonly more?: boolean;
  readonly recovered?: boolean;

  /** outcome: how the checks went. All well when not said. */
  readonly after?: "cured" | "uncured" | "unmeasured";

  /** Milliseconds since the receipt before. One minute when not said. */
  readonly wait?: number;
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
