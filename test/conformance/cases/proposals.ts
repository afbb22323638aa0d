// Proposals (rules 32–36, 39–41): when a round may begin, and what it must repeat of the one before.
import { type CorpusCase, faults, type Row, sound } from "../case.ts";
import {
  all,
  changeList,
  digestAt,
  type Edit,
  edited,
  type Json,
  put,
  type Written,
  ZERO,
} from "../json-edit.ts";
import { digestOf, sha256Hex, utf8 } from "../primitives.ts";
import { INSTEAD, SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, inserted, type Step } from "../step.ts";

const { proposal, decision } = SEQ;
const {
  approved,
  rejected,
  revisedOnce,
  revisedTwice,
  twoWrites,
  expired,
  failed,
  unknown,
  edited: sentBack,
} = SCENARIOS;
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
const wordless = sentBack;
const wordy = amend(sentBack, decision, { reason: "Like this." });

const _ARGS = { path: "src/checkout.js", content: "x\n", before: null };
const CALL = { connector: "repository", method: "write_file" };

const REVERTING = { run: "run-0", handoff: ZERO, bundle: "{}" };
/** The script of a first proposal, which a reviewer's has not. */
const FIRST_CODE = "async () => write(1);";
const author = (kind: string, id: string): Edit => put("predicate.author", { kind, id });
const withoutCode: Edit = changeList("subject", (old) => old.slice(0, 1));

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
  ...faults("edit", "What the reviewer wants instead is the next proposal, to the byte.", [
    [
      39,
      "another action",
      SECOND,
      { call: { ...INSTEAD, args: edited(INSTEAD.args, put("content", "export const status = 423;\n")) } },
      { from: sentBack },
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
      { from: sentBack },
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
      [
        41,
        "another reviewer than the one who edited",
        SECOND,
        author("reviewer", "alice"),
        { from: sentBack },
      ],
      [
        41,
        "the starter, of what another edited",
        SECOND,
        author("reviewer", "oncall@example.com"),
        { from: sentBack },
      ],
      [41, "the planner, of an edit", SECOND, all(author("agent", "scripted"), addCode), { from: sentBack }],
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
