// What `countersign/receipt` offers: one receipt, made and read. Pure; runs in workerd, Node and browsers.
export { fromBase64, fromBase64Url, toBase64, toBase64Url } from "./base64.ts";
export { canonicalBytes, canonicalize, NotCanonicalError } from "./canonical.ts";
export { type Digest, digestOf, sha256Hex } from "./digest.ts";
export {
  type DecodedEnvelope,
  decodeEnvelope,
  type Envelope,
  PAYLOAD_TYPE,
  preAuthEncode,
  receiptDigest,
} from "./dsse.ts";
export {
  type Actor,
  type Author,
  type Content,
  type Effect,
  type ExecutionPoint,
  isInstant,
  type Tally,
} from "./fields.ts";
export { type PublicJwk, publicJwk, readSeed, thumbprint, vetPublicKey } from "./keys.ts";
export { DECISIONS, KINDS, type Kind, LIMITS, type Predicate, ROLES, type Role, SIGNER_OF } from "./kinds.ts";
export { readCanonical } from "./read-canonical.ts";
export {
  createSigner,
  type Receipt,
  type ReceiptOf,
  readReceipt,
  type Signer,
  signReceipt,
} from "./receipt.ts";
export { accept, type ReceiptCode, type Refusal, type Result, refuse } from "./refusal.ts";
export { createVerifier, type Verifier, verifyWithNoble } from "./signature.ts";
export {
  isDigest,
  readStatement,
  type Statement,
  type StatementOf,
  type Subject,
  subjectDigest,
  subjectOf,
} from "./statement.ts";
