// One receipt, from a statement to a signed envelope and back.
// Signing is synchronous, so that a caller can fold, sign and append in one transaction.
import * as ed from "@noble/ed25519";
import { canonicalBytes } from "./canonical.ts";
import type { Digest } from "./digest.ts";
import { type DecodedEnvelope, type Envelope, encodeEnvelope } from "./dsse.ts";
import { publicJwk, thumbprint } from "./keys.ts";
import type { Kind, Predicate } from "./kinds.ts";
import { accept, type ReceiptCode, type Result, refuse } from "./refusal.ts";
import {
  parseStatement,
  predicateType,
  readStatement,
  STATEMENT_TYPE,
  type Statement,
  type Subject,
} from "./statement.ts";

/** Signs bytes with one key. `sign` returns the 64-byte Ed25519 signature. */
export interface Signer {
  readonly kid: string;
  sign(bytes: Uint8Array): Uint8Array;
}

/** A receipt whose envelope and statement are well formed. Whether its signature holds is the caller's to know. */
export type Receipt = Statement & {
  readonly digest: Digest;
  readonly keyid: string;
  readonly envelope: Envelope;
};

/** A receipt of one kind. */
export type ReceiptOf<K extends Kind> = Extract<Receipt, { kind: K }>;

/**
 * A signer for a 32-byte seed that works everywhere. In a Worker or Node, `node:crypto` signs ten times faster: any
 * {@link Signer} will do.
 * @example
 * import { createPrivateKey, sign } from "node:crypto";
 * import { createSigner, type Signer } from "countersign/receipt";
 *
 * const seed = crypto.getRandomValues(new Uint8Array(32));
 * const slow = createSigner(seed);
 * const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]); // RFC 8410 §7
 * const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
 * const fast: Signer = { kid: slow.kid, sign: (bytes) => new Uint8Array(sign(null, bytes, key)) };
 */
export function createSigner(seed: Uint8Array): Signer {
  return { kid: thumbprint(publicJwk(seed)), sign: (bytes) => ed.sign(bytes, seed) };
}

/**
 * Writes a statement, signs it and puts it in an envelope. Knows one receipt only: whether it may stand in a chain is for
 * `apply` of `countersign/chain` to say, whose `signNext` does both.
 * @returns the receipt, or why its content is not that of a receipt of this kind (nothing is signed then).
 */
export function signReceipt<K extends Kind>(
  kind: K,
  subject: readonly Subject[],
  predicate: Predicate<K>,
  signer: Signer,
): Result<Receipt, ReceiptCode> {
  const value = { _type: STATEMENT_TYPE, subject, predicateType: predicateType(kind), predicate };
  const parsed = parseStatement(value);
  if (!parsed.ok) return parsed;
  if (predicate.kid !== signer.kid) {
    return refuse("ERR_KID_MISMATCH", `expected kid to be the signer's ${signer.kid}, got ${predicate.kid}`);
  }
  const sealed = encodeEnvelope(canonicalBytes(value), signer.kid, (bytes) => signer.sign(bytes));
  if (!sealed.ok) return sealed;
  return accept({ ...parsed.value, ...sealed.value, keyid: signer.kid });
}

/**
 * Reads the statement of an envelope whose signature has been checked.
 * Success guarantees what {@link readStatement} does, and that the statement names the key that signed it. It checks no
 * signature: `openReceipt` of `countersign/chain` does, and then comes here.
 */
export function readReceipt(decoded: DecodedEnvelope): Result<Receipt, ReceiptCode> {
  const statement = readStatement(decoded.payload);
  if (!statement.ok) return statement;
  const { kid } = statement.value.statement.predicate;
  if (kid !== decoded.keyid) {
    return refuse("ERR_KID_MISMATCH", `expected the statement to name its key ${decoded.keyid}, got ${kid}`);
  }
  return accept({
    ...statement.value,
    digest: decoded.digest,
    keyid: decoded.keyid,
    envelope: decoded.envelope,
  });
}
