// The sums at the end: an outcome and a handoff may say only what the chain before them says.
import { canonicalize, digestOf, sha256Hex } from "../../../src/receipt/index.ts";
import { type ConformanceCase, type Fault, faults } from "../case.ts";
import { digestAt, type Edit, type Json, put, ZERO } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import type { Step } from "../step.ts";

const { outcome, handoff } = SEQ;
const { approved, unresolved, rejected, twoWrites, notRun } = SCENARIOS;
const utf8 = (text: string) => new TextEncoder().encode(text);
const TALLY: Json = { requests: 40, failed: 0, good: 30, goodFailed: 0 };

type Row = readonly [code: Fault["code"], name: string, seq: number, edit: Edit, from?: readonly Step[]];

const outcomes: readonly Row[] = [
  ["ERR_OUTCOME_EXECUTION", "of no execution though there is one", outcome, put("predicate.execution", null)],
  ["ERR_OUTCOME_EXECUTION", "of an execution that is not there", outcome, put("predicate.execution", ZERO)],
  [
    "ERR_OUTCOME_EXECUTION",
    "of the decision in the execution's place",
    outcome,
    put("predicate.execution", digestAt(4)),
  ],
  [
    "ERR_OUTCOME_EXECUTION",
    "of the first execution of two",
    10,
    put("predicate.execution", digestAt(5)),
    twoWrites,
  ],
  [
    "ERR_OUTCOME_EXECUTION",
    "of an execution though there is none",
    2,
    put("predicate.execution", ZERO),
    notRun,
  ],
  [
    "ERR_OUTCOME_STATUS",
    "unresolved though nothing fails any more",
    outcome,
    put("predicate.status", "unresolved"),
  ],
  ["ERR_OUTCOME_STATUS", "not run though written", outcome, put("predicate.status", "not_run")],
  [
    "ERR_OUTCOME_STATUS",
    "resolved though requests fail",
    outcome,
    put("predicate.status", "resolved"),
    unresolved,
  ],
  ["ERR_OUTCOME_STATUS", "resolved though one request fails", outcome, put("predicate.after.failed", 1)],
  [
    "ERR_OUTCOME_STATUS",
    "resolved though one good checkout fails",
    outcome,
    put("predicate.after.goodFailed", 1),
  ],
  [
    "ERR_OUTCOME_STATUS",
    "resolved though nothing ran",
    outcome,
    put("predicate.status", "resolved"),
    rejected,
  ],
  ["ERR_OUTCOME_STATUS", "unresolved though nothing ran", 2, put("predicate.status", "unresolved"), notRun],
];

const tallies: readonly Row[] = [
  ["ERR_TALLY", "none after though written", outcome, put("predicate.after", null)],
  ["ERR_TALLY", "one after though nothing was written", outcome, put("predicate.after", TALLY), rejected],
  ["ERR_TALLY", "one after though nothing ran", 2, put("predicate.after", TALLY), notRun],
  ["ERR_TALLY", "more failed than requests, before", outcome, put("predicate.before.failed", 41)],
  ["ERR_TALLY", "more good than requests, before", outcome, put("predicate.before.good", 41)],
  ["ERR_TALLY", "more good failed than good, before", outcome, put("predicate.before.goodFailed", 31)],
  ["ERR_TALLY", "more good than requests, after", outcome, put("predicate.after.good", 41)],
  ["ERR_TALLY", "more failed than requests, after", outcome, put("predicate.after.failed", 41), unresolved],
];

const README = digestOf(utf8("# Checkout\n"));
const WRITTEN = digestOf(utf8("export const status = 401;\n"));
const UNWRITTEN = digestOf(utf8("export const status = 500;\n"));
const manifests: readonly (readonly [name: string, text: string | Uint8Array])[] = [
  [
    "with a path that is not UTF-8",
    Uint8Array.from([...utf8('{"'), 0xff, ...utf8(`":"${README}","src/checkout.js":"${WRITTEN}"}`)]),
  ],
  ["that is no JSON", "README.md\n"],
  ["that is not canonical", `{"src/checkout.js":"${WRITTEN}","README.md":"${README}"}`],
  ["with a trailing newline", `{"README.md":"${README}","src/checkout.js":"${WRITTEN}"}\n`],
  [
    "that names a file twice",
    `{"README.md":"${README}","README.md":"${README}","src/checkout.js":"${WRITTEN}"}`,
  ],
  ["that is a list", canonicalize([WRITTEN])],
  ["with a digest in bare digits", canonicalize({ "src/checkout.js": WRITTEN.slice(7) })],
  ["with a file that is an object", canonicalize({ "src/checkout.js": { sha256: WRITTEN } })],
  ["with an empty path", canonicalize({ "": README, "src/checkout.js": WRITTEN })],
  ["with a file named __proto__ that has no digest", `{"__proto__":7,"src/checkout.js":"${WRITTEN}"}`],
  ["without the file that was written", canonicalize({ "README.md": README })],
  ["with the file as it was before", canonicalize({ "README.md": README, "src/checkout.js": UNWRITTEN })],
  [
    "with the written file under another path",
    canonicalize({ "README.md": README, "src/Checkout.js": WRITTEN }),
  ],
  ["of no file", "{}"],
];

const rowToFault = ([code, name, seq, edit, from]: Row): Fault => ({
  name,
  why: "An outcome sums up what was executed, and its status follows from its tallies.",
  code,
  seq,
  edit,
  ...(from ? { from } : {}),
});

export const sumCases: readonly ConformanceCase[] = [
  ...faults("outcome", outcomes.map(rowToFault)),
  ...faults("tally", tallies.map(rowToFault)),
  ...faults(
    "handoff",
    (
      [
        ["of an outcome that is not there", put("predicate.outcome", ZERO)],
        ["of the execution in the outcome's place", put("predicate.outcome", digestAt(5))],
      ] as const
    ).map(([name, edit]) => ({
      name,
      why: "A handoff hands on the outcome of its run.",
      code: "ERR_HANDOFF_OUTCOME",
      seq: handoff,
      edit,
    })),
  ),
  ...faults(
    "repository",
    manifests.map(([name, text]) => ({
      name,
      why: "The manifest is canonical JSON of path to digest, and holds every file as it was last written.",
      code: "ERR_REPOSITORY",
      seq: handoff,
      edit: put("subject.1.digest.sha256", sha256Hex(typeof text === "string" ? utf8(text) : text)),
      options: { store: [text] },
      from: approved,
    })),
  ),
  ...faults("repository", [
    {
      name: "without the first file of two that were written",
      why: "Every executed write is in the repository that is handed on.",
      code: "ERR_REPOSITORY",
      seq: 11,
      from: twoWrites,
      edit: put("subject.1.digest.sha256", sha256Hex(utf8(firstWriteUndone()))),
      options: { store: [firstWriteUndone()] },
    },
  ]),
];

function firstWriteUndone(): string {
  return canonicalize({
    "src/cart.js": digestOf(utf8("export const status = 402;\n")),
    "src/checkout.js": UNWRITTEN,
  });
}
