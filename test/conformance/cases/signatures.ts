// The signature itself (rule 6): altered, borrowed, over other bytes, or of the kinds that lax Ed25519 verifiers take.
import { faults, type Row } from "../case.ts";
import { PAYLOAD_TYPE } from "../chain-writer.ts";
import { signerOf } from "../fixed-keys.ts";
import {
  NEUTRAL,
  NEUTRAL_NOT_CANONICAL,
  NEUTRAL_SIGNED,
  signWithR,
  signWithTorsion,
  withLargerS,
} from "../forged-signatures.ts";
import { change, type Edit, put } from "../json-edit.ts";
import { createSigner, preAuthEncode, toBase64, utf8 } from "../primitives.ts";
import { SEQ } from "../scenarios.ts";
import type { Step } from "../step.ts";

const { evidence, preview, decision, handoff } = SEQ;

/** Flips one bit of base64 text's bytes. */
function flip(byte: number, bit: number): Edit {
  return change(byte < 0 ? "payload" : "signatures.0.sig", (old) => {
    const bytes = Uint8Array.from(atob(String(old)), (letter) => letter.charCodeAt(0));
    const i = byte < 0 ? bytes.length + byte : byte;
    bytes[i] = (bytes[i] ?? 0) ^ (1 << bit);
    return btoa(String.fromCharCode(...bytes));
  });
}

/** Swaps a word of the payload without signing again. */
const rewrite = (from: string, to: string): Edit =>
  change("payload", (old) => btoa(atob(String(old)).replace(from, to)));

type Forge = NonNullable<Step["forge"]>;
const sign: (of: (signed: Uint8Array, payload: Uint8Array) => Uint8Array) => Forge =
  (of) => (signed, payload, seed) =>
    createSigner(seed).sign(of(signed, payload));
const withR =
  (r: Uint8Array): Forge =>
  (signed, _, seed) =>
    signWithR(seed, signed, 0n, r);

const table: readonly (readonly [name: string, seq: number, step: Partial<Step>])[] = [
  ["the first bit of R flipped", evidence, { envelope: flip(0, 0) }],
  ["the sign bit of R flipped", evidence, { envelope: flip(31, 7) }],
  ["the first bit of S flipped", preview, { envelope: flip(32, 0) }],
  ["the highest bit of S flipped", preview, { envelope: flip(63, 7) }],
  ["a bit of the payload's last byte flipped", handoff, { envelope: flip(-1, 1) }],
  ["the decision turned round after signing", decision, { envelope: rewrite('"approve"', '"reject!"') }],
  [
    "the key id of another trusted key",
    decision,
    { envelope: put("signatures.0.keyid", signerOf("runtime").kid) },
  ],
  ["all zeros", decision, { envelope: put("signatures.0.sig", `${"A".repeat(86)}==`) }],
  [
    "over the payload without the pre-authentication encoding",
    decision,
    { forge: sign((_, payload) => payload) },
  ],
  [
    "over the payload's base64",
    decision,
    { forge: sign((_, payload) => preAuthEncode(PAYLOAD_TYPE, utf8(toBase64(payload)))) },
  ],
  [
    "over another payload type",
    decision,
    { forge: sign((_, payload) => preAuthEncode("application/json", payload)) },
  ],
  ["over a byte less", decision, { forge: sign((signed) => signed.subarray(0, -1)) }],
  [
    "S + L, the same number modulo the order",
    decision,
    { forge: (signed, _, seed) => withLargerS(createSigner(seed).sign(signed)) },
  ],
  [
    "R of small order, which only the cofactored equation takes",
    decision,
    { forge: (signed, _, seed) => signWithTorsion(seed, signed, 0n) },
  ],
  [
    "R of mixed order, which only the cofactored equation takes",
    decision,
    { forge: (signed, _, seed) => signWithTorsion(seed, signed, 12345n) },
  ],
  ["R that is the neutral element, on which libraries differ", decision, { forge: withR(NEUTRAL) }],
  ["R that is the neutral element, with y = p + 1", decision, { forge: withR(NEUTRAL_NOT_CANONICAL) }],
  ["R that is the neutral element, with its sign set", decision, { forge: withR(NEUTRAL_SIGNED) }],
];

export const signatureCases = faults(
  "signature",
  "Exactly the signed bytes, under exactly the named key, by the strict rules of RFC 8032 without cofactor.",
  table.map(([name, seq, step]): Row => [6, name, seq, step]),
);
