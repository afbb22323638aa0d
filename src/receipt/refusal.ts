// How the pure rings say no: a stable code and a sentence with what was expected and what was found.
// Refusals are returned, never thrown; nothing here knows where input came from.

/** Every way in which one receipt, looked at alone, can be refused. Stable: other programs match on these words. */
export type ReceiptCode =
  | "ERR_ENVELOPE"
  | "ERR_PAYLOAD_TYPE"
  | "ERR_BASE64"
  | "ERR_UTF8"
  | "ERR_JSON"
  | "ERR_NOT_CANONICAL"
  | "ERR_STATEMENT"
  | "ERR_KIND_UNKNOWN"
  | "ERR_SUBJECTS"
  | "ERR_KID_MISMATCH"
  | "ERR_SIGNATURE"
  | "ERR_KEY";

/** A refusal: what failed, as a stable code, and why, as a sentence for a person. */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

/** Either a value or the reason why there is none. */
export type Result<Value, Code extends string = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal<Code> };

/** Wraps a value as a success. */
export function accept<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** Wraps a code and a message as a refusal. */
export function refuse<Code extends string>(
  code: Code,
  message: string,
): { readonly ok: false; readonly refusal: Refusal<Code> } {
  return { ok: false, refusal: { code, message } };
}
