// Repeated names, however they are spelled, nested and spaced: every one is found, and nothing else is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRepeatedName } from "../../src/chain/repeated-name.ts";

/** A JSON value as it is written: an object keeps every member, also those of one name. */
type Tree =
  | { readonly is: "leaf"; readonly text: string }
  | { readonly is: "array"; readonly items: readonly Tree[] }
  | { readonly is: "object"; readonly members: readonly (readonly [string, Tree])[] };

/** Names that are likely to meet, among them what confuses a scanner: quotes, backslashes, brackets, commas. */
const anyName = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "b",
    '"',
    "\\",
    '\\"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "__proto__",
    "é",
    "😀",
    "\ud83d",
  ),
  fc.string({ unit: "binary", maxLength: 3 }),
);

const { tree: anyTree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc
      .oneof(
        fc.constantFrom("null", "true", "-1.5e-7", "0"),
        anyName.map((text) => JSON.stringify(text)),
      )
      .map((text): Tree => ({ is: "leaf", text })),
    fc.array(tie("tree"), { maxLength: 4 }).map((items): Tree => ({ is: "array", items })),
    fc
      .array(fc.tuple(anyName, tie("tree")), { maxLength: 5 })
      .map((members): Tree => ({ is: "object", members })),
  ),
}));

/** Spells a tree. Each choice of escape and of white space is the next of `choices`. */
function spell(tree: Tree, choices: Iterator<number>): string {
  const next = () => choices.next().value ?? 0;
  const space = () => ["", "", " ", "\n\t", "\r "][next() % 5];
  // Half of a pair, escaped, is still half of the same pair.
  const escaped = (name: string) =>
    name
      .split("")
      .map((unit) => {
        const hex = `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
        return [JSON.stringify(unit).slice(1, -1), hex][next() % 2];
      })
      .join("");
  const write = (value: Tree): string => {
    switch (value.is) {
      case "leaf":
        return value.text;
      case "array":
        return `[${space()}${value.items.map(write).join(`${space()},${space()}`)}${space()}]`;
      case "object": {
        const members = value.members.map(
          ([name, member]) => `${space()}"${escaped(name)}"${space()}:${space()}${write(member)}`,
        );
        return `{${members.join(`${space()},`)}${space()}}`;
      }
    }
  };
  return `${space()}${write(tree)}${space()}`;
}

function repeats(tree: Tree): boolean {
  if (tree.is === "leaf") return false;
  if (tree.is === "array") return tree.items.some(repeats);
  const names = tree.members.map(([name]) => name);
  return new Set(names).size < names.length || tree.members.some(([, member]) => repeats(member));
}

function* endless(numbers: readonly number[]): Generator<number> {
  for (let i = 0; ; i += 1) yield numbers[i % numbers.length] ?? 0;
}

const anyChoices = fc.array(fc.nat(9), { minLength: 1, maxLength: 40 });

describe("a repeated name", () => {
  it("is found wherever it stands and however it is spelled, and nothing else is", () => {
    let found = 0;
    fc.assert(
      fc.property(anyTree, anyChoices, (tree, choices) => {
        const text = spell(tree, endless(choices));
        expect(() => JSON.parse(text)).not.toThrow();
        const repeated = findRepeatedName(text);
        expect(repeated !== null, text).toBe(repeats(tree));
        if (!repeated) return;
        found += 1;
        const [literal = ""] = /^"(?:[^"\\]|\\.)*"/s.exec(text.slice(repeated.at)) ?? [];
        expect(JSON.parse(literal)).toBe(repeated.name);
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it("is in no text that JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, 3), (value, indent) => {
        expect(findRepeatedName(JSON.stringify(value, null, indent))).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["escaped letters", '{"a":1,"\\u0061":2}', { name: "a", at: 7 }],
    ["hex digits of either case", '{"\\u00e9":1,"\\u00E9":2}', { name: "é", at: 12 }],
    ["an escaped solidus", '{"a/b":1,"a\\/b":2}', { name: "a/b", at: 9 }],
    ["a pair of escapes", '{"😀":1,"\\ud83d\\uDE00":2}', { name: "😀", at: 8 }],
    ["a short escape", '{"\\n":1,"\\u000a":2}', { name: "\n", at: 8 }],
    ["an escaped backslash at the end", '{"\\\\":1,"b":2,"\\\\":3}', { name: "\\", at: 14 }],
    ["what looks like an end", '{"a\\"}":1,"a\\"}":2}', { name: 'a"}', at: 10 }],
    ["a name that objects inherit", '{"toString":1,"toString":2}', { name: "toString", at: 14 }],
    ["the empty name", '{"":1,"":2}', { name: "", at: 6 }],
    ["lone surrogates", '{"\\ud800":1,"\\ud800":2}', { name: "\ud800", at: 12 }],
    ["behind an object of its own", '{"a":{"b":1},"a":{}}', { name: "a", at: 13 }],
    ["behind an empty object", '[{},{"a":{},"a":[]}]', { name: "a", at: 12 }],
  ])("is told from another: %s", (_, text, found) => {
    expect(JSON.parse(text)).toBeTruthy();
    expect(findRepeatedName(text)).toEqual(found);
  });

  it.each([
    ["another case", '{"a":1,"A":2}'],
    ["another normal form", '{"é":1,"e\\u0301":2}'],
    ["other lone surrogates", '{"\\ud800":1,"\\udc00":2}'],
    ["an escaped escape", '{"a":1,"\\\\u0061":2}'],
    ["values", '{"a":"b","b":"a","c":["a","a"]}'],
    ["names inside a text", '{"a":"{\\"a\\":1,\\"a\\":2}"}'],
    ["a name after a nested one", '{"a":{"b":1},"b":{"a":2}}'],
    ["no object", '["a","a"]'],
    ["a text", '"a"'],
  ])("is not %s", (_, text) => {
    expect(JSON.parse(text)).toBeTruthy();
    expect(findRepeatedName(text)).toBeNull();
  });

  it("is found behind and inside a nest of any depth", () => {
    const depth = 500_000;
    const nest = (inner: string) => `${'[{"a":'.repeat(depth)}${inner}${"}]".repeat(depth)}`;
    expect(findRepeatedName(nest("1"))).toBeNull();
    expect(findRepeatedName(nest('{"b":1,"b":2}'))).toEqual({ name: "b", at: 6 * depth + 7 });
    expect(findRepeatedName(`{"a":${nest("1")},"a":2}`)?.name).toBe("a");
  });
});
