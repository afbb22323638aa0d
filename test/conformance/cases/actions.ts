// Actions (rules 37 and 38): canonical JSON of a call that needs a human.
import { accepted, type CorpusCase, faults, type Row } from "../case.ts";
import { all, type Json, put } from "../json-edit.ts";
import { canonicalize, utf8 } from "../primitives.ts";
import { SEQ } from "../scenarios.ts";
import type { Step } from "../step.ts";

const { proposal } = SEQ;

const ARGS = { path: "src/checkout.js", content: "x\n", before: null };

const CALL = { connector: "repository", method: "write_file" };

const PAGE = { connector: "pager", method: "page" };

const actions: readonly (readonly [name: string, text: string | Uint8Array])[] = [
  ["no JSON", "write_file(src/checkout.js)"],
  ["nothing", ""],
  ["not UTF-8", Uint8Array.of(...utf8('{"args":"'), 0xff, ...utf8('","connector":"pager","method":"page"}'))],
  ["not canonical", JSON.stringify({ method: "write_file", connector: "repository", args: ARGS })],
  ["with a trailing newline", `${canonicalize({ ...CALL, args: ARGS })}\n`],
  ["with an exponent that is not spelled so", '{"args":1e21,"connector":"pager","method":"page"}'],
  ["with a number in an exponent that needs none", '{"args":1e3,"connector":"pager","method":"page"}'],
  ["with a negative zero", '{"args":-0,"connector":"pager","method":"page"}'],
  ["with 1.0", '{"args":1.0,"connector":"pager","method":"page"}'],
  ["with a number beyond every double", '{"args":1e400,"connector":"pager","method":"page"}'],
  ["with a lone surrogate", '{"args":"\\ud800","connector":"pager","method":"page"}'],
  ["with a lone surrogate in a name", '{"args":{"\\udfff":1},"connector":"pager","method":"page"}'],
  ["with an argument twice", '{"args":{"to":"a","to":"b"},"connector":"pager","method":"page"}'],
  ["with an array at level 65", nested(65)],
  ["with a number at level 65", nested(65, "1")],
  ["without arguments", canonicalize(PAGE)],
  ["with an unknown member", canonicalize({ ...PAGE, args: {}, force: true })],
  ["with a member named __proto__", '{"__proto__":null,"args":{},"connector":"pager","method":"page"}'],
  ["with an empty connector", canonicalize({ ...PAGE, connector: "", args: {} })],
  ["with a connector of 101 units", canonicalize({ ...PAGE, connector: "c".repeat(101), args: {} })],
  ["with an empty method", canonicalize({ ...PAGE, method: "", args: {} })],
  ["with a method of 101 units", canonicalize({ ...PAGE, method: "m".repeat(101), args: {} })],
  ["with a method that is null", canonicalize({ ...PAGE, method: null, args: {} })],
  ["that is a list", canonicalize(["pager", "page", {}])],
  ["that is null", "null"],
];

/** An action whose `args`, at level 1, is arrays down to the level. */
function nested(level: number, inside = ""): string {
  const depth = inside === "" ? level : level - 1;
  return `{"args":${"[".repeat(depth)}${inside}${"]".repeat(depth)},"connector":"pager","method":"page"}`;
}

const page = (args: Json): Partial<Step> => ({ call: { ...PAGE, args } });

const READ = { connector: "repository", method: "read_file", args: { path: "README.md" } };

export const actionCases: readonly CorpusCase[] = [
  ...faults(
    "action",
    "An action is canonical JSON of connector, method and args.",
    actions.map(([name, action]): Row => [37, name, proposal, { ...page({}), action }]),
  ),
  ...faults("gated call", "What needs no human is not put before one.", [
    [38, "a free call", proposal, { call: READ }],
    [
      38,
      "the only calls that are free",
      proposal,
      {},
      {
        options: {
          policy: all(
            put("effects", []),
            put("free", [
              CALL,
              { connector: "browser", method: "run_checkout" },
              { connector: "repository", method: "read_file" },
            ]),
          ),
        },
      },
    ],
  ]),
  ...accepted("action", "Any JSON value can be an argument.", [
    ["an array at level 64", proposal, { ...page({}), action: nested(64) }],
    ["a number at level 64", proposal, { ...page({}), action: nested(64, "1") }],
    [
      "numbers of every size",
      proposal,
      page([
        0,
        -1,
        0.1,
        1e21,
        1e-7,
        5e-324,
        1.7976931348623157e308,
        2 ** 53,
        -(2 ** 60),
        123456789012345680000,
      ]),
    ],
    [
      "texts of every kind",
      proposal,
      page({
        "": "",
        é: "\u2028\u0000",
        "e\u0301": "\u007f",
        "\u{10000}": 1,
        "\uffff": 2,
        constructor: null,
      }),
    ],
    ["a name __proto__", proposal, page(JSON.parse('{"__proto__":{"to":"oncall"}}'))],
    ["null", proposal, page(null)],
    [
      "the longest names",
      proposal,
      { call: { connector: "c".repeat(100), method: "é".repeat(100), args: false } },
    ],
  ]),
];
