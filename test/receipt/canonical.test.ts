// RFC 8785 against its own vectors, and everything that is not plain JSON data refused without running any of it.
import { describe, expect, it } from "vitest";
import { MAX_LENGTH } from "../../src/receipt/canonical.ts";
import { canonicalBytes, canonicalize, NotCanonicalError } from "../../src/receipt/index.ts";

/** RFC 8785, appendix B: IEEE 754 bits and the number as it is written. */
const NUMBERS = [
  ["0000000000000000", "0"],
  ["8000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["8000000000000001", "-5e-324"],
  ["7fefffffffffffff", "1.7976931348623157e+308"],
  ["ffefffffffffffff", "-1.7976931348623157e+308"],
  ["4340000000000000", "9007199254740992"],
  ["c340000000000000", "-9007199254740992"],
  ["4430000000000000", "295147905179352830000"],
  ["44b52d02c7e14af5", "9.999999999999997e+22"],
  ["44b52d02c7e14af6", "1e+23"],
  ["44b52d02c7e14af7", "1.0000000000000001e+23"],
  ["444b1ae4d6e2ef4e", "999999999999999700000"],
  ["444b1ae4d6e2ef4f", "999999999999999900000"],
  ["444b1ae4d6e2ef50", "1e+21"],
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555554", "333333333.33333325"],
  ["41b3de4355555555", "333333333.3333333"],
  ["41b3de4355555556", "333333333.3333334"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"],
] as const;

describe("the vectors of RFC 8785", () => {
  it.each(NUMBERS)("writes the number %s as %s", (bits, text) => {
    expect(canonicalize(doubleOf(bits))).toBe(text);
  });

  it.each(["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])("refuses the number %s", (bits) => {
    expect(() => canonicalize(doubleOf(bits))).toThrow(NotCanonicalError);
  });

  it("sorts member names by UTF-16 code units (§3.2.3)", () => {
    const value = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    expect(canonicalize(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
        '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  it("writes the sample object, byte for byte (§3.2.2 to §3.2.4)", () => {
    const sample =
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
    const hex =
      "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d";
    expect(Buffer.from(canonicalBytes(JSON.parse(sample))).toString("hex")).toBe(hex);
  });

  it("escapes what RFC 8785 §3.2.2.2 says, and nothing else", () => {
    expect(canonicalize('\b\t\n\f\r"\\/\u0000\u001f\u007f\u2028é')).toBe(
      '"\\b\\t\\n\\f\\r\\"\\\\/\\u0000\\u001f\u007f\u2028é"',
    );
  });
});

describe("plain JSON data", () => {
  it("takes objects without a prototype, members named __proto__, and empty containers", () => {
    expect(canonicalize(Object.assign(Object.create(null), { b: [], a: {} }))).toBe('{"a":{},"b":[]}');
    expect(canonicalize(JSON.parse('{"__proto__":{"x":1},"toJSON":"text"}'))).toBe(
      '{"__proto__":{"x":1},"toJSON":"text"}',
    );
  });

  it("takes 64 levels of nesting and refuses one more", () => {
    expect(canonicalize(nested(64))).toBe(`${"[".repeat(64)}0${"]".repeat(64)}`);
    expect(() => canonicalize(nested(65))).toThrow(/64 levels/);
  });

  it("takes a long text and refuses one beyond the limit", () => {
    expect(MAX_LENGTH).toBe(8_388_608);
    expect(canonicalize("x".repeat(MAX_LENGTH - 3))).toHaveLength(MAX_LENGTH - 1);
    expect(() => canonicalize("x".repeat(MAX_LENGTH - 2))).toThrow(/at most/);
  });
});

const cycle: { self?: unknown } = {};
cycle.self = cycle;

const withHole = [1, 2, 3];
delete withHole[1];

const NOT_DATA: readonly (readonly [name: string, value: unknown])[] = [
  ["undefined", undefined],
  ["a member that is undefined", { a: undefined }],
  ["an element that is undefined", [undefined]],
  ["a bigint", 1n],
  ["a symbol", Symbol("x")],
  ["a function", () => 1],
  ["NaN", Number.NaN],
  ["infinity", [Number.NEGATIVE_INFINITY]],
  ["a date", new Date(0)],
  ["a map", new Map()],
  ["a set", new Set()],
  ["bytes", new Uint8Array(2)],
  ["a boxed number", Object(1)],
  ["a boxed text", Object("x")],
  ["a promise", Promise.resolve(1)],
  ["an instance of a class", new (class Point {})()],
  ["an object that inherits", Object.create({ a: 1 })],
  ["a toJSON", { toJSON: () => 1 }],
  ["an array with holes", new Array(3)],
  ["an array with a hole", withHole],
  ["an array with a name", Object.assign([1], { extra: 1 })],
  ["an array with a toJSON", Object.assign([1], { toJSON: () => 2 })],
  ["an array with a hole and a name", Object.assign(withHole.slice(), { extra: 1 })],
  ["an instance of an array's subclass", new (class List extends Array {})()],
  ["a lone high surrogate", "\ud800"],
  ["a lone low surrogate", ["x\udc00"]],
  ["a lone surrogate in a name", { "\udfff": 1 }],
  ["a cycle", cycle],
];

describe("what is not plain JSON data", () => {
  it.each(NOT_DATA)("refuses %s", (_, value) => {
    expect(() => canonicalize(value)).toThrow(NotCanonicalError);
  });

  it("refuses accessors, of objects and of arrays, without calling them", () => {
    let calls = 0;
    const accessor = { enumerable: true, get: () => (calls += 1) };
    expect(() => canonicalize(Object.defineProperty({}, "a", accessor))).toThrow(/accessor/);
    expect(() => canonicalize(Object.defineProperty([], 0, accessor))).toThrow(/accessor/);
    expect(calls).toBe(0);
  });

  it("says where the trouble is", () => {
    expect(() => canonicalize({ a: [0, { b: 1n }] })).toThrow(
      /^expected plain JSON data, got bigint at \$\.a\[1\]\.b$/,
    );
    expect(() => canonicalize({ ["x".repeat(9_999)]: 1n })).toThrow(/ at \$\.x{199}$/);
  });

  it.each([
    ["an infinite number", [Number.NEGATIVE_INFINITY], "expected a finite number, got -Infinity at $[0]"],
    ["a lone surrogate", { a: "\ud800" }, "expected well-formed text, got a lone surrogate at $.a"],
    [
      "a hole",
      { a: [withHole] },
      "expected a plain array, got holes, names or an instance of a class at $.a[0]",
    ],
    ["a map", { a: new Map() }, "expected a plain object, got an instance of a class at $.a"],
    ["a cycle", cycle, "expected at most 64 levels of nesting, got more or a cycle at $"],
    ["too much", { a: "x".repeat(MAX_LENGTH) }, `expected at most ${MAX_LENGTH} characters of JSON at $.a`],
    [
      "an accessor",
      { a: Object.defineProperty({}, "b", { enumerable: true, get: () => 1 }) },
      "expected a value, got an accessor at $.a.b",
    ],
  ])("says of %s what it is", (_, value, message) => {
    const said = expect(() => canonicalize(value));
    said.toThrow(expect.objectContaining({ name: "NotCanonicalError", code: "ERR_NOT_CANONICAL", message }));
  });

  it.each([
    ["lists", (leaf: unknown) => [leaf, leaf]],
    ["objects", (leaf: unknown) => ({ a: leaf, b: leaf })],
  ])("refuses a small value of shared %s that would unfold without end", (_, pair) => {
    let bomb: unknown = [];
    for (let i = 0; i < 60; i += 1) bomb = pair(bomb);
    // All of it would take longer than anybody lives.
    expect(() => canonicalize(bomb)).toThrow(/at most/);
  });

  it("refuses a list of four thousand million holes at once", () => {
    const sparse: unknown[] = [];
    sparse.length = 2 ** 32 - 1;
    expect(() => canonicalize(sparse)).toThrow(NotCanonicalError);
  });
});

function doubleOf(bits: string): number {
  return new DataView(Uint8Array.from(Buffer.from(bits, "hex")).buffer).getFloat64(0);
}

function nested(levels: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < levels; i += 1) value = [value];
  return value;
}
