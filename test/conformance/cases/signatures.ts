// The signature itself: altered, borrowed, over other bytes, or of the kinds that lax Ed25519 verifiers take.
import { createSigner, PAYLOAD_TYPE, preAuthEncode } from "../../../src/receipt/index.ts";
import { type ConformanceCase, faults } from "../case.ts";
import { signerOf } from "../fixed-keys.ts";
import {
  NEUTRAL,
  NEUTRAL_NOT_CANONICAL,
  signWithR,
  signWithTorsion,
  withLargerS,
} from "../forged-signatures.ts";
import { change, type Edit, put } from "../json-edit.ts";
import { SEQ } from "../scenarios.ts";
import type { Step } from "../step.ts";

const { evidence, preview, decision, handoff } = SEQ;

/** Flips one bit of base64 text's bytes. */
function flip(byte: number, bit: number) {
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
    {
      forge: sign((_, payload) =>
        preAuthEncode(PAYLOAD_TYPE, new TextEncoder().encode(btoa(String.fromCharCode(...payload)))),
      ),
    },
  ],
  [
    "over another payload type",
    decision,
    { forge: sign((_, payload) => preAuthEncode("application/json", payload)) },
  ],
  ["over another receipt", decision, { forge: sign((signed) => signed.subarray(0, -1)) }],
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
  [
    "R that is the neutral element, on which libraries differ",
    decision,
    { forge: (signed, _, seed) => signWithR(seed, signed, 0n, NEUTRAL) },
  ],
  [
    "R in an encoding that is not canonical",
    decision,
    { forge: (signed, _, seed) => signWithR(seed, signed, 0n, NEUTRAL_NOT_CANONICAL) },
  ],
];

export const signatureCases: readonly ConformanceCase[] = faults(
  "signature",
  table.map(([name, seq, step]) => ({
    name,
    why: "Exactly the signed bytes, under exactly the named key, by the strict rules of RFC 8032 without cofactor.",
    code: "ERR_SIGNATURE",
    seq,
    step,
  })),
);
