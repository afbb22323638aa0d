// What a call changes (rules 48 and 49): the expansion, and what the runtime found before it.
import { accepted, type CorpusCase, faults, type Story } from "../case.ts";
import { all, at, changeList, drop, type Edit, edited, type Json, put, ZERO } from "../json-edit.ts";
import { canonicalize, digestOf, sha256Hex, utf8 } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, type Call } from "../step.ts";
import { NAME, template, tool } from "./expansions.ts";

const { proposal, preview } = SEQ;
const { approved } = SCENARIOS;

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
  old.filter((each) => !String(at(each, "name")).startsWith("before")),
);
const named = (name: string, text: string): Json => ({ name, digest: { sha256: sha256Hex(utf8(text)) } });
const UNCHANGED = digestOf("export const status = 500;\n");

export const effectCases: readonly CorpusCase[] = [
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
              at(each, "name") === "before-1" ? edited(each, put("name", "before-2")) : each,
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
