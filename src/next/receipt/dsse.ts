// DSSE v1 (secure-systems-lab/dsse): the envelope around a statement, the bytes that are signed, and the envelope's digest.
// Decoding here checks shape and spelling only; it trusts nothing and verifies no signature.
import { canonicalBytes } from "../../receipt/canonical.ts";
import { type Digest, digestOf } from "../../receipt/digest.ts";
import {
  type DecodedEnvelope,
  decodeEnvelope as decodeShape,
  type Envelope,
  encodeEnvelope as encodeShape,
} from "../../receipt/dsse.ts";
import { accept, type ReceiptCode, type Result } from "../../receipt/refusal.ts";

export {
  type DecodedEnvelope,
  type Envelope,
  MAX_PAYLOAD,
  PAYLOAD_TYPE,
  preAuthEncode,
} from "../../receipt/dsse.ts";

/**
 * The digest of a receipt: SHA-256 of the canonical JSON of its whole envelope (§2). It commits to the signature.
 * @param envelope one whose shape {@link decodeEnvelope} has checked.
 */
export function receiptDigest(envelope: Envelope): Digest {
  return digestOf(canonicalBytes(envelope));
}

/**
 * Decodes an envelope of unknown origin: shape, payload type, exactly one signature, strict base64.
 * Success says nothing of the signature but that it is 64 bytes.
 */
export function decodeEnvelope(
  input: unknown,
): Result<DecodedEnvelope & { readonly envelope: Envelope }, ReceiptCode> {
  const decoded = decodeShape(input);
  if (!decoded.ok) return decoded;
  // decodeShape has checked every field of the envelope and that there is no other.
  const envelope = input as Envelope;
  return accept({ ...decoded.value, digest: receiptDigest(envelope), envelope });
}

/** Signs payload bytes and puts them into an envelope; or says why {@link decodeEnvelope} would refuse it. */
export function encodeEnvelope(
  payload: Uint8Array,
  keyid: string,
  sign: (bytes: Uint8Array) => Uint8Array,
): Result<{ readonly envelope: Envelope; readonly digest: Digest }, ReceiptCode> {
  const sealed = encodeShape(payload, keyid, sign);
  if (!sealed.ok) return sealed;
  return accept({ envelope: sealed.value.envelope, digest: receiptDigest(sealed.value.envelope) });
}
