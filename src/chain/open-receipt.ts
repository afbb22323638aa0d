// From an envelope of unknown origin to a receipt whose signature holds under a trusted key of the right role (§8.1).

import {
  accept,
  decodeEnvelope,
  type Receipt,
  type ReceiptOf,
  type Refusal,
  type Result,
  readReceipt,
  refuse,
  SIGNER_OF,
  subjectDigest,
} from "../receipt/index.ts";
import type { Artifacts } from "./artifacts.ts";
import { type CheckedAssertion, checkAssertion } from "./assertion.ts";
import type { ChainCode } from "./chain-code.ts";
import { isWithin, type Trust, type TrustedKey } from "./trust-policy.ts";
import { markVerified, type VerifiedReceipt } from "./verified-receipt.ts";

/**
 * Opens one envelope: shape, trusted key, signature over the exact bytes, statement, and that this key may sign this kind
 * at this time for this issuer. Finds what else needs the trust policy: a reviewer's roles, and their own signature.
 * Success says nothing of the receipt's place in a chain; that is the fold's.
 * @param artifacts looks up artifact bytes whose hash has been checked.
 */
export async function openReceipt(
  input: unknown,
  trust: Trust,
  artifacts: Artifacts,
): Promise<Result<VerifiedReceipt, ChainCode>> {
  const decoded = decodeEnvelope(input);
  if (!decoded.ok) return decoded;
  const key = trust.keys.get(decoded.value.keyid);
  if (!key) return refuse("ERR_KEY_UNKNOWN", `no trusted key has the id ${decoded.value.keyid}`);
  if (!(await key.verifier.verify(decoded.value.signature, decoded.value.signed))) {
    return refuse("ERR_SIGNATURE", `the signature does not hold under the ${key.role} key ${key.kid}`);
  }
  const receipt = readReceipt(decoded.value);
  if (!receipt.ok) return receipt;
  const refusal = keyFault(receipt.value, key) ?? issuerFault(receipt.value, trust);
  if (refusal) return refusal;
  const checked =
    receipt.value.kind === "decision" ? await checkDecision(receipt.value, trust, artifacts) : null;
  return accept(markVerified(receipt.value, trust, checked));
}

/** Checks the reviewer's own signature on a decision, if it has one whose bytes are at hand. The fold refuses one that is missing. */
async function checkDecision(
  { statement }: ReceiptOf<"decision">,
  trust: Trust,
  artifacts: Artifacts,
): Promise<CheckedAssertion | null> {
  if (statement.predicate.assertion === null) return null;
  const assertion = artifacts(subjectDigest(statement, "assertion") ?? "");
  const intent = artifacts(subjectDigest(statement, "intent") ?? "");
  return assertion && intent ? checkAssertion(assertion, intent, trust) : null;
}

type Fault = { readonly ok: false; readonly refusal: Refusal<ChainCode> } | null;

function keyFault({ kind, statement }: Receipt, key: TrustedKey): Fault {
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
  if (isWithin(key, issuedAt)) return null;
  return refuse(
    "ERR_KEY_WINDOW",
    `the key ${key.kid} signs from ${key.notBefore ?? "always"} until ${key.notAfter ?? "further notice"}, got ${issuedAt}`,
  );
}

function issuerFault(receipt: Receipt, { issuer }: Trust): Fault {
  if (receipt.kind !== "alert" || receipt.statement.predicate.issuer === issuer) return null;
  return refuse(
    "ERR_ISSUER",
    `expected a chain of ${issuer}, got one of ${receipt.statement.predicate.issuer}`,
  );
}
