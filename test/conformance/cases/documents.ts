// Documents (§7): the bytes of a bundle or a trust policy are UTF-8 and JSON, and repeat no member name at any depth.
import type { CorpusCase, Expected, Unusable } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { TRUST } from "../fixed-keys.ts";
import { at, edited, type Json, put } from "../json-edit.ts";
import { joined, toBase64, utf8 } from "../primitives.ts";
import { LISTED } from "../reviewer-keys.ts";
import { SCENARIOS } from "../scenarios.ts";

const BUNDLE = writeChain(SCENARIOS.approved.slice(0, 2)).bundle;
const INCOMPLETE: Expected = { verdict: "incomplete", code: null };
type Respell = (text: string) => string | Uint8Array;
type Row = readonly [name: string, respell: Respell, expect?: Unusable | Expected];

function swap(from: string, to: string): Respell {
  return (text) => {
    if (!text.includes(from)) throw new Error(`expected the document to hold ${from}`);
    return text.replace(from, () => to);
  };
}

const invalid = (code: string, seq?: number): Expected => ({
  verdict: "invalid",
  code,
  ...(seq === undefined ? {} : { seq }),
});
const nest = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

/** Of a bundle and of a trust policy alike. */
const refused: readonly Row[] = [
  ["nothing", () => ""],
  ["white space", () => " \n"],
  ["a byte order mark alone", () => "\ufeff"],
  ["two byte order marks", (text) => `\ufeff\ufeff${text}`],
  ["a byte order mark at its end", (text) => `${text}\ufeff`],
  ["a byte order mark after a space", (text) => ` \ufeff${text}`],
  [
    "UTF-16 with its mark",
    (text) => Uint8Array.from([0xff, 0xfe, ...[...text].flatMap((c) => [c.charCodeAt(0), 0])]),
  ],
  [
    "a byte that is not UTF-8",
    (text) => joined(utf8(text.slice(0, -1)), utf8(',"x":"'), Uint8Array.of(0xff), utf8('"}')),
  ],
  [
    "a surrogate in three bytes",
    (text) => joined(utf8(text.slice(0, -1)), utf8(',"x":"'), Uint8Array.of(0xed, 0xa0, 0x80), utf8('"}')),
  ],
  ["a web page", () => "<!doctype html><title>Sign in</title>"],
  ["half of it", (text) => text.slice(0, text.length >> 1)],
  ["a second value after it", (text) => `${text}\n{}`],
  ["a trailing comma", (text) => text.replace(/\}$/, ",}")],
  ["a comment", (text) => `${text}//`],
  ["an unknown member of NaN", (text) => text.replace(/\}$/, ',"x":NaN}')],
  ["an endless nest", () => "[".repeat(99_999)],
  ["an unknown member that repeats a name", (text) => text.replace(/\}$/, ',"x":{"a":1,"a":1}}')],
  [
    "an unknown member that repeats a special name",
    (text) => text.replace(/\}$/, ',"x":{"__proto__":1,"__proto__":1}}'),
  ],
  ["an unknown member that repeats an empty name", (text) => text.replace(/\}$/, ',"x":{"":1,"":1}}')],
  [
    "an unknown member that repeats a name of a lone surrogate",
    (text) => text.replace(/\}$/, ',"x":{"\\ud800":1,"\\uD800":1}}'),
  ],
  [
    "an unknown member that repeats a name, 1000 levels deep",
    (text) => text.replace(/\}$/, `,"x":${"[".repeat(1000)}{"a":1,"a":2}${"]".repeat(1000)}}`),
  ],
];

const bundles: readonly Row[] = [
  ["the run twice, alike", swap('"run":', '"run":"run-1","run":')],
  ["the run twice, once escaped", swap('"run":', '"\\u0072un":"run-1","run":')],
  ["an envelope's payload twice", swap('"payload":', '"payload":"e30=","payload":')],
  ["a signature's key id twice", swap('"keyid":', '"keyid":"","keyid":')],
  [
    "an artifact twice, alike",
    (text) => text.replace(/"artifacts":\{("[0-9a-f]{64}":"[^"]*"),/, '"artifacts":{$1,$1,'),
  ],
];

const trusts: readonly Row[] = [
  ["the version twice", swap('"version":2', '"version":2,"version":2')],
  ["a key's role twice, once escaped", swap('"role":"human"', '"rol\\u0065":"agent","role":"human"')],
  ["a reviewer's id twice", swap('"id":"alice"', '"id":"bob","id":"alice"')],
];

const unusable: readonly (readonly [which: "bundle" | "trust", Row])[] = [
  ["bundle", ["receipts nested 100,000 levels deep", () => nest(100_000), "ERR_BUNDLE"]],
  ["bundle", ["null", () => "null", "ERR_BUNDLE"]],
  ["bundle", ["100,001 receipts", (text) => withReceipts(text, 100_001), "ERR_BUNDLE"]],
  ["trust", ["a nest of 100,000 levels", () => nest(100_000), "ERR_TRUST_POLICY"]],
  ["trust", ["version 1.0", swap('"version":2', '"version":1.0'), "ERR_TRUST_POLICY"]],
  ["trust", ["version 2.5", swap('"version":2', '"version":2.5'), "ERR_TRUST_POLICY"]],
  ["trust", ["an issuer with a lone surrogate", swap('"issuer":"', '"issuer":"\\ud800'), "ERR_TRUST_POLICY"]],
  [
    "trust",
    ["a reviewer of an id with a lone surrogate", swap('"id":"', '"id":"\\udfff'), "ERR_TRUST_POLICY"],
  ],
  [
    "trust",
    [
      "a role that is repeated by an unknown member",
      swap('"log":null', '"log":null,"\\u006cog ":null'),
      "ERR_TRUST_POLICY",
    ],
  ],
];

const accepted: readonly (readonly [which: "bundle" | "trust", Row])[] = [
  ["bundle", ["a byte order mark", (text) => `\ufeff${text}`]],
  ["bundle", ["white space of every kind", (text) => `\r\n\t ${text.replaceAll(',"', ' ,\r\n\t"')} `]],
  [
    "bundle",
    [
      "names and texts in escapes",
      (text) => text.replace('"run"', '"\\u0072\\u0075\\u006e"').replace('"run-1"', '"\\u0072un-1"'),
    ],
  ],
  [
    "bundle",
    [
      "members in another order",
      (text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse())),
    ],
  ],
  [
    "bundle",
    [
      "a receipt nested 100,000 levels deep",
      swap('"receipts":[', `"receipts":[${nest(100_000)},`),
      invalid("ERR_ENVELOPE", 0),
    ],
  ],
  ["bundle", ["100,000 receipts", (text) => withReceipts(text, 100_000), invalid("ERR_ENVELOPE", 0)]],
  [
    "bundle",
    [
      "names that differ in normalization, letter case and a NUL",
      swap('"artifacts":{', '"artifacts":{"\u00e9":"","e\u0301":"","A":"","a":"","":"","\\u0000":"",'),
      invalid("ERR_ARTIFACT_ALTERED"),
    ],
  ],
  [
    "bundle",
    [
      "one name in many objects",
      swap('"receipts":[', '"receipts":[{"a":{"a":[{"a":1},{"a":1}]}},'),
      invalid("ERR_ENVELOPE", 0),
    ],
  ],
  [
    "bundle",
    [
      "numbers of every spelling in an envelope",
      swap('"receipts":[', '"receipts":[[-0,1.0,1E+2,1e400,123456789012345678901234567890],'),
      invalid("ERR_ENVELOPE", 0),
    ],
  ],
  [
    "bundle",
    [
      "a lone surrogate in an artifact",
      swap('"artifacts":{', '"artifacts":{"\\ud800":"\\udfff",'),
      invalid("ERR_ARTIFACT_ALTERED"),
    ],
  ],
  ["trust", ["a byte order mark", (text) => `\ufeff${text}`]],
  ["trust", ["version 2.0", swap('"version":2', '"version":2.0')]],
  ["trust", ["version 20e-1", swap('"version":2', '"version":20e-1')]],
  [
    "trust",
    [
      "names and texts in escapes",
      (text) =>
        text
          .replace('"issuer"', '"issue\\u0072"')
          .replace('"https:', '"https\\u003a')
          .replace("//", "\\/\\/"),
    ],
  ],
  [
    "trust",
    [
      "an issuer with a pair of surrogates, escaped",
      swap('"issuer":"', '"issuer":"\\ud83d\\ude00'),
      invalid("ERR_ISSUER", 0),
    ],
  ],
];

const why =
  "A document is UTF-8 and JSON, and repeats no member name; a byte order mark at its start is skipped.";

export const documentCases: readonly CorpusCase[] = [
  ...(["bundle", "trust"] as const).flatMap((which) =>
    [...refused, ...(which === "bundle" ? bundles : trusts)].map((row) =>
      documentCase(which, row, { unusable: "ERR_DOCUMENT" }),
    ),
  ),
  ...[...unusable, ...accepted].map(([which, row]) => {
    const [, , expect = INCOMPLETE] = row;
    return documentCase(which, row, typeof expect === "string" ? { unusable: expect } : expect);
  }),
  {
    name: "document: no document for a bundle, and an unsound trust policy",
    axis: "document",
    why: "What is unusable is named in one order.",
    bundle: null,
    trust: {},
    raw: { bundle: toBase64(utf8("{")) },
    expect: { unusable: "ERR_DOCUMENT" },
  },
  {
    name: "document: no document for a trust policy, and no bundle",
    axis: "document",
    why: "What is unusable is named in one order.",
    bundle: {},
    trust: null,
    raw: { trust: toBase64(utf8("{")) },
    expect: { unusable: "ERR_DOCUMENT" },
  },
];

function documentCase(
  which: "bundle" | "trust",
  [name, respell]: Row,
  expect: CorpusCase["expect"],
): CorpusCase {
  const spelled = respell(JSON.stringify(which === "bundle" ? BUNDLE : LISTED));
  return {
    name: `document: ${which === "bundle" ? "a bundle" : "a trust policy"}, ${name}`,
    axis: "document",
    why,
    bundle: which === "bundle" ? null : BUNDLE,
    trust: which === "bundle" ? TRUST : null,
    raw: { [which]: toBase64(typeof spelled === "string" ? utf8(spelled) : spelled) },
    expect,
  };
}

/** The bundle with so many receipts, each a number of two digits: three bytes, so that the base64 is periodic. */
function withReceipts(text: string, count: number): string {
  const value: Json = JSON.parse(text);
  const bare = JSON.stringify(edited(value, put("receipts", []), put("artifacts", {})));
  if (at(value, "run") === null) throw new Error("expected a bundle");
  return bare.replace('"receipts":[]', () => `"receipts":[${new Array<number>(count).fill(10).join(",")}]`);
}
