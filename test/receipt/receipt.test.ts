// One receipt, signed and read back; what cannot be signed; and the words of the schemas at their limits.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalBytes,
  createSigner,
  decodeEnvelope,
  digestOf,
  fromBase64Url,
  isInstant,
  KINDS,
  type Predicate,
  preAuthEncode,
  publicJwk,
  readReceipt,
  readStatement,
  SIGNER_OF,
  signReceipt,
  subjectDigest,
  verifyWithNoble,
} from "../../src/receipt/index.ts";

const SEED = new Uint8Array(32).fill(7);
const SIGNER = createSigner(SEED);
const DIGEST = digestOf(new Uint8Array());
const HEX = DIGEST.slice(7);
const SUBJECTS = [
  { name: "summary", digest: { sha256: HEX } },
  { name: "repository", digest: { sha256: HEX } },
];

const predicate = (more: Partial<Predicate<"handoff">> = {}): Predicate<"handoff"> => ({
  run: "run-1",
  seq: 7,
  prev: DIGEST,
  kid: SIGNER.kid,
  issuedAt: "2026-11-23T05:30:00.000Z",
  policy: DIGEST,
  outcome: DIGEST,
  ...more,
});

function signed() {
  const receipt = signReceipt("handoff", SUBJECTS, predicate(), SIGNER);
  if (!receipt.ok) throw new Error(receipt.refusal.message);
  return receipt.value;
}

describe("signReceipt", () => {
  it("signs canonical bytes of exactly the statement, and names their digest", () => {
    const receipt = signed();
    const decoded = decodeEnvelope(receipt.envelope);
    if (!decoded.ok) throw new Error(decoded.refusal.message);
    const { payload, signed: bytes, signature } = decoded.value;
    expect(payload).toEqual(canonicalBytes(receipt.statement));
    expect(bytes).toEqual(preAuthEncode(receipt.envelope.payloadType, payload));
    expect(receipt.digest).toBe(digestOf(bytes));
    const key = fromBase64Url(publicJwk(SEED).x);
    expect(key && verifyWithNoble(key, signature, bytes)).toBe(true);
  });

  it("is read back as it was signed", () => {
    const receipt = signed();
    const decoded = decodeEnvelope(receipt.envelope);
    expect(decoded.ok && readReceipt(receipt.envelope, decoded.value)).toEqual({ ok: true, value: receipt });
  });

  it("signs nothing for another key's id", () => {
    const receipt = signReceipt("handoff", SUBJECTS, predicate({ kid: "B".repeat(43) }), SIGNER);
    expect(receipt).toEqual({
      ok: false,
      refusal: {
        code: "ERR_KID_MISMATCH",
        message: `expected kid to be the signer's ${SIGNER.kid}, got ${"B".repeat(43)}`,
      },
    });
  });

  it("hands out nothing that could not be read again, as from a signer whose signatures are short", () => {
    const short = { kid: SIGNER.kid, sign: (bytes: Uint8Array) => SIGNER.sign(bytes).subarray(1) };
    expect(signReceipt("handoff", SUBJECTS, predicate(), short)).toMatchObject({
      ok: false,
      refusal: { code: "ERR_BASE64" },
    });
  });

  it("signs nothing with subjects of another kind", () => {
    const receipt = signReceipt("handoff", SUBJECTS.slice(1), predicate(), SIGNER);
    expect(receipt).toMatchObject({ ok: false, refusal: { code: "ERR_SUBJECTS" } });
  });

  it.each([`${HEX}0`, `0${HEX}`, HEX.slice(1), HEX.toUpperCase()])("signs nothing about %s", (sha256) => {
    const subjects = SUBJECTS.map(({ name }) => ({ name, digest: { sha256 } }));
    const receipt = signReceipt("handoff", subjects, predicate(), SIGNER);
    expect(receipt).toMatchObject({
      refusal: {
        code: "ERR_STATEMENT",
        message: expect.stringMatching(/expected 64 lower-case hex digits$/),
      },
    });
  });

  it("signs nothing that a verifier would refuse", () => {
    const receipt = signReceipt("handoff", SUBJECTS, predicate({ seq: -1 }), SIGNER);
    expect(receipt).toMatchObject({ ok: false, refusal: { code: "ERR_STATEMENT" } });
  });
});

describe("readReceipt", () => {
  it("refuses a statement that names another key than the envelope", () => {
    const { envelope } = signed();
    const decoded = decodeEnvelope({
      ...envelope,
      signatures: [{ ...envelope.signatures[0], keyid: "B".repeat(43) }],
    });
    if (!decoded.ok) throw new Error(decoded.refusal.message);
    expect(readReceipt(envelope, decoded.value)).toMatchObject({ refusal: { code: "ERR_KID_MISMATCH" } });
  });
});

describe("readStatement", () => {
  it("survives nesting without end", () => {
    for (const depth of [66, 10_000, 500_000]) {
      const text = `${"[".repeat(depth)}${"]".repeat(depth)}`;
      expect(readStatement(new TextEncoder().encode(text))).toMatchObject({
        refusal: { code: "ERR_NOT_CANONICAL" },
      });
    }
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readStatement(bytes).ok === false));
    fc.assert(fc.property(fc.json(), (text) => readStatement(new TextEncoder().encode(text)).ok === false));
  });
});

describe("subjectDigest", () => {
  it("finds a subject by its name", () => {
    expect(subjectDigest({ subject: SUBJECTS }, "repository")).toBe(HEX);
    expect(subjectDigest({ subject: SUBJECTS }, "report")).toBeUndefined();
  });
});

describe("isInstant", () => {
  it("takes what Date writes, for any instant of the years 0000 to 9999", () => {
    const range = { min: -62_167_219_200_000, max: 253_402_300_799_999 };
    fc.assert(fc.property(fc.integer(range), (time) => isInstant(new Date(time).toISOString())));
    expect(isInstant(new Date(range.min).toISOString())).toBe(true);
    expect(isInstant(new Date(range.max).toISOString())).toBe(true);
  });

  it.each([
    "",
    "2026-11-23",
    "2026-11-23T05:30:00Z",
    "2026-11-23T05:30:00.000",
    "2026-11-23T05:30:00.000z",
    "2026-11-23T05:30:00.0000Z",
    "2026-11-23T05:30:00.000+00:00",
    "2026-02-29T05:30:00.000Z",
    "1900-02-29T05:30:00.000Z",
    "2026-04-31T05:30:00.000Z",
    "2026-00-10T05:30:00.000Z",
    "2026-11-00T05:30:00.000Z",
    "2026-11-23T24:00:00.000Z",
    "2026-11-23T05:60:00.000Z",
    "2016-12-31T23:59:60.000Z",
    "+002026-11-23T05:30:00.000Z",
    "+010000-01-01T00:00:00.000Z",
    "-000001-12-31T23:59:59.999Z",
    "2026-11-23T05:30:00.000Z\n",
    " 2026-11-23T05:30:00.000Z",
    "２０２６-11-23T05:30:00.000Z",
  ])("refuses %j", (text) => {
    expect(isInstant(text)).toBe(false);
  });

  it("takes 29 February of a leap year", () => {
    expect(isInstant("2028-02-29T23:59:59.999Z")).toBe(true);
    expect(isInstant("2000-02-29T00:00:00.000Z")).toBe(true);
  });
});

describe("the kinds", () => {
  it("are eight, each signed by one of three roles", () => {
    expect(Object.keys(SIGNER_OF)).toEqual([...KINDS]);
    expect(Object.values(SIGNER_OF).join(" ")).toBe("agent agent agent runtime human runtime runtime agent");
  });
});
