// What an envelope claims, read leniently for display and for editing. Never a ground for believing anything: the verifier
// reads the same envelope for itself, strictly.

import { type Digest, decodeEnvelope, fromBase64, KINDS, type Kind, SIGNER_OF } from "../receipt/index.ts";
import { isObject, type JsonObject } from "./json-tree.ts";

/** The claims of one envelope; null where it makes none that can be read. */
export interface Claims {
  readonly kind: Kind | null;
  readonly role: (typeof SIGNER_OF)[Kind] | null;
  readonly issuedAt: string | null;
  readonly keyid: string | null;
  readonly digest: Digest | null;
}

/** Reads what an envelope says of itself. */
export function claimsOf(envelope: unknown): Claims {
  const decoded = decodeEnvelope(envelope);
  const statement = statementOf(envelope);
  const kind = kindOf(statement);
  const predicate = isObject(statement?.predicate) ? statement.predicate : {};
  return {
    kind,
    role: kind && SIGNER_OF[kind],
    issuedAt: typeof predicate.issuedAt === "string" ? predicate.issuedAt.slice(0, 40) : null,
    keyid: decoded.ok ? decoded.value.keyid : null,
    digest: decoded.ok ? decoded.value.digest : null,
  };
}

/** The statement inside an envelope, as whatever JSON object it is; null when there is none. */
export function statementOf(envelope: unknown): JsonObject | null {
  if (!isObject(envelope) || typeof envelope.payload !== "string") return null;
  return readObject(fromBase64(envelope.payload));
}

/** Bytes as the JSON object that they are; null where they are none. */
export function readObject(bytes: Uint8Array | null): JsonObject | null {
  if (!bytes) return null;
  try {
    const value: unknown = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
    );
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The kind that a statement claims. */
export function kindOf(statement: JsonObject | null): Kind | null {
  return KINDS.find((kind) => statement?.predicateType === `urn:countersign:receipt:${kind}:v2`) ?? null;
}
