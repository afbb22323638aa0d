// The grammar: what may follow what. Each chain is linked and signed again after its receipts were put in another order.
import { type ConformanceCase, type Fault, faults } from "../case.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { inserted, type Step, without } from "../step.ts";

const { approved } = SCENARIOS;

/** For each place in an approved run, kinds that may not stand there. */
const INTRUDERS: readonly (readonly [seq: number, kinds: string])[] = [
  [SEQ.alert, "evidence proposal decision outcome handoff"],
  [SEQ.evidence, "alert proposal preview outcome handoff"],
  [SEQ.proposal, "alert evidence preview decision execution handoff"],
  [SEQ.preview, "evidence proposal decision execution outcome"],
  [SEQ.decision, "proposal preview outcome handoff"],
  [SEQ.execution, "proposal preview decision outcome"],
  [SEQ.outcome, "preview decision handoff evidence"],
  [SEQ.handoff, "alert proposal outcome"],
];

const KINDS = Object.keys(SEQ);

const intrusions: readonly Fault[] = INTRUDERS.flatMap(([seq, kinds]) =>
  kinds.split(" ").map((kind) => ({
    name: `${kind} ${seq === 0 ? "first" : `right after the ${KINDS[seq - 1]}`}`,
    why: "alert evidence (proposal preview decision? execution)* outcome handoff, and nothing else.",
    code: "ERR_KIND_ORDER",
    seq,
    at: seq,
    from: inserted(approved, seq, stepOf(kind)),
  })),
);

const omissions: readonly Fault[] = (
  [
    ["alert", 0],
    ["evidence", 1],
    ["proposal", 2],
    ["preview", 3],
    ["execution", 5],
    ["outcome", 6],
  ] as const
).map(([kind, seq]) => ({
  name: `${kind} left out and the rest linked again`,
  why: "No step may be skipped, however well the rest is signed.",
  code: "ERR_KIND_ORDER",
  seq,
  from: without(approved, seq),
}));

const afterwards: readonly Fault[] = (["alert", "evidence", "proposal", "outcome", "handoff"] as const).map(
  (kind) => ({
    name: `${kind} after the handoff`,
    why: "A run ends with its handoff; another run may continue it.",
    code: "ERR_AFTER_HANDOFF",
    seq: 8,
    from: [...approved, stepOf(kind)],
  }),
);

export const orderCases: readonly ConformanceCase[] = [
  ...faults("order", intrusions),
  ...faults("order", omissions),
  ...faults("order", [
    {
      name: "an expired proposal withheld twice",
      why: "A round has one execution.",
      code: "ERR_KIND_ORDER",
      seq: 5,
      from: inserted(SCENARIOS.expired, 5, stepOf("execution")),
    },
  ]),
  ...faults("after handoff", afterwards),
];

function stepOf(kind: string): Step {
  const step = approved.find((each) => each.kind === kind);
  if (!step) throw new Error(`expected a kind of receipt, got ${kind}`);
  return step;
}
