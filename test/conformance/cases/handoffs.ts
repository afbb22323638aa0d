// Handoffs (rules 77–80): what is handed on is what the run had and what it made of that.
import { type CorpusCase, faults, type Row, type Story, sound } from "../case.ts";
import { RESOURCES } from "../chain-writer.ts";
import { digestAt, type Json, put, ZERO } from "../json-edit.ts";
import { canonicalize, digestOf, sha256Hex, utf8 } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, type Call, type Step } from "../step.ts";

const { proposal, handoff } = SEQ;
const { approved, rejected, twoWrites, failed, unknown } = SCENARIOS;

const WRITTEN = digestOf("export const status = 401;\n");
const FOUND = digestOf("export const status = 500;\n");
const README = digestOf("# Checkout\n");
const manifest = (content: string | Uint8Array | Json): Partial<Step> & { store: string | Uint8Array } => {
  const bytes =
    typeof content === "string" || content instanceof Uint8Array ? content : canonicalize(content);
  return {
    edit: put("subject.1.digest.sha256", sha256Hex(typeof bytes === "string" ? utf8(bytes) : bytes)),
    store: bytes,
  };
};
type Contents = Readonly<Record<string, string>>;
/** A handoff of other resources than the run has. `contents` are artifacts that it names. */
function handingOn(
  rule: number,
  name: string,
  content: string | Uint8Array | Json,
  story: Story = {},
  seq: number = handoff,
): Row {
  const { edit, store } = manifest(content);
  return [
    rule,
    name,
    seq,
    edit ? { edit } : {},
    { ...story, options: { ...story.options, store: [store, "a content"] } },
  ];
}

/** The whole run with such a handoff. */
function handedOn(content: Json, story: Story, seq: number = handoff): Story {
  const [, , , wrong, given = {}] = handingOn(80, "", content, story, seq);
  return {
    ...given,
    from: amend(given.from ?? approved, seq, typeof wrong === "function" ? { edit: wrong } : wrong),
  };
}

const call = (method: string, args: Json, connector = "repository"): Call => ({ connector, method, args });
const proposing = (one: Call, steps: readonly Step[] = approved): Story => ({
  from: amend(steps, proposal, { call: one }),
});
const remove = call("delete_file", { path: "README.md", before: README });
const move = call("move_file", {
  from: "README.md",
  to: "docs/README.md",
  before: README,
  content: "# Checkout\n",
});
const format = call("format_file", { path: "README.md" });
const flag = call("set", { flag: "a", on: true }, "flags");
/** A second write to the file that the first one wrote. */
const again = amend(twoWrites, 6, { path: "src/checkout.js" });
const SECOND_END = 11;
const both: Contents = { "file:README.md": README, "file:src/checkout.js": WRITTEN };

const malformed: readonly (readonly [name: string, content: string | Uint8Array | Json])[] = [
  [
    "that is not UTF-8",
    Uint8Array.from([...utf8('{"'), 0xff, ...utf8(`":"${README}","file:src/checkout.js":"${WRITTEN}"}`)]),
  ],
  ["that is no JSON", "README.md\n"],
  ["that is not canonical", `{"file:src/checkout.js":"${WRITTEN}","file:README.md":"${README}"}`],
  ["with a trailing newline", `${canonicalize(both)}\n`],
  [
    "that names a resource twice",
    `{"file:README.md":"${README}","file:README.md":"${README}","file:src/checkout.js":"${WRITTEN}"}`,
  ],
  ["that is a list", [WRITTEN]],
  ["that is null", null],
  ["with a digest in bare digits", { "file:src/checkout.js": WRITTEN.slice(7) }],
  ["with a resource that is null", { ...both, x: null }],
  ["with a resource that is unknown", { ...both, x: "unknown" }],
  ["with a resource that is an object", { ...both, x: { sha256: README } }],
  ["with a resource without a name", { ...both, "": README }],
  ["with a resource of 1001 units", { ...both, ["x".repeat(1001)]: README }],
  [
    "with a resource named __proto__ that has no digest",
    `{"__proto__":7,"file:src/checkout.js":"${WRITTEN}"}`,
  ],
];

export const handoffCases: readonly CorpusCase[] = [
  ...faults("handoff", "A handoff hands on the outcome of its run.", [
    [77, "of an outcome that is not there", handoff, put("predicate.outcome", ZERO)],
    [77, "of the execution in the outcome's place", handoff, put("predicate.outcome", digestAt(5))],
  ]),
  ...faults(
    "resources",
    "The manifest is canonical JSON of resource to digest.",
    malformed.map(([name, content]) => handingOn(78, `a manifest ${name}`, content)),
  ),
  ...faults("resources", "Whatever is handed on is at hand.", [
    handingOn(79, "one that nobody has", { ...both, "file:README.md": digestOf("no such file") }),
    handingOn(79, "one that nobody has, beyond those of the run", { ...both, x: digestOf("no such file") }),
    [
      79,
      "one that the bundle holds altered",
      handoff,
      {},
      { options: { bundle: put(`artifacts.${sha256Hex(utf8(RESOURCES["file:README.md"] ?? ""))}`, "eA==") } },
    ],
  ]),
  ...faults("resources", "What the run wrote is handed on as it wrote it.", [
    handingOn(80, "without the file that was written", { "file:README.md": README }),
    handingOn(80, "with the file as it was before", { ...both, "file:src/checkout.js": FOUND }),
    handingOn(80, "with the written file under another name", {
      "file:README.md": README,
      "file:src/Checkout.js": WRITTEN,
    }),
    handingOn(80, "nothing", {}),
    handingOn(
      80,
      "without the first file of two that were written",
      {
        "file:README.md": README,
        "file:src/checkout.js": FOUND,
        "file:src/cart.js": digestOf("export const status = 402;\n"),
      },
      { from: twoWrites },
      SECOND_END,
    ),
    handingOn(80, "with the file as the first of two writes left it", both, { from: again }, SECOND_END),
    handingOn(
      80,
      "with a file that was deleted",
      { "file:README.md": README, "file:src/checkout.js": FOUND },
      proposing(remove),
    ),
    handingOn(
      80,
      "with the file in both places, that was moved",
      { "file:README.md": README, "file:docs/README.md": README, "file:src/checkout.js": FOUND },
      proposing(move),
    ),
    handingOn(
      80,
      "with the file in neither place, that was moved",
      { "file:src/checkout.js": FOUND },
      proposing(move),
    ),
    handingOn(
      80,
      "with a file that was written and then deleted",
      both,
      {
        from: amend(twoWrites, 6, {
          call: call("delete_file", { path: "src/checkout.js", before: WRITTEN }),
        }),
      },
      SECOND_END,
    ),
  ]),
  ...sound(
    "resources",
    "Of what the run did not write nothing is asked.",
    (
      [
        ["with a resource more", { ...both, x: digestOf("a content") }, {}],
        ["without a file that the run did not write", { "file:src/checkout.js": WRITTEN }, {}],
        ["nothing, of a run that was rejected", {}, { from: rejected }],
        [
          "another content of the file, of a run that failed",
          { "file:src/checkout.js": digestOf("a content") },
          { from: failed },
        ],
        [
          "the old content, of a run of which nobody knows",
          { "file:src/checkout.js": FOUND },
          { from: unknown },
        ],
        ["the new content, of a run of which nobody knows", both, { from: unknown }],
        [
          "another content, of a file that was formatted",
          { ...both, "file:README.md": digestOf("a content"), "file:src/checkout.js": FOUND },
          proposing(format),
        ],
        ["nothing, of a file that was formatted", { "file:src/checkout.js": FOUND }, proposing(format)],
        [
          "something under the name of a flag that is not the run's own",
          { "flag:a": digestOf("a content") },
          proposing(flag),
        ],
        [
          "a file that was written, then deleted by a call of which nobody knows",
          both,
          {
            from: amend(
              amend(twoWrites, 6, {
                call: call("delete_file", { path: "src/checkout.js", before: WRITTEN }),
              }),
              9,
              { status: "unknown" },
            ),
          },
          SECOND_END,
        ],
        [
          "a file that was written, then formatted",
          { ...both, "file:src/checkout.js": digestOf("a content") },
          { from: amend(twoWrites, 6, { call: call("format_file", { path: "src/checkout.js" }) }) },
          SECOND_END,
        ],
        [
          "a file whose second write failed",
          both,
          { from: amend(again, 9, { status: "failed" }) },
          SECOND_END,
        ],
      ] satisfies [string, Json, Story, number?][]
    ).map(([name, content, story, seq]) => [name, handedOn(content, story, seq)] as const),
  ),
  ...sound("resources", "What the run wrote is handed on as it wrote it.", [
    ["a file that was deleted", proposing(remove)],
    ["a file that was moved", proposing(move)],
    ["a file that was formatted, left out", proposing(format)],
    ["a flag that is not the run's own", proposing(flag)],
    ["one file, written twice", { from: again }],
    [
      "a file that was written, then deleted",
      {
        from: amend(twoWrites, 6, {
          call: call("delete_file", { path: "src/checkout.js", before: WRITTEN }),
        }),
      },
    ],
    [
      "a file that was deleted, then written",
      { from: amend(amend(twoWrites, 2, { call: remove }), 6, { path: "README.md" }) },
    ],
    ["a file of no bytes", { from: amend(approved, proposal, { content: "" }) }],
    ["a file named __proto__", { from: amend(approved, proposal, { path: "__proto__" }) }],
    ["no resource at all", { from: rejected, options: { resources: {} } }],
    [
      "a resource named __proto__",
      { from: rejected, options: { resources: JSON.parse('{"__proto__":"a content"}') } },
    ],
    ["a name of 1000 units", { from: rejected, options: { resources: { ["é".repeat(1000)]: "a content" } } }],
  ]),
];
