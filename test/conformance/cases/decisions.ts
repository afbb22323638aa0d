// Decisions: on exactly what was shown, in time, and with a reason where one is owed.
import { sha256Hex } from "../../../src/receipt/index.ts";
import { type ConformanceCase, type Fault, faults, fromRows, type Row, sound } from "../case.ts";
import { digestAt, put, ZERO } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { decision, execution } = SEQ;
const { approved, rejected, revisedOnce } = SCENARIOS;
const OTHER = "other action";
const otherAction = put("subject.0.digest.sha256", sha256Hex(new TextEncoder().encode(OTHER)));
/** The decision of a revised run's second round. */
const SECOND = 8;

const decided: readonly Row[] = [
  [
    "ERR_PROPOSAL",
    "on a proposal that is not there",
    decision,
    put("predicate.proposal", ZERO),
    "A decision names the open proposal.",
  ],
  [
    "ERR_PROPOSAL",
    "on the proposal before",
    SECOND,
    put("predicate.proposal", digestAt(2)),
    "An approval never moves to another proposal.",
    revisedOnce,
  ],
  [
    "ERR_PREVIEW",
    "on a preview that is not there",
    decision,
    put("predicate.preview", ZERO),
    "A decision names the open preview.",
  ],
  [
    "ERR_PREVIEW",
    "on the preview before",
    SECOND,
    put("predicate.preview", digestAt(3)),
    "A decision is on what was shown last.",
    revisedOnce,
  ],
  [
    "ERR_PREVIEW",
    "on the proposal in the preview's place",
    decision,
    put("predicate.preview", digestAt(2)),
    "A decision names the open preview.",
  ],
  ["ERR_ACTION_MISMATCH", "on another action", decision, otherAction, "One approval covers one action."],
  [
    "ERR_DECISION_REASON",
    "to request changes without saying which",
    decision,
    put("predicate.reason", ""),
    "A request for changes says what to change.",
    revisedOnce,
  ],
];

const late: readonly Fault[] = [0, 1, 86_400_000].flatMap((ms) =>
  (["approve", "reject"] as const).map((word) => ({
    name: `${word} ${ms} ms after the proposal expired`,
    why: "A decision is made before expiresAt.",
    code: "ERR_DECISION_LATE" as const,
    seq: decision,
    step: { decision: word, after: 900_000 + ms },
  })),
);

export const decisionCases: readonly ConformanceCase[] = [
  ...faults("decision", fromRows(decided, { store: [OTHER] })),
  ...faults("decision", late),
  ...sound("decision", [
    {
      name: "in the last millisecond",
      why: "A decision is made before expiresAt.",
      from: amend(approved, decision, { after: 899_999 }),
    },
    {
      name: "in time, executed long after",
      why: "The decision must be in time; the execution follows when it can.",
      from: amend(approved, execution, { after: 86_400_000 }),
    },
    {
      name: "a rejection without a reason",
      why: "Only a request for changes must say why.",
      from: amend(rejected, decision, { reason: "" }),
    },
    {
      name: "a rejection with a reason",
      why: "Any decision may say why.",
      from: amend(rejected, decision, { reason: "Not on a Friday." }),
    },
  ]),
];
