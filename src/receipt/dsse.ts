// DSSE v1 (secure-systems-lab/dsse): the envelope around a statement, the bytes that are signed, and the envelope's digest.
// Decoding here checks shape and spelling only; it trusts nothing and verifies no signature.
import * as z from "zod";
import { fromBase64, toBase64 } from "./base64.ts";
import { type Digest, digestOf } from "./digest.ts";
import { describeIssue, KID, kidField } from "./fields.ts";
import { accept, type ReceiptCode, type Result, refuse } from "./refusal.ts";

/** The payload type of every receipt. */
export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** Longest payload accepted, in base64 characters: 1 MiB of bytes, rounded up to whole groups. */
export const MAX_PAYLOAD = Math.ceil((1024 * 1024) / 3) * 4;

/** A DSSE v1 envelope with exactly one signature. `payload` and `sig` are standard, padded base64. */
export interface Envelope {
  readonly payloadType: typeof PAYLOAD_TYPE;
  readonly payload: string;
  readonly signatures: readonly [{ readonly keyid: string; readonly sig: string }];
}

const encoder = new TextEncoder();

/** An envelope taken apart. `signed` is the PAE, over which `signature` (64 bytes) is made; `digest` is the receipt's. */
export interface DecodedEnvelope {
  readonly envelope: Envelope;
  readonly payload: Uint8Array;
  readonly signed: Uint8Array;
  readonly digest: Digest;
  readonly keyid: string;
  readonly signature: Uint8Array;
}

/** Text of at most so many UTF-16 code units; zod's own `max` counts code points. */
const boundedField = (max: number) =>
  z.string().refine((text) => text.length <= max, `expected at most ${max} characters`);

const envelopeSchema = z.strictObject({
  payloadType: z.string(),
  payload: boundedField(MAX_PAYLOAD),
  signatures: z.tuple([z.strictObject({ keyid: kidField, sig: boundedField(88) })]),
});

/**
 * DSSE's pre-authentication encoding: `"DSSEv1" SP len(type) SP type SP len(payload) SP payload`, lengths in bytes.
 * Source: DSSE v1 protocol, "Signature Definition".
 */
export function preAuthEncode(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = payloadType === PAYLOAD_TYPE ? PAYLOAD_TYPE.length : encoder.encode(payloadType).length;
  const head = encoder.encode(`DSSEv1 ${type} ${payloadType} ${payload.length} `);
  const encoded = new Uint8Array(head.length + payload.length);
  encoded.set(head);
  encoded.set(payload, head.length);
  return encoded;
}

/**
 * The digest of a receipt: SHA-256 of the canonical JSON of its whole envelope (§2). It commits to the signature.
 * @param envelope one whose shape {@link decodeEnvelope} has checked.
 */
export function receiptDigest({ payloadType, payload, signatures: [{ keyid, sig }] }: Envelope): Digest {
  // None of these texts holds anything that JSON escapes, so this is what canonicalize writes, at a tenth of its price.
  const signatures = `[{"keyid":"${keyid}","sig":"${sig}"}]`;
  return digestOf(`{"payload":"${payload}","payloadType":"${payloadType}","signatures":${signatures}}`);
}

/**
 * Decodes an envelope of unknown origin: shape, payload type, exactly one signature, strict base64.
 * Success says nothing of the signature but that it is 64 bytes.
 */
export function decodeEnvelope(input: unknown): Result<DecodedEnvelope, ReceiptCode> {
  // The schema says what is wrong; of what is right it would say nothing, at the price of two hashes.
  const parsed = isEnvelope(input)
    ? ({ success: true, data: input } as const)
    : envelopeSchema.safeParse(input);
  if (!parsed.success)
    return refuse(
      "ERR_ENVELOPE",
      `expected a DSSE envelope with one signature: ${describeIssue(parsed.error)}`,
    );
  const { payloadType, payload: text, signatures } = parsed.data;
  if (payloadType !== PAYLOAD_TYPE) {
    return refuse(
      "ERR_PAYLOAD_TYPE",
      `expected the payload type ${PAYLOAD_TYPE}, got ${payloadType.slice(0, 100)}`,
    );
  }
  const [first] = signatures;
  const payload = fromBase64(text);
  if (!payload) return refuse("ERR_BASE64", "expected the payload in standard, padded base64");
  const signature = fromBase64(first.sig);
  if (signature?.length !== 64) {
    return refuse("ERR_BASE64", "expected the signature as 64 bytes in standard, padded base64");
  }
  // Every field was checked above, and that there is no other.
  const envelope = input as Envelope;
  const signed = preAuthEncode(payloadType, payload);
  return accept({
    envelope,
    payload,
    signed,
    digest: receiptDigest(envelope),
    keyid: first.keyid,
    signature,
  });
}

type EnvelopeShape = z.infer<typeof envelopeSchema>;

/** True only for what the schema takes; false says nothing yet. */
function isEnvelope(input: unknown): input is EnvelopeShape {
  if (!isRecord(input) || Object.keys(input).length !== 3 || !Array.isArray(input.signatures)) return false;
  const [first, ...others]: readonly unknown[] = input.signatures;
  if (!isRecord(first) || others.length > 0 || Object.keys(first).length !== 2) return false;
  const { payloadType, payload } = input;
  const { keyid, sig } = first;
  if (typeof payloadType !== "string" || typeof payload !== "string" || payload.length > MAX_PAYLOAD)
    return false;
  return typeof keyid === "string" && KID.test(keyid) && typeof sig === "string" && sig.length <= 88;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Signs payload bytes and puts them into an envelope; or says why {@link decodeEnvelope} would refuse it. */
export function encodeEnvelope(
  payload: Uint8Array,
  keyid: string,
  sign: (bytes: Uint8Array) => Uint8Array,
): Result<{ readonly envelope: Envelope; readonly digest: Digest }, ReceiptCode> {
  const text = toBase64(payload);
  if (text.length > MAX_PAYLOAD) {
    return refuse(
      "ERR_ENVELOPE",
      `expected a payload of at most ${MAX_PAYLOAD} characters, got ${text.length}`,
    );
  }
  const signed = preAuthEncode(PAYLOAD_TYPE, payload);
  const signature = sign(signed);
  if (signature.length !== 64) {
    return refuse("ERR_BASE64", `expected the signature as 64 bytes, got ${signature.length}`);
  }
  const signatures: Envelope["signatures"] = [{ keyid, sig: toBase64(signature) }];
  const envelope: Envelope = { payloadType: PAYLOAD_TYPE, payload: text, signatures };
  return accept({ envelope, digest: receiptDigest(envelope) });
}
