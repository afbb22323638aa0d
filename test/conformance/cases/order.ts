// The grammar (rules 24 and 25): what may follow what. Each chain is linked and signed again after its receipts were changed.
import { faults, type Row, sound } from "../case.ts";
import { LISTED } from "../reviewer-keys.ts";
import { QUORUM, QUORUMS, SCENARIOS, SEQ } from "../scenarios.ts";
import { inserted, KINDS, type Kind, type Step, without } from "../step.ts";

const { approved, rejected, expired, revisedOnce } = SCENARIOS;

/** What may come after each kind in an approved run, and first of all. Everything else is tried. */
const MAY_FOLLOW: Readonly<Record<Kind | "nothing", readonly Kind[]>> = {
  nothing: ["alert"],
  alert: ["evidence"],
  evidence: ["evidence", "proposal", "outcome"],
  proposal: ["preview"],
  preview: ["decision", "execution"],
  decision: ["execution"],
  execution: ["proposal", "outcome"],
  outcome: ["handoff"],
  handoff: [],
};

const intrusions = (["nothing", ...KINDS.slice(0, -1)] as const).flatMap((last, seq) =>
  KINDS.filter((kind) => !MAY_FOLLOW[last].includes(kind)).map(
    (kind): Row => [
      25,
      `${kind} ${last === "nothing" ? "first" : `after ${last}`}`,
      seq,
      {},
      { from: inserted(approved, seq, stepOf(kind)) },
    ],
  ),
);

const omissions = KINDS.slice(0, -1)
  .filter((kind) => kind !== "decision")
  .map((kind): Row => [25, `${kind} left out`, SEQ[kind], {}, { from: without(approved, SEQ[kind]) }]);

const REJECT: Step = { kind: "decision", decision: "reject" };

export const orderCases = [
  ...faults(
    "order",
    "alert evidence (evidence | round)* outcome handoff, a round being proposal preview decision* execution.",
    [...intrusions, ...omissions],
  ),
  ...faults("order", "Once a round has settled only its execution may come.", [
    [25, "a rejection after the approval that settled", 5, {}, { from: inserted(approved, 5, REJECT) }],
    [25, "an approval after a rejection", 5, {}, { from: inserted(rejected, 5, stepOf("decision")) }],
    [
      25,
      "an approval after a request for changes",
      5,
      {},
      { from: inserted(revisedOnce, 5, stepOf("decision")) },
    ],
    [
      25,
      "a fourth approval of three",
      7,
      {},
      {
        from: inserted(QUORUMS.approved, 7, { kind: "decision", reviewer: "dora" }),
        options: QUORUM,
        trust: LISTED,
      },
    ],
  ]),
  ...faults("order", "A round has one execution.", [
    [25, "an expired proposal withheld twice", 5, {}, { from: inserted(expired, 5, stepOf("execution")) }],
    [25, "an execution after the outcome", 7, {}, { from: inserted(approved, 7, stepOf("execution")) }],
  ]),
  ...faults("order", "Evidence comes before the first proposal, and where changes were asked for.", [
    [25, "evidence after a rejection", 6, {}, { from: inserted(rejected, 6, stepOf("evidence")) }],
    [25, "evidence after an expiry", 5, {}, { from: inserted(expired, 5, stepOf("evidence")) }],
    [
      25,
      "evidence where the same script goes on",
      6,
      {},
      { from: inserted(SCENARIOS.twoWrites, 6, stepOf("evidence")) },
    ],
    [
      25,
      "evidence between a preview and its decision",
      4,
      {},
      { from: inserted(approved, 4, stepOf("evidence")) },
    ],
  ]),
  ...faults(
    "order",
    "A run ends with its handoff; another run may continue it.",
    KINDS.map((kind): Row => [24, `${kind} after the handoff`, 8, {}, { from: [...approved, stepOf(kind)] }]),
  ),
  ...sound("order", "Evidence comes before the first proposal, and where changes were asked for.", [
    [
      "evidence after a request for changes, and then the end",
      { from: inserted(SCENARIOS.revisedThenNothing, 6, stepOf("evidence"), stepOf("evidence")) },
    ],
  ]),
];

function stepOf(kind: Kind): Step {
  return { kind };
}
