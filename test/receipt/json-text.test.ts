// What a parsed JSON text no longer says. The oracle for numbers is exact arithmetic on integers, which shares nothing with the scanner.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMisread } from "../../src/receipt/json-text.ts";

/** A decimal literal as a fraction of integers, so that equality is exact. */
function fraction(literal: string): { over: bigint; under: bigint } {
  const [, mantissa = "", exponent = "0"] = /^([^eE]+)(?:[eE](.+))?$/.exec(literal) ?? [];
  const [whole = "", decimals = ""] = mantissa.split(".");
  const power = Number(exponent) - decimals.length;
  const digits = BigInt(whole.replace("-", "") + decimals) * (mantissa.startsWith("-") ? -1n : 1n);
  return power >= 0
    ? { over: digits * 10n ** BigInt(power), under: 1n }
    : { over: digits, under: 10n ** BigInt(-power) };
}

function isSameValue(a: string, b: string): boolean {
  const [x, y] = [fraction(a), fraction(b)];
  return x.over * y.under === y.over * x.under;
}

const digits = (max: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: max });

/** Any JSON number literal: some short, some with more digits than a double has, some out of range. */
const literal = fc
  .tuple(
    fc.constantFrom("", "-"),
    digits(24).map((text) => text.replace(/^0+(?=\d)/, "")),
    fc.option(digits(24), { nil: null }),
    fc.option(fc.tuple(fc.constantFrom("e", "E", "e+", "e-", "E-"), digits(3)), { nil: null }),
  )
  .map(
    ([sign, whole, decimals, exponent]) =>
      `${sign}${whole}${decimals === null ? "" : `.${decimals}`}${exponent ? exponent.join("") : ""}`,
  );

describe("a number in JSON text", () => {
  it.each([
    "1.0",
    "1e3",
    "1E+3",
    "-0",
    "-0.0e999999999999999999999",
    "0e400",
    "100000000000000000000000",
    "1e21",
    "1e22",
    "9007199254740992",
    "9007199254740994",
    "0.1",
    "0.10",
    "5e-324",
    "1.7976931348623157e308",
    `1.${"0".repeat(200_000)}`,
    `0.${"0".repeat(300)}1`,
  ])("%.40s is read as it stands", (text) => {
    expect(findMisread(`{"n":${text}}`)).toBeNull();
  });

  it.each([
    "9007199254740993",
    "-9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "0.1234567890123456789",
    "3.141592653589793238",
    "0.1000000000000000055511151231257827",
    "1e400",
    "-1e400",
    "1e-400",
    "1e99999999999999999999",
    "1e-99999999999999999999",
    "4.9e-324",
    "9".repeat(200_000),
  ])("%.40s is not", (text) => {
    expect(findMisread(`{"n":${text}}`)).toMatchObject({ kind: "number", pointer: "/n" });
    expect(findMisread(text)?.message.length).toBeLessThan(300);
  });

  it("is found exactly where its value is not that of its canonical spelling", () => {
    fc.assert(
      fc.property(literal, (text) => {
        const read = Number(text);
        const isKept = Number.isFinite(read) && isSameValue(text, JSON.stringify(read));
        expect(findMisread(`[${text}]`) === null).toBe(isKept);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("a repeated name in JSON text", () => {
  it.each([
    ['{"a":1,"a":1}', "/a"],
    ['{"a":1,"\\u0061":2}', "/a"],
    ['{"a":{"b":[{"c":1},{"c":1,"d":{},"c":2}]}}', "/a/b/1/c"],
    ['[[],{},"a",{"":1,"":2}]', "/3/"],
    ['{"__proto__":1,"__proto__":2}', "/__proto__"],
    ['{"a/b~c":1,"a/b~c":2}', "/a~1b~0c"],
    ['{"a":"\\\\","a":"\\""}', "/a"],
    ['{ "a" : [ 1 , 2 ] ,\n"b" : 1 , "a" : 3 }', "/a"],
  ])("%s", (text, pointer) => {
    expect(findMisread(text)).toMatchObject({ kind: "name", pointer });
  });

  it("is none where another object has the name, or text only looks like one", () => {
    const text =
      '{"a":{"a":1},"b":[{"a":1},{"a":1}],"c":"{\\"a\\":1,\\"a\\":2,9007199254740993","d":"a","e":"a"}';
    expect(findMisread(text)).toBeNull();
  });

  it("is found wherever one is put in, and nowhere else", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        fc.nat(),
        fc.integer({ min: 0, max: 2 }),
        (value, nth, indent) => {
          const text = JSON.stringify(value, null, indent);
          expect(findMisread(text)).toBeNull();
          const objects = objectsOf(JSON.parse(text), []);
          const chosen = objects[nth % Math.max(1, objects.length)];
          if (!chosen) return;
          const mark = "\u0001here";
          const twice = spell(JSON.parse(text), chosen, mark);
          expect(findMisread(twice)).toMatchObject({ kind: "name", pointer: toPointer([...chosen, mark]) });
        },
      ),
      { numRuns: 500 },
    );
  });
});

it("reads text of any depth and length in one pass", () => {
  const depth = 500_000;
  expect(findMisread(`${"[".repeat(depth)}9007199254740993${"]".repeat(depth)}`)?.kind).toBe("number");
  const quotes = JSON.stringify("\\".repeat(500_000) + '"'.repeat(500_000));
  expect(findMisread(`[${quotes},{"a":1,"a":2}]`)?.pointer).toBe("/1/a");
});

type Path = readonly string[];

/** Where the objects of a value stand. */
function objectsOf(value: unknown, at: Path): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, member]) => objectsOf(member, [...at, name]));
  return Array.isArray(value) ? inner : [at, ...inner];
}

/** Spells a value with a member twice in the object at `at`. */
function spell(value: unknown, at: Path, name: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const [next, ...rest] = at;
  const inner = (key: string, member: unknown) =>
    key === next ? spell(member, rest, name) : JSON.stringify(member);
  if (Array.isArray(value)) return `[${value.map((item, i) => inner(String(i), item)).join(",")}]`;
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${inner(key, member)}`,
  );
  const doubled = next === undefined ? [1, 2].map((n) => `${JSON.stringify(name)}:${n}`) : [];
  return `{${[...members, ...doubled].join(",")}}`;
}

function toPointer(path: Path): string {
  return path.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
