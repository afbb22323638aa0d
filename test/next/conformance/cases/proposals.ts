// Proposals (rules 32–41): when a round may begin, what it must repeat of the one before, and an action that can be read.
import { accepted, type CorpusCase, faults, type Row, sound } from "../case.ts";
import { all, digestAt, type Edit, type Json, put, type Written, ZERO } from "../json-edit.ts";
import { canonicalize, digestOf, sha256Hex, utf8 } from "../primitives.ts";
import { INSTEAD, SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, inserted, type Step } from "../step.ts";

const { proposal, decision } = SEQ;
const { approved, rejected, revisedOnce, revisedTwice, twoWrites, expired, failed, unknown, edited } =
  SCENARIOS;
/** The second round of every scenario that has one starts here. */
const SECOND = 6;

const restarts: readonly (readonly [name: string, from: readonly Step[], seq: number])[] = [
  ["a rejection", rejected, 6],
  ["an executed write with nothing more to do", approved, 6],
  ["a failed write", failed, 6],
  ["a write of which nobody knows", unknown, 6],
  ["an expiry", expired, 5],
  ["a second write's rejection", SCENARIOS.secondWriteRejected, 10],
];

type Setting = readonly [
  name: string,
  from: readonly Step[],
  seq: number,
  value: Json | ((written: Written) => Json),
];

/** Faults that set one field of a proposal. */
const setting = (rule: number, path: string, list: readonly Setting[]): Row[] =>
  list.map(([name, from, seq, value]) => [rule, name, seq, put(`predicate.${path}`, value), { from }]);

const FEEDBACK: Json = { text: "Be bold.", applied: [], notApplied: [] };
const accent = amend(revisedOnce, decision, { reason: "Répondez 422." });
const wordless = edited;
const wordy = amend(edited, decision, { reason: "Like this." });

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
const REVERTING = { run: "run-0", handoff: ZERO, bundle: "{}" };
/** The script of a first proposal, which a reviewer's has not. */
const FIRST_CODE = "async () => write(1);";
const author = (kind: string, id: string): Edit => put("predicate.author", { kind, id });
const withoutCode: Edit = (value, written) => put("subject", [Object(value).subject[0]])(value, written);

export const proposalCases: readonly CorpusCase[] = [
  ...faults(
    "round",
    "A round may follow only a request for changes, or an execution with more to do.",
    restarts.map(
      ([name, from, seq]): Row => [
        32,
        `after ${name}`,
        seq,
        {},
        { from: inserted(from, seq, { kind: "proposal" }) },
      ],
    ),
  ),
  ...faults(
    "revision",
    "Revisions count from 1, and by one with each request for changes.",
    setting(33, "revision", [
      ["a first proposal of revision 2", approved, proposal, 2],
      ["a revision of the same number", revisedOnce, SECOND, 1],
      ["a revision that skips a number", revisedOnce, SECOND, 3],
      ["a third proposal of revision 1", revisedTwice, 10, 1],
      ["a third proposal of revision 2", revisedTwice, 10, 2],
      ["a second write counted as a revision", twoWrites, SECOND, 2],
      ["a second write's revision counted on from the first", SCENARIOS.secondWriteRevised, 10, 3],
    ]),
  ),
  ...faults(
    "supersedes",
    "A revision names the proposal it replaces, and nothing else names one.",
    setting(34, "supersedes", [
      ["a first proposal that supersedes", approved, proposal, ZERO],
      ["a revision that supersedes nothing", revisedOnce, SECOND, null],
      ["a revision that supersedes the decision", revisedOnce, SECOND, digestAt(4)],
      ["a third proposal that supersedes the first", revisedTwice, 10, digestAt(2)],
      ["a second write that supersedes the first", twoWrites, SECOND, digestAt(2)],
    ]),
  ),
  ...faults("feedback", "Feedback repeats the reviewer's own words, and stands only where there were some.", [
    ...setting(35, "feedback", [
      ["a first proposal with it", approved, proposal, FEEDBACK],
      ["a revision without it", revisedOnce, SECOND, null],
      ["a revision with another's words", revisedOnce, SECOND, FEEDBACK],
      ["a second write with it", twoWrites, SECOND, FEEDBACK],
      ["an edit without a word, and with it", wordless, SECOND, FEEDBACK],
      ["an edit with words, and without it", wordy, SECOND, null],
    ]),
    ...setting(35, "feedback.text", [
      ["the words in another normalization", accent, SECOND, "Re\u0301pondez 422."],
      ["the words and a newline", revisedOnce, SECOND, "Answer 422 instead.\n"],
    ]),
  ]),
  ...faults("code", "The approved script goes on, and no other.", [
    [
      36,
      "a second write from another script",
      SECOND,
      { code: "async () => somethingElse();" },
      { from: twoWrites },
    ],
    [
      36,
      "a second write from no script",
      SECOND,
      all(withoutCode, author("reviewer", "reviewer@example.com")),
      { from: twoWrites },
    ],
  ]),
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
  ...faults("edit", "What the reviewer wants instead is the next proposal, to the byte.", [
    [
      39,
      "another action",
      SECOND,
      { call: { ...INSTEAD, args: { ...Object(INSTEAD.args), content: "export const status = 423;\n" } } },
      { from: edited },
    ],
    [
      39,
      "the action that was there before",
      SECOND,
      {
        call: {
          ...CALL,
          args: {
            path: "src/checkout.js",
            content: "export const status = 401;\n",
            before: digestOf("export const status = 500;\n"),
          },
        },
      },
      { from: edited },
    ],
  ]),
  ...faults("reverts", "Only the first proposal of a run that continues another can undo something.", [
    [40, "in a run that continues none", proposal, { reverts: ZERO }],
    [
      40,
      "in a revision",
      SECOND,
      all(put("predicate.reverts", ZERO), withoutCode, author("reviewer", "oncall@example.com")),
      { from: amend(revisedOnce, 0, { parent: REVERTING }) },
    ],
    [
      40,
      "in a second write",
      SECOND,
      put("predicate.reverts", ZERO),
      { from: amend(twoWrites, 0, { parent: REVERTING }) },
    ],
    [
      40,
      "in a revision of what undid it",
      SECOND,
      all(put("predicate.reverts", ZERO), withoutCode, author("reviewer", "oncall@example.com")),
      { from: amend(amend(revisedOnce, 0, { parent: REVERTING }), proposal, { reverts: ZERO }) },
    ],
  ]),
  ...faults(
    "author",
    "An agent writes what its planner says; a reviewer writes edits and reverts.",
    [
      [41, "an agent that is not the planner", proposal, author("agent", "another")],
      [41, "a planner in another letter case", proposal, author("agent", "Scripted")],
      [41, "the planner as a reviewer", proposal, all(withoutCode, author("reviewer", "scripted"))],
      [
        41,
        "the reviewer of what was sent back, where nothing was edited",
        SECOND,
        all(withoutCode, author("reviewer", "reviewer@example.com")),
        { from: revisedOnce },
      ],
      [41, "another reviewer than the one who edited", SECOND, author("reviewer", "alice"), { from: edited }],
      [
        41,
        "the starter, of what another edited",
        SECOND,
        author("reviewer", "oncall@example.com"),
        { from: edited },
      ],
      [41, "the planner, of an edit", SECOND, all(author("agent", "scripted"), addCode), { from: edited }],
      [
        41,
        "another reviewer than the starter, of a revert",
        proposal,
        author("reviewer", "reviewer@example.com"),
        { from: amend(amend(approved, 0, { parent: REVERTING }), proposal, { reverts: ZERO }) },
      ],
      [
        41,
        "the planner, of a revert",
        proposal,
        all(author("agent", "scripted"), addCode),
        { from: amend(amend(approved, 0, { parent: REVERTING }), proposal, { reverts: ZERO }) },
      ],
      [
        41,
        "the starter, where nothing is undone",
        proposal,
        all(withoutCode, author("reviewer", "oncall@example.com")),
        { from: amend(approved, 0, { parent: REVERTING }) },
      ],
      [
        41,
        "the planner of evidence before a revision's own",
        7,
        author("agent", "scripted"),
        { from: amend(SCENARIOS.revisedThenEvidence, 6, { planner: "a newer one" }) },
      ],
    ],
    { options: { store: [FIRST_CODE] } },
  ),
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
  ...sound("round", "Rounds go on where they may.", [
    [
      "a revision by a newer planner",
      { from: amend(SCENARIOS.revisedThenEvidence, 6, { planner: "a newer one" }) },
    ],
    [
      "the words of a reviewer, in every kind of character",
      { from: amend(revisedOnce, decision, { reason: 'e\u0301 é "quoted"\r\n\u0000' }) },
    ],
    [
      "a revision that proposes the same again",
      { from: amend(revisedOnce, SECOND, { content: "export const status = 401;\n" }) },
    ],
    ["an edit with words", { from: wordy }],
    [
      "an edit that is sent back with words, and proposed anew by the agent",
      { from: SCENARIOS.editedThenRevised },
    ],
  ]),
];

/** Puts a script beside a proposal's action. */
function addCode(value: Json): Json {
  const code = { name: "code", digest: { sha256: sha256Hex(utf8(FIRST_CODE)) } };
  return put("subject.1", code)(value, { digests: [] });
}
