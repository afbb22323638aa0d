// Executions: of the decision and the call that were open, answered once, and told as it truly went.
import { sha256Hex } from "../../../src/receipt/index.ts";
import { type ConformanceCase, type Fault, faults, fromRows, type Row, sound } from "../case.ts";
import { all, changeList, digestAt, put, ZERO } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, inserted } from "../step.ts";

const { execution } = SEQ;
const { approved, rejected, revisedOnce, expired, failed } = SCENARIOS;
const store = ["other action", "a result"];
const sha256 = (text: string) => sha256Hex(new TextEncoder().encode(text));
const otherAction = put("subject.0.digest.sha256", sha256("other action"));
const CHANGE = { path: "src/checkout.js", before: null, after: ZERO };
/** The execution of a run whose proposal nobody answered. */
const EXPIRY = 4;

const withResult = changeList("subject", (old) => [
  ...old.slice(0, 1),
  { name: "result", digest: { sha256: sha256("a result") } },
]);
/** Tells a withheld or failed call as executed, whole and without contradiction in itself. */
const asExecuted = all(
  withResult,
  put("predicate.status", "executed"),
  put("predicate.written", true),
  put("predicate.changes", [CHANGE]),
);
const asFailed = put("predicate.status", "failed");
const asWithheld = all(
  changeList("subject", (old) => old.slice(0, 1)),
  put("predicate.status", "withheld"),
  put("predicate.written", false),
  put("predicate.changes", []),
);

const executed: readonly Row[] = [
  [
    "ERR_DECISION",
    "of no decision though there is one",
    execution,
    put("predicate.decision", null),
    "An execution names the decision that it answers.",
  ],
  [
    "ERR_DECISION",
    "of a decision that is not there",
    execution,
    put("predicate.decision", ZERO),
    "An execution names the decision that it answers.",
  ],
  [
    "ERR_DECISION",
    "of the preview in the decision's place",
    execution,
    put("predicate.decision", digestAt(3)),
    "An execution names the decision that it answers.",
  ],
  [
    "ERR_DECISION",
    "of a decision after an expiry",
    EXPIRY,
    put("predicate.decision", ZERO),
    "Where nobody decided there is no decision to name.",
    expired,
  ],
  ["ERR_ACTION_MISMATCH", "of another action", execution, otherAction, "What was approved is what runs."],
  [
    "ERR_EXECUTION_ID",
    "in another execution",
    execution,
    put("predicate.execution.id", "exec-9"),
    "The previewed call is the one that ends.",
  ],
  [
    "ERR_EXECUTION_ID",
    "of another call",
    execution,
    put("predicate.execution.seq", 2),
    "The previewed call is the one that ends.",
  ],
  [
    "ERR_EXECUTION_STATUS",
    "withheld though approved",
    execution,
    asWithheld,
    "After an approval the call runs, well or badly.",
  ],
  [
    "ERR_EXECUTION_STATUS",
    "executed though rejected",
    execution,
    asExecuted,
    "Nothing runs without an approval.",
    rejected,
  ],
  [
    "ERR_EXECUTION_STATUS",
    "executed though changes were asked for",
    execution,
    asExecuted,
    "Nothing runs without an approval.",
    revisedOnce,
  ],
  [
    "ERR_EXECUTION_STATUS",
    "executed though nobody decided",
    EXPIRY,
    asExecuted,
    "Silence is no approval.",
    expired,
  ],
  [
    "ERR_EXECUTION_STATUS",
    "failed though rejected",
    execution,
    asFailed,
    "What was rejected is withheld.",
    rejected,
  ],
  [
    "ERR_EXECUTION_STATUS",
    "failed though nobody decided",
    EXPIRY,
    asFailed,
    "What nobody decided is withheld.",
    expired,
  ],
  [
    "ERR_WRITTEN",
    "executed but not written",
    execution,
    put("predicate.written", false),
    "Executed and written are one claim.",
  ],
  [
    "ERR_WRITTEN",
    "failed but written",
    execution,
    put("predicate.written", true),
    "What failed wrote nothing.",
    failed,
  ],
  [
    "ERR_WRITTEN",
    "withheld but written",
    execution,
    put("predicate.written", true),
    "What was withheld wrote nothing.",
    rejected,
  ],
  [
    "ERR_WRITTEN",
    "withheld at expiry but written",
    EXPIRY,
    put("predicate.written", true),
    "What was withheld wrote nothing.",
    expired,
  ],
  [
    "ERR_CHANGES",
    "executed with no change",
    execution,
    put("predicate.changes", []),
    "What was executed changed what the preview said.",
  ],
  [
    "ERR_CHANGES",
    "executed with another content",
    execution,
    put("predicate.changes.0.after", ZERO),
    "What was executed changed what the preview said.",
  ],
  [
    "ERR_CHANGES",
    "executed on another file",
    execution,
    put("predicate.changes.0.path", "README.md"),
    "What was executed changed what the preview said.",
  ],
  [
    "ERR_CHANGES",
    "executed from another content",
    execution,
    put("predicate.changes.0.before", null),
    "What was executed changed what the preview said.",
  ],
  [
    "ERR_CHANGES",
    "failed with a change",
    execution,
    put("predicate.changes", [CHANGE]),
    "What failed changed nothing.",
    failed,
  ],
  [
    "ERR_CHANGES",
    "withheld with a change",
    execution,
    put("predicate.changes", [CHANGE]),
    "What was withheld changed nothing.",
    rejected,
  ],
  [
    "ERR_MORE",
    "failed with more to do",
    execution,
    put("predicate.more", true),
    "A script goes on only after a call that was executed.",
    failed,
  ],
  [
    "ERR_MORE",
    "withheld with more to do",
    execution,
    put("predicate.more", true),
    "A script goes on only after a call that was executed.",
    rejected,
  ],
  [
    "ERR_MORE",
    "expired with more to do",
    EXPIRY,
    put("predicate.more", true),
    "A script goes on only after a call that was executed.",
    expired,
  ],
];

const consumed: readonly Fault[] = [
  {
    name: "an approved write executed twice",
    why: "One approval allows one execution.",
    code: "ERR_DECISION_CONSUMED",
    seq: 6,
    from: inserted(approved, 6, { kind: "execution" }),
  },
  {
    name: "an approval used again for the second write",
    why: "One approval never covers two actions.",
    code: "ERR_DECISION_CONSUMED",
    seq: 9,
    from: SCENARIOS.twoWrites,
    edit: put("predicate.decision", digestAt(4)),
  },
  {
    name: "an approval used again where nobody decided",
    why: "One approval never covers two actions.",
    code: "ERR_DECISION_CONSUMED",
    seq: 8,
    from: [
      ...SCENARIOS.twoWrites.slice(0, 8),
      { kind: "execution", edit: put("predicate.decision", digestAt(4)) },
      { kind: "outcome" },
      { kind: "handoff" },
    ],
  },
  {
    name: "an execution after the outcome",
    why: "One approval allows one execution.",
    code: "ERR_DECISION_CONSUMED",
    seq: 7,
    from: inserted(approved, 7, { kind: "execution" }),
  },
];

export const executionCases: readonly ConformanceCase[] = [
  ...faults("execution", fromRows(executed, { store })),
  ...faults(
    "execution",
    [0, 899_999].map((after) => ({
      name: `withheld ${after} ms after the preview, with nobody's decision`,
      why: "The reviewer's time runs out at expiresAt, not before.",
      code: "ERR_EXECUTION_EARLY",
      seq: EXPIRY,
      from: expired,
      step: { after },
    })),
  ),
  ...faults("consumed", consumed),
  ...sound("execution", [
    {
      name: "an expiry found a day later",
      why: "The runtime withholds when it next wakes.",
      from: amend(expired, EXPIRY, { after: 86_400_000 }),
    },
  ]),
];
