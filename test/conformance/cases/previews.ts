// Previews: about the open proposal, in the right execution, with the changes that follow from the action's arguments.
import { digestOf, sha256Hex } from "../../../src/receipt/index.ts";
import { type ConformanceCase, faults, fromRows, type Row } from "../case.ts";
import { all, changeList, digestAt, put, ZERO } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { preview } = SEQ;
const { revisedOnce, revisedTwice, twoWrites } = SCENARIOS;
const utf8 = (text: string) => new TextEncoder().encode(text);
const store = ["other action", "other code", "other file"];
const subject = (i: number, text: string) => put(`subject.${i}.digest.sha256`, sha256Hex(utf8(text)));
/** The preview of the second round, of every scenario that has one. */
const SECOND = 7;
const CHANGE = "predicate.changes.0";
const AS_IT_WAS = digestOf(utf8("export const status = 500;\n"));

const about = "A preview is about the open proposal, its action and its script.";
const follows = "What an action changes follows from its arguments alone.";
const fresh = "A revision comes from an execution never seen before.";
const onward = "A second write is a later call of the same execution.";

const rows: readonly Row[] = [
  ["ERR_PROPOSAL", "about a proposal that is not there", preview, put("predicate.proposal", ZERO), about],
  ["ERR_PROPOSAL", "about the evidence", preview, put("predicate.proposal", digestAt(1)), about],
  [
    "ERR_PROPOSAL",
    "about the proposal before",
    SECOND,
    put("predicate.proposal", digestAt(2)),
    about,
    revisedOnce,
  ],
  ["ERR_ACTION_MISMATCH", "of another action", preview, subject(0, "other action"), about],
  ["ERR_CODE", "of another script", preview, subject(1, "other code"), about],
  ["ERR_CHANGES", "of another file", preview, put(`${CHANGE}.path`, "src/cart.js"), follows],
  ["ERR_CHANGES", "with another content after", preview, put(`${CHANGE}.after`, ZERO), follows],
  ["ERR_CHANGES", "with another content before", preview, put(`${CHANGE}.before`, ZERO), follows],
  ["ERR_CHANGES", "with nothing really changed", preview, put(`${CHANGE}.after`, AS_IT_WAS), follows],
  [
    "ERR_CHANGES",
    "with one change more",
    preview,
    changeList("predicate.changes", (old) => [...old, ...old]),
    follows,
  ],
  [
    "ERR_CHANGES",
    "with no change at all",
    preview,
    all(
      put("predicate.changes", []),
      changeList("subject", (old) => old.slice(0, 2)),
    ),
    follows,
  ],
  ["ERR_CHANGES", "whose subject before is another file", preview, subject(2, "other file"), follows],
  [
    "ERR_CHANGES",
    "of a second write, with the file as it was before the first",
    SECOND,
    put(`${CHANGE}.before`, AS_IT_WAS),
    follows,
    amend(twoWrites, 6, { path: "src/checkout.js" }),
  ],
];

const executions: readonly Row[] = [
  [
    "ERR_EXECUTION_ID",
    "a revision in the execution of the first",
    SECOND,
    put("predicate.execution.id", "exec-1"),
    fresh,
    revisedOnce,
  ],
  [
    "ERR_EXECUTION_ID",
    "a third proposal in the execution of the first",
    11,
    put("predicate.execution.id", "exec-1"),
    fresh,
    revisedTwice,
  ],
  [
    "ERR_EXECUTION_ID",
    "a second write in another execution",
    SECOND,
    put("predicate.execution.id", "exec-2"),
    onward,
    twoWrites,
  ],
  [
    "ERR_EXECUTION_ID",
    "a second write at the same call",
    SECOND,
    put("predicate.execution.seq", 1),
    onward,
    twoWrites,
  ],
  [
    "ERR_EXECUTION_ID",
    "a second write at an earlier call",
    SECOND,
    put("predicate.execution.seq", 0),
    onward,
    twoWrites,
  ],
];

export const previewCases: readonly ConformanceCase[] = [
  ...faults("preview", fromRows(rows, { store })),
  ...faults("preview", [
    {
      name: "that waits a millisecond longer than the policy allows",
      why: "expiresAt is at most decisionSeconds after issuedAt.",
      code: "ERR_EXPIRY",
      seq: preview,
      edit: put("predicate.expiresAt", "2026-11-23T05:48:00.001Z"),
    },
    {
      name: "that waits a year",
      why: "expiresAt is at most decisionSeconds after issuedAt.",
      code: "ERR_EXPIRY",
      seq: preview,
      edit: put("predicate.expiresAt", "2027-11-23T05:48:00.000Z"),
    },
  ]),
  ...faults("execution id", fromRows(executions)),
];
