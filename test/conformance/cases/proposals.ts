// Proposals: when a round may begin, what it must repeat of the one before, and an action that can be read.
import { canonicalize, sha256Hex } from "../../../src/receipt/index.ts";
import { type ConformanceCase, type Fault, faults } from "../case.ts";
import { digestAt, type Json, put, type Written, ZERO } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { inserted, type Step } from "../step.ts";

const { proposal } = SEQ;
const { approved, rejected, revisedOnce, revisedTwice, twoWrites, expired, failed } = SCENARIOS;
/** The second round of every scenario that has one starts here. */
const SECOND = 6;

const ROUND: readonly Step[] = [
  { kind: "proposal" },
  { kind: "preview" },
  { kind: "decision" },
  { kind: "execution" },
];

const restarts: readonly Fault[] = (
  [
    ["a rejection", rejected, 6],
    ["an executed write with nothing more to do", approved, 6],
    ["a failed write", failed, 6],
    ["an expiry", expired, 5],
  ] as const
).map(([name, from, seq]) => ({
  name: `after ${name}`,
  why: "A round may follow only a request for changes, or an execution with more to do.",
  code: "ERR_ROUND_NOT_DUE",
  seq,
  from: inserted(from, seq, ...ROUND),
}));

type Setting = readonly [
  name: string,
  from: readonly Step[],
  seq: number,
  value: Json | ((written: Written) => Json),
];

/** Faults that set one field of a proposal. */
const setting = (code: Fault["code"], why: string, path: string, list: readonly Setting[]): Fault[] =>
  list.map(([name, from, seq, value]) => ({
    name,
    why,
    code,
    seq,
    from,
    edit: put(`predicate.${path}`, value),
  }));

const FEEDBACK: Json = { text: "Be bold.", applied: [], notApplied: [] };

const rounds: readonly Fault[] = [
  ...setting(
    "ERR_REVISION",
    "Revisions count from 1, and by one with each request for changes.",
    "revision",
    [
      ["a first proposal of revision 2", approved, proposal, 2],
      ["a revision of the same number", revisedOnce, SECOND, 1],
      ["a revision that skips a number", revisedOnce, SECOND, 3],
      ["a second write counted as a revision", twoWrites, SECOND, 2],
    ],
  ),
  ...setting(
    "ERR_SUPERSEDES",
    "A revision names the proposal it replaces, and nothing else names one.",
    "supersedes",
    [
      ["a first proposal that supersedes", approved, proposal, ZERO],
      ["a revision that supersedes nothing", revisedOnce, SECOND, null],
      ["a revision that supersedes the decision", revisedOnce, SECOND, digestAt(4)],
      ["a third proposal that supersedes the first", revisedTwice, 10, digestAt(2)],
      ["a second write that supersedes the first", twoWrites, SECOND, digestAt(2)],
    ],
  ),
  ...setting(
    "ERR_FEEDBACK",
    "Feedback repeats the reviewer's own words, and stands only where there were some.",
    "feedback",
    [
      ["a first proposal with feedback", approved, proposal, FEEDBACK],
      ["a revision without feedback", revisedOnce, SECOND, null],
      ["a revision with another's words", revisedOnce, SECOND, FEEDBACK],
      ["a second write with feedback", twoWrites, SECOND, FEEDBACK],
    ],
  ),
  {
    name: "a second write from another script",
    why: "The approved script goes on, and no other.",
    code: "ERR_CODE",
    seq: SECOND,
    from: twoWrites,
    step: { code: "async () => somethingElse();" },
  },
];

const ARGS = { path: "src/checkout.js", content: "x\n", before: null };
const CALL = { connector: "repository", method: "write_file" };
const actions: readonly (readonly [name: string, text: string])[] = [
  ["no JSON", "write_file(src/checkout.js)"],
  ["not canonical", JSON.stringify({ method: "write_file", connector: "repository", args: ARGS })],
  ["with a trailing newline", `${canonicalize({ ...CALL, args: ARGS })}\n`],
  ["without arguments", canonicalize(CALL)],
  ["with an unknown member", canonicalize({ ...CALL, args: ARGS, force: true })],
  ["with an empty connector", canonicalize({ ...CALL, connector: "", args: ARGS })],
  ["with an argument missing", canonicalize({ ...CALL, args: { path: "a", content: "b" } })],
  ["with an argument too many", canonicalize({ ...CALL, args: { ...ARGS, mode: "0777" } })],
  ["with arguments in a list", canonicalize({ ...CALL, args: [ARGS] })],
  ["with an empty path", canonicalize({ ...CALL, args: { ...ARGS, path: "" } })],
  ["with a before that is no digest", canonicalize({ ...CALL, args: { ...ARGS, before: "HEAD" } })],
  ["with content that is a number", canonicalize({ ...CALL, args: { ...ARGS, content: 1 } })],
];

export const proposalCases: readonly ConformanceCase[] = [
  ...faults("round", restarts),
  ...faults("round", rounds),
  ...faults(
    "action",
    actions.map(([name, text]) => ({
      name,
      why: "An action is canonical JSON of connector, method and args; write_file takes path, content and before.",
      code: "ERR_ACTION",
      seq: proposal,
      edit: put("subject.0.digest.sha256", sha256Hex(new TextEncoder().encode(text))),
      options: { store: [text] },
    })),
  ),
  ...faults("action", [
    {
      name: "of another gated call, without arguments",
      why: "An action has connector, method and args, whatever it calls.",
      code: "ERR_ACTION",
      seq: proposal,
      edit: put(
        "subject.0.digest.sha256",
        sha256Hex(new TextEncoder().encode('{"connector":"pager","method":"page"}')),
      ),
      options: {
        store: ['{"connector":"pager","method":"page"}'],
        policy: (value, written) => put("method", "page")(put("connector", "pager")(value, written), written),
      },
    },
  ]),
];
