// Canonical bytes are read, and every other spelling of a value is refused, whichever way that is found out.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalBytes, canonicalize, readCanonical } from "../../src/receipt/index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const codeOf = (text: string) => {
  const read = readCanonical(bytes(text));
  return read.ok ? null : read.refusal.code;
};

describe("readCanonical", () => {
  it("gives back every value that has a canonical form", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readCanonical(canonicalBytes(value))).toEqual({
          ok: true,
          value: JSON.parse(JSON.stringify(value)),
        });
      }),
    );
  });

  it("takes no text but the one that canonicalize writes", () => {
    const name = fc.constantFrom("", "a", "b", "10", "9", "__proto__", "é", "😀", "\ufb33");
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(0, -0, 1e21, 0.1, "", "\u2028", "\\ud800", null, true),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(name, tie("value"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (any) => {
        // JSON.stringify leaves the names as they come: sometimes canonical, often not.
        const text = JSON.stringify(any);
        expect(codeOf(text)).toBe(canonicalize(JSON.parse(text)) === text ? null : "ERR_NOT_CANONICAL");
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["names that are numbers, in the order of text", '{"10":1,"9":2}'],
    ["a text that looks like an escaped surrogate", '"\\\\ud800"'],
    ["64 levels of nesting", `${"[".repeat(64)}0${"]".repeat(64)}`],
    ["a name that is no text to JavaScript's engines", '{"__proto__":{"a":1}}'],
  ])("takes %s", (_, text) => {
    expect(codeOf(text)).toBeNull();
  });

  it.each([
    ["names that are numbers, in the order of numbers", '{"9":2,"10":1}'],
    ["names out of order, deep inside", '[{"a":{"c":1,"b":2}}]'],
    ["a name twice", '{"a":1,"a":1}'],
    ["a lone surrogate", '"\\ud800"'],
    ["a lone surrogate in a name", '{"\\udfff":1}'],
    ["a number beyond all doubles", "1e400"],
    ["minus zero", "-0"],
    ["white space", "[1, 2]"],
    ["an escape that is not needed", '"\\u0041"'],
    ["an escape in capitals", '"\\u001F"'],
    ["65 levels of nesting", `${"[".repeat(65)}0${"]".repeat(65)}`],
    ["nesting without end", `${"[".repeat(500_000)}${"]".repeat(500_000)}`],
  ])("refuses %s", (_, text) => {
    expect(codeOf(text)).toBe("ERR_NOT_CANONICAL");
  });

  it.each([
    ["ERR_JSON", "nothing", ""],
    ["ERR_JSON", "a byte order mark", "\ufeff1"],
    ["ERR_JSON", "nesting that ends nowhere", "[".repeat(500_000)],
  ])("refuses with %s %s", (code, _, text) => {
    expect(codeOf(text)).toBe(code);
  });

  it("refuses with ERR_UTF8 what is no UTF-8", () => {
    expect(readCanonical(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ refusal: { code: "ERR_UTF8" } });
  });
});
