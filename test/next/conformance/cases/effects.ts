// What a call changes (§5.2; rules 42, 48 and 49): its templates, expanded over its arguments.
import { accepted, type CorpusCase, faults, type Lawful, type Row, type Story } from "../case.ts";
import { all, changeList, drop, type Edit, type Json, put, ZERO } from "../json-edit.ts";
import { canonicalize, digestOf, sha256Hex, utf8 } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, type Call } from "../step.ts";

const { proposal, preview } = SEQ;
const { approved } = SCENARIOS;

/** A policy with one call, `tool.run`, of these templates; and a run that proposes it. */
function tool(templates: readonly Json[], args: Json): Story {
  const call: Call = { connector: "tool", method: "run", args };
  const entry = { connector: "tool", method: "run", own: false, effects: templates };
  return {
    from: amend(approved, proposal, { call }),
    options: { policy: changeList("effects", (old) => [...old, entry]) },
  };
}

const template = (resource: string, before = "unknown", after = "unknown"): Json => ({
  resource,
  before,
  after,
});
const NAME = [template("{name}")];
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

const FLAG: Call = { connector: "flags", method: "set", args: { flag: "new pricing", on: { percent: 50 } } };
const MOVE: Call = {
  connector: "repository",
  method: "move_file",
  args: {
    from: "README.md",
    to: "docs/README.md",
    before: digestOf("# Checkout\n"),
    content: "# Checkout\n",
  },
};
const flag: Story = {
  from: amend(amend(approved, proposal, { call: FLAG }), preview, { reads: { "flag:new%20pricing": "off" } }),
};
const move: Story = { from: amend(approved, proposal, { call: MOVE }) };
const migrate: Story = {
  from: amend(approved, proposal, {
    call: {
      connector: "database",
      method: "migrate",
      args: { schema: "shop", table: "carts", from: null, to: 2 },
    },
  }),
};
const page: Story = {
  from: amend(approved, proposal, { call: { connector: "pager", method: "page", args: {} } }),
};

const effect = (i: number, member: string, value: Json): Edit =>
  put(`predicate.effects.${i}.${member}`, value);
const subject = (i: number, text: string): Edit => put(`subject.${i}.digest.sha256`, sha256Hex(utf8(text)));
const withoutBefore: Edit = changeList("subject", (old) =>
  old.filter((each) => !String(Object(each).name).startsWith("before")),
);
const named = (name: string, text: string): Json => ({ name, digest: { sha256: sha256Hex(utf8(text)) } });
const UNCHANGED = digestOf("export const status = 500;\n");

export const effectCases: readonly CorpusCase[] = [
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
  ...accepted("effects", "These are the effects of their calls.", [
    ["a call that the policy does not know", preview, {}, page],
    ["a value that was read", preview, {}, flag],
    ["nothing, where a value was to be read", preview, { reads: {} }, flag],
    ["two effects, of which the first has a before", preview, {}, move],
    ["effects of which nothing is known", preview, {}, migrate],
    [
      "an effect that changes nothing",
      preview,
      {},
      { from: amend(approved, proposal, { content: "export const status = 500;\n" }) },
    ],
  ]),
  ...faults(
    "effects",
    "A preview's effects are the expansion, in the same order.",
    [
      [48, "another resource", preview, effect(0, "resource", "file:src/cart.js")],
      [48, "a resource in another letter case", preview, effect(0, "resource", "file:src/Checkout.js")],
      [
        48,
        "a resource percent-encoded where it stands as it is",
        preview,
        effect(0, "resource", "file:src%2Fcheckout.js"),
      ],
      [
        48,
        "a resource as it is where it is percent-encoded",
        preview,
        effect(0, "resource", "flag:new pricing"),
        flag,
      ],
      [
        48,
        "a resource percent-encoded as a form is",
        preview,
        effect(0, "resource", "flag:new+pricing"),
        flag,
      ],
      [
        48,
        "a resource percent-encoded in lower case",
        preview,
        effect(0, "resource", "%c3%a9"),
        tool(NAME, { name: "é" }),
      ],
      [48, "another content after", preview, effect(0, "after", ZERO)],
      [48, "nothing after", preview, effect(0, "after", null)],
      [48, "an unknown after", preview, effect(0, "after", "unknown")],
      [48, "nothing really changed", preview, effect(0, "after", UNCHANGED)],
      [
        48,
        "a text digested in its quotes",
        preview,
        effect(0, "after", digestOf(canonicalize("export const status = 401;\n"))),
      ],
      [
        48,
        "an object digested in another spelling",
        preview,
        effect(0, "after", digestOf('{"percent": 50}')),
        flag,
      ],
      [
        48,
        "another content before",
        preview,
        all(effect(0, "before", digestOf("# Checkout\n")), subject(2, "# Checkout\n")),
      ],
      [48, "nothing before", preview, all(effect(0, "before", null), withoutBefore)],
      [48, "an unknown before", preview, all(effect(0, "before", "unknown"), withoutBefore)],
      [
        48,
        "an unknown before, where it was to be read",
        preview,
        all(effect(0, "before", "unknown"), withoutBefore),
        flag,
      ],
      [
        48,
        "a digest before, where it is unknown",
        preview,
        all(
          effect(0, "before", digestOf("off")),
          changeList("subject", (old) => [...old.slice(0, 2), named("before-1", "off"), ...old.slice(2)]),
        ),
        migrate,
      ],
      [48, "nothing before, where it is unknown", preview, effect(0, "before", null), migrate],
      [48, "a digest after, where it is unknown", preview, effect(0, "after", ZERO), migrate],
      [
        48,
        "an effect more",
        preview,
        changeList("predicate.effects", (old) => [...old, { resource: "file:x", before: null, after: null }]),
      ],
      [
        48,
        "an effect twice",
        preview,
        all(
          changeList("predicate.effects", (old) => [...old, ...old]),
          changeList("subject", (old) => [
            ...old.slice(0, 3),
            named("before-2", "export const status = 500;\n"),
            ...old.slice(3),
          ]),
        ),
      ],
      [48, "an effect less", preview, drop("predicate.effects.1"), move],
      [48, "no effect", preview, all(put("predicate.effects", []), withoutBefore)],
      [
        48,
        "an effect of a call that the policy does not know",
        preview,
        put("predicate.effects", [{ resource: "pager", before: null, after: null }]),
        page,
      ],
      [
        48,
        "effects in another order",
        preview,
        all(
          changeList("predicate.effects", (old) => [...old].reverse()),
          changeList("subject", (old) =>
            old.map((each) =>
              Object(each).name === "before-1" ? { ...Object(each), name: "before-2" } : each,
            ),
          ),
        ),
        move,
      ],
    ],
    { options: { store: ["off", "# Checkout\n", "export const status = 500;\n"] } },
  ),
  ...faults(
    "effects",
    "What stands before an effect is an artifact under that effect's number.",
    [
      [49, "another content before than the subject", preview, subject(2, "# Checkout\n")],
      [49, "another content read than the subject", preview, subject(2, "# Checkout\n"), flag],
      [
        49,
        "the second effect's, under the first one's number",
        preview,
        all(subject(2, "b"), subject(3, "a")),
        two(),
      ],
    ],
    { options: { store: ["# Checkout\n"] } },
  ),
  ...accepted("effects", "What stands before an effect is an artifact under that effect's number.", [
    ["two that were read", preview, {}, two()],
    [
      "the second and the fourth of four",
      preview,
      { reads: { "2": "b", "4": "d" } },
      tool(
        [template("1", "unknown"), template("2", "read"), template("3", "read"), template("4", "read")],
        null,
      ),
    ],
  ]),
];

function two(): Story {
  const story = tool([template("1", "read"), template("2", "read")], null);
  return { ...story, from: amend(story.from ?? [], preview, { reads: { "1": "a", "2": "b" } }) };
}
