// From an envelope of unknown origin to a receipt whose signature holds under a trusted key of the right role.
import {
  accept,
  type DecodedEnvelope,
  decodeEnvelope,
  type Envelope,
  type Receipt,
  type Result,
  readReceipt,
  refuse,
  SIGNER_OF,
} from "../receipt/index.ts";
import type { ChainCode } from "./chain-code.ts";
import type { Trust, TrustedKey } from "./trust-policy.ts";

/**
 * Opens one envelope: shape, trusted key, signature over the exact bytes, statement, and that this key may sign this kind
 * at this time. Success says nothing of the receipt's place in a chain; that is the fold's.
 */
export async function openReceipt(input: unknown, trust: Trust): Promise<Result<Receipt, ChainCode>> {
  const decoded = decodeEnvelope(input);
  if (!decoded.ok) return decoded;
  const key = trust.keys.get(decoded.value.keyid);
  if (!key) return refuse("ERR_KEY_UNKNOWN", `no trusted key has the id ${decoded.value.keyid}`);
  if (!(await key.verifier.verify(decoded.value.signature, decoded.value.signed))) {
    return refuse("ERR_SIGNATURE", `the signature does not hold under the ${key.role} key ${key.kid}`);
  }
  return readSigned(input, decoded.value, key);
}

function readSigned(input: unknown, decoded: DecodedEnvelope, key: TrustedKey): Result<Receipt, ChainCode> {
  // decodeEnvelope has checked every field of the envelope and that there is no other.
  const receipt = readReceipt(input as Envelope, decoded);
  if (!receipt.ok) return receipt;
  const { kind, statement } = receipt.value;
  if (key.role !== SIGNER_OF[kind]) {
    return refuse(
      "ERR_KEY_ROLE",
      `expected the ${SIGNER_OF[kind]} key to sign ${kind}, got the ${key.role} key ${key.kid}`,
    );
  }
  if (key.revokedAt !== null) {
    return refuse(
      "ERR_KEY_REVOKED",
      `the key ${key.kid} was revoked at ${key.revokedAt}; nothing under it counts`,
    );
  }
  const { issuedAt } = statement.predicate;
  if (
    (key.notBefore !== null && issuedAt < key.notBefore) ||
    (key.notAfter !== null && issuedAt >= key.notAfter)
  ) {
    return refuse(
      "ERR_KEY_WINDOW",
      `the key ${key.kid} signs from ${key.notBefore ?? "always"} until ${key.notAfter ?? "further notice"}, got ${issuedAt}`,
    );
  }
  return accept(receipt.value);
}
