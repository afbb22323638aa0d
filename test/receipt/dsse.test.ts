// The envelope and its pre-authentication encoding, by the vector of DSSE v1 and at its limits.
import { describe, expect, it } from "vitest";
import { encodeEnvelope, MAX_PAYLOAD } from "../../src/receipt/dsse.ts";
import { decodeEnvelope, digestOf, PAYLOAD_TYPE, preAuthEncode, toBase64 } from "../../src/receipt/index.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const KID = "A".repeat(43);
const SIG = toBase64(new Uint8Array(64));

const envelope = (payload: string, more: object = {}) => ({
  payloadType: PAYLOAD_TYPE,
  payload,
  signatures: [{ keyid: KID, sig: SIG }],
  ...more,
});

describe("preAuthEncode", () => {
  it("writes the vector of DSSE v1", () => {
    expect(text(preAuthEncode("http://example.com/HelloWorld", utf8("hello world")))).toBe(
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
  });

  it("counts bytes, not characters, of type and payload", () => {
    expect(text(preAuthEncode("é", utf8("€")))).toBe("DSSEv1 2 é 3 €");
    expect(text(preAuthEncode("", new Uint8Array()))).toBe("DSSEv1 0  0 ");
  });

  it("keeps payload bytes that are no text", () => {
    expect([...preAuthEncode("t", Uint8Array.of(0, 255)).subarray(-2)]).toEqual([0, 255]);
  });
});

describe("decodeEnvelope", () => {
  it("gives the payload, what is signed, its digest, and who says to have signed", () => {
    const decoded = decodeEnvelope(envelope(toBase64(utf8("{}"))));
    if (!decoded.ok) throw new Error(decoded.refusal.message);
    const signed = utf8("DSSEv1 28 application/vnd.in-toto+json 2 {}");
    expect(decoded.value).toEqual({
      payload: utf8("{}"),
      signed,
      digest: digestOf(signed),
      keyid: KID,
      signature: new Uint8Array(64),
    });
  });

  it("takes a payload of the greatest size and refuses a longer one", () => {
    expect(MAX_PAYLOAD).toBe(1_398_104);
    const longest = "A".repeat(MAX_PAYLOAD);
    expect(decodeEnvelope(envelope(longest)).ok).toBe(true);
    expect(decodeEnvelope(envelope(`${longest}AAAA`))).toEqual({
      ok: false,
      refusal: {
        code: "ERR_ENVELOPE",
        message: "expected a DSSE envelope with one signature: payload: expected at most 1398104 characters",
      },
    });
  });

  it("says what it expected and what it got, at bounded length", () => {
    const decoded = decodeEnvelope(envelope("", { payloadType: "x".repeat(100_000) }));
    expect(decoded).toMatchObject({ refusal: { code: "ERR_PAYLOAD_TYPE" } });
    expect(decoded.ok ? "" : decoded.refusal.message.length).toBeLessThan(300);
  });

  it("refuses a hundred thousand signatures without reading them all", () => {
    const many = new Array(100_000).fill({ keyid: KID, sig: SIG });
    expect(decodeEnvelope(envelope("", { signatures: many }))).toMatchObject({
      refusal: { code: "ERR_ENVELOPE" },
    });
  });
});

describe("encodeEnvelope", () => {
  it("gives what decodeEnvelope takes, under the same digest", () => {
    const sealed = encodeEnvelope(utf8("{}"), KID, () => new Uint8Array(64));
    if (!sealed.ok) throw new Error(sealed.refusal.message);
    const decoded = decodeEnvelope(sealed.value.envelope);
    expect(decoded.ok && decoded.value.digest).toBe(sealed.value.digest);
    expect(decoded.ok && text(decoded.value.payload)).toBe("{}");
  });

  it("signs the longest payload that decodeEnvelope takes, and none that is longer", () => {
    const signed: number[] = [];
    const sign = (bytes: Uint8Array) => {
      signed.push(bytes.length);
      return new Uint8Array(64);
    };
    const longest = new Uint8Array((MAX_PAYLOAD / 4) * 3);
    const sealed = encodeEnvelope(longest, KID, sign);
    expect(sealed.ok && decodeEnvelope(sealed.value.envelope).ok).toBe(true);
    expect(signed).toHaveLength(1);
    expect(encodeEnvelope(new Uint8Array(longest.length + 1), KID, sign)).toMatchObject({
      ok: false,
      refusal: { code: "ERR_ENVELOPE" },
    });
    expect(signed).toHaveLength(1);
  });
});
