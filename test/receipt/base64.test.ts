// Base64 with one spelling for one byte string, in either alphabet.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from "../../src/receipt/index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("RFC 4648 §10", () => {
  it.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ])("writes and reads %j", (text, encoded) => {
    expect(toBase64(bytes(text))).toBe(encoded);
    expect(fromBase64(encoded)).toEqual(bytes(text));
    expect(fromBase64Url(encoded.replaceAll("=", ""))).toEqual(bytes(text));
  });
});

describe("any bytes", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (value) => {
        expect(fromBase64(toBase64(value))).toEqual(value);
        expect(fromBase64Url(toBase64Url(value))).toEqual(value);
      }),
    );
  });

  it("come back when they are many", () => {
    const many = Uint8Array.from({ length: 100_001 }, (_, i) => i * 7);
    expect(fromBase64(toBase64(many))).toEqual(many);
  });
});

describe("fromBase64", () => {
  it.each([
    ["no padding", "Zg"],
    ["half the padding", "Zg="],
    ["too much padding", "Zm8=="],
    ["a group of padding", "Zm9v===="],
    ["padding inside", "Zg==Zg=="],
    ["a newline", "Zm9v\n"],
    ["four spaces", "Zm9v    "],
    ["spaces inside", "Zm 9v Zg"],
    ["the URL alphabet", "_-_-"],
    ["a letter outside the alphabet", "Zm9*"],
    ["a letter outside Latin-1", "Zm9€"],
    ["trailing bits of one byte", "Zh=="],
    ["trailing bits of two bytes", "Zm9="],
    ["one letter over", "Zm9vY"],
  ])("refuses %s", (_, text) => {
    expect(fromBase64(text)).toBeNull();
  });
});

describe("fromBase64Url", () => {
  it.each([
    ["padding", "Zg=="],
    ["the standard alphabet", "+/+/"],
    ["a newline", "Zm9v\n"],
    ["trailing bits", "Zh"],
    ["a single letter", "Z"],
    ["a letter outside Latin-1", "Zm9€"],
  ])("refuses %s", (_, text) => {
    expect(fromBase64Url(text)).toBeNull();
  });
});

describe("altered base64", () => {
  it("never reads as the same bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.string({ maxLength: 60 }),
        (value, other) => {
          if (other === toBase64(value)) return;
          expect(fromBase64(other)).not.toEqual(value);
        },
      ),
    );
  });
});
