// What a call changes (§5.2, rule 42): its templates, expanded over its arguments.
import { accepted, type CorpusCase, faults, type Lawful, type Row, type Story } from "../case.ts";
import { changeList, type Json, ZERO } from "../json-edit.ts";
import { digestOf } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, type Call } from "../step.ts";

const { proposal, preview } = SEQ;

const { approved } = SCENARIOS;

/** A policy with one call, `tool.run`, of these templates; and a run that proposes it. */
export function tool(templates: readonly Json[], args: Json): Story {
  const call: Call = { connector: "tool", method: "run", args };
  const entry = { connector: "tool", method: "run", own: false, effects: templates };
  return {
    from: amend(approved, proposal, { call }),
    options: { policy: changeList("effects", (old) => [...old, entry]) },
  };
}

/** A template of which nothing is known unless it is said. */
export const template = (resource: string, before = "unknown", after = "unknown"): Json => ({
  resource,
  before,
  after,
});

export const NAME = [template("{name}")];

const PLUS = [template("{+name}")];

/** Arguments over which an expansion fails. */
const failing: readonly (readonly [name: string, templates: readonly Json[], args: Json])[] = [
  ["arguments that are null", NAME, null],
  ["arguments that are a text", NAME, "name"],
  ["arguments in a list", NAME, ["a"]],
  ["an argument missing", NAME, { Name: "a" }],
  ["an argument of null", NAME, { name: null }],
  ["an argument that is a list", NAME, { name: ["a"] }],
  ["an argument that is an object", NAME, { name: {} }],
  ["a number with a fraction", NAME, { name: 1.5 }],
  ["the number 2^53", NAME, { name: 2 ** 53 }],
  ["the number −2^53", NAME, { name: -(2 ** 53) }],
  ["the number 1e21", NAME, { name: 1e21 }],
  ["nothing in the place of all text", NAME, { name: "" }],
  ["nothing in the place of all text, as it is", PLUS, { name: "" }],
  ["1001 characters", PLUS, { name: "a".repeat(1001) }],
  ["501 pairs of surrogates", PLUS, { name: "😀".repeat(501) }],
  ["1001 characters once percent-encoded", NAME, { name: `${"€".repeat(111)}aa` }],
  ["one resource twice", [template("a:{x}"), template("a:{y}")], { x: "1", y: 1 }],
  ["one resource twice, by two templates", [template("a:{x}"), template("{+y}")], { x: "ä", y: "a:%C3%A4" }],
  ["one resource twice, without a placeholder", [template("config"), template("config")], {}],
  ["an inherited __proto__", [template("{__proto__}")], { name: "a" }],
  ["an inherited toString", [template("x", "$toString")], { name: "a" }],
  ["an inherited constructor", [template("x", "absent", "$constructor")], { name: "a" }],
  ["the length of a list", [template("{length}")], []],
  ["a before that is missing", [template("x", "$before")], {}],
  ["a before that is a word", [template("x", "$before")], { before: "unknown" }],
  ["a before that is an empty text", [template("x", "$before")], { before: "" }],
  ["a before in bare digits", [template("x", "$before")], { before: "0".repeat(64) }],
  ["a before in upper case", [template("x", "$before")], { before: `sha256:${"A".repeat(64)}` }],
  ["a before with a newline", [template("x", "$before")], { before: `${ZERO}\n` }],
  ["a before that is false", [template("x", "$before")], { before: false }],
  ["an after that is missing", [template("x", "absent", "$after")], { before: null }],
];

/** Arguments and what they give. */
const expanding: readonly (readonly [name: string, templates: readonly Json[], args: Json])[] = [
  ["a text as it is", PLUS, { name: "a b/../%2F{x}\u0000é" }],
  ["a text, percent-encoded", NAME, { name: "a b/../%2F{x}\u0000" }],
  ["every character of ASCII, percent-encoded", NAME, { name: ascii() }],
  ["text beyond ASCII, percent-encoded", NAME, { name: "é€😀\u0301\uffff" }],
  ["a word that other encoders leave alone", NAME, { name: "!*'()~-._" }],
  ["a space and a plus", NAME, { name: " +" }],
  ["a text that looks like a placeholder", [template("{a}/{+b}")], { a: "{b}", b: "{a}" }],
  ["three texts, each percent-encoded", [template("{a}:{b}?{c}")], { a: "/", b: "ä", c: ":" }],
  ["two texts, percent-encoded, and one as it is", [template("{a}/{b}/{+c}")], { a: "/", b: "/", c: "/" }],
  ["a text with a replacement pattern", [template("{a}/{+b}")], { a: "$&", b: "$1$`$$" }],
  ["true and false", [template("{a}/{b}")], { a: true, b: false }],
  ["0, −1 and 2^53 − 1", [template("{a}/{b}/{c}")], { a: 0, b: -1, c: 2 ** 53 - 1 }],
  ["−(2^53 − 1)", PLUS, { name: -(2 ** 53 - 1) }],
  ["nothing beside other text", [template("flag:{name}")], { name: "" }],
  ["1000 characters", PLUS, { name: "a".repeat(1000) }],
  ["500 pairs of surrogates", PLUS, { name: "😀".repeat(500) }],
  ["1000 characters once percent-encoded", NAME, { name: `${"€".repeat(111)}a` }],
  [
    "an own __proto__",
    [template("{__proto__}", "$__proto__", "$__proto__")],
    JSON.parse(`{"__proto__":"${digestOf("# Checkout\n")}"}`),
  ],
  ["an own constructor", [template("{constructor}")], { constructor: "a" }],
  ["two resources that differ in letter case", [template("{a}:"), template("{b}:")], { a: "x", b: "X" }],
  [
    "two resources that differ in normalization",
    [template("a:{+a}"), template("a:{+b}")],
    { a: "é", b: "e\u0301" },
  ],
  ["no template", [], null],
  [
    "templates that ask for no argument",
    [template("x", "absent", "absent"), template("y", "unknown", "unknown")],
    null,
  ],
  ["a before of null", [template("x", "$b", "absent")], { b: null }],
  ["an after of null", [template("x", "absent", "$a")], { a: null }],
  ["an after of no text", [template("x", "absent", "$a")], { a: "" }],
  ["an after of a text", [template("x", "absent", "$a")], { a: "é\u2028😀" }],
  ["an after of a number", [template("x", "absent", "$a")], { a: 1 }],
  ["an after of the text of that number", [template("x", "absent", "$a")], { a: "1" }],
  ["an after of a number with an exponent", [template("x", "absent", "$a")], { a: [1e21, 1e-7, -0.5] }],
  ["an after of false", [template("x", "absent", "$a")], { a: false }],
  [
    "an after of an object",
    [template("x", "absent", "$a")],
    { a: { é: [1, null], a: "b", "\u{10000}": 1, "\uffff": 2 } },
  ],
  ["an after of an empty list", [template("x", "absent", "$a")], { a: [] }],
];

/** All 128 characters of ASCII. */
function ascii(): string {
  return String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i));
}

export const expansionCases: readonly CorpusCase[] = [
  ...faults(
    "expansion",
    "A call whose effects cannot be told is not proposed.",
    failing.map(([name, templates, args]): Row => [42, name, proposal, {}, tool(templates, args)]),
  ),
  ...faults("expansion", "A call whose effects cannot be told is not proposed.", [
    [
      42,
      "of a file's write without content",
      proposal,
      { call: { connector: "repository", method: "write_file", args: { path: "a", before: null } } },
    ],
    [
      42,
      "of a file's write of a number as path",
      proposal,
      {
        call: {
          connector: "repository",
          method: "write_file",
          args: { path: 0.5, before: null, content: "" },
        },
      },
    ],
  ]),
  ...accepted(
    "expansion",
    "What a call changes follows from its arguments, in any language.",
    expanding.map(([name, templates, args]): Lawful => [name, preview, {}, tool(templates, args)]),
  ),
];
