// Executions (rules 68–73): of the decision and the call that were open, and told as they truly went.
import { accepted, type CorpusCase, faults, type Row, type Story, sound } from "../case.ts";
import { all, changeList, digestAt, type Edit, put, ZERO } from "../json-edit.ts";
import { sha256Hex, utf8 } from "../primitives.ts";
import { LISTED } from "../reviewer-keys.ts";
import { QUORUM, QUORUMS, SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, inserted } from "../step.ts";

const { execution } = SEQ;
const { rejected, revisedOnce, expired, failed, unknown, twoWrites, edited } = SCENARIOS;
const store = ["other action", '{"ok":true}'];
const sha256 = (text: string) => sha256Hex(utf8(text));
/** The execution of a run whose proposal nobody answered. */
const EXPIRY = 4;
const quorum: Story = { options: { ...QUORUM, store }, trust: LISTED };

const withResult = changeList("subject", (old) => [
  ...old.slice(0, 1),
  { name: "result", digest: { sha256: sha256('{"ok":true}') } },
]);
const withoutResult = changeList("subject", (old) => old.slice(0, 1));
const told = (status: string): Edit =>
  all(status === "executed" ? withResult : withoutResult, put("predicate.status", status));
const decision = (value: Parameters<typeof put>[1]): Edit => put("predicate.decision", value);

const notRun = ["executed", "failed", "unknown"].flatMap((status): Row[] => [
  [71, `${status} though rejected`, execution, told(status), { from: rejected }],
  [71, `${status} though changes were asked for`, execution, told(status), { from: revisedOnce }],
  [71, `${status} though nobody decided`, EXPIRY, told(status), { from: expired }],
  [71, `${status} with one approval of three`, 5, told(status), { ...quorum, from: QUORUMS.expired }],
]);

export const executionCases: readonly CorpusCase[] = [
  ...faults("execution", "An execution names the decision that settled its round.", [
    [68, "of no decision though one settled", execution, decision(null)],
    [68, "of no decision though it was rejected", execution, decision(null), { from: rejected }],
    [68, "of a decision that is not there", execution, decision(ZERO)],
    [68, "of the preview in the decision's place", execution, decision(digestAt(3))],
    [68, "of a decision where nobody decided", EXPIRY, decision(digestAt(3)), { from: expired }],
    [68, "of the first approval of three", 7, decision(digestAt(4)), { ...quorum, from: QUORUMS.approved }],
    [68, "of the second approval of three", 7, decision(digestAt(5)), { ...quorum, from: QUORUMS.approved }],
    [
      68,
      "of an approval, where a rejection settled",
      7,
      decision(digestAt(5)),
      { ...quorum, from: QUORUMS.rejected },
    ],
    [
      68,
      "of the only approval of three, once expired",
      5,
      decision(digestAt(4)),
      { ...quorum, from: QUORUMS.expired },
    ],
    [68, "of the approval of the write before", 9, decision(digestAt(4)), { from: twoWrites }],
    [
      68,
      "of the approval of the write before, where nobody decided",
      8,
      decision(digestAt(4)),
      { from: SCENARIOS.secondWriteExpired },
    ],
  ]),
  ...faults(
    "execution",
    "The call that was shown is the one that ends.",
    [
      [69, "of another action", execution, put("subject.0.digest.sha256", sha256("other action"))],
      [
        69,
        "of another action, withheld",
        execution,
        put("subject.0.digest.sha256", sha256("other action")),
        { from: rejected },
      ],
      [70, "in another execution", execution, put("predicate.execution.id", "exec-2")],
      [70, "of another call", execution, put("predicate.execution.seq", 2)],
      [70, "in none", execution, put("predicate.execution", null)],
      [
        70,
        "in one, of a reviewer's edit",
        9,
        put("predicate.execution", { id: "exec-2", seq: 2 }),
        { from: edited },
      ],
      [70, "at the call of the write before", 9, put("predicate.execution.seq", 1), { from: twoWrites }],
    ],
    { options: { store } },
  ),
  ...faults(
    "execution's status",
    "What was approved is executed, failed or unknown.",
    [
      [71, "withheld though approved", execution, told("withheld")],
      [71, "withheld though three approved", 7, told("withheld"), { ...quorum, from: QUORUMS.approved }],
      [
        71,
        "withheld though approved, long after its expiry",
        execution,
        { edit: told("withheld"), wait: 86_400_000 },
      ],
    ],
    { options: { store } },
  ),
  ...faults("execution's status", "Nothing runs without its approvals.", notRun, { options: { store } }),
  ...faults("early execution", "The reviewer's time runs out at expiresAt, not before.", [
    [72, "withheld at once, with nobody's decision", EXPIRY, { wait: 0 }, { from: expired }],
    [
      72,
      "withheld a millisecond before expiry, with nobody's decision",
      EXPIRY,
      { wait: 899_999 },
      { from: expired },
    ],
    [
      72,
      "withheld before expiry, with one approval of three",
      5,
      { wait: 839_999 },
      { ...quorum, from: QUORUMS.expired },
    ],
  ]),
  ...faults("more", "A script goes on only after a call of its own that was executed.", [
    [73, "failed, with more to do", execution, { more: true }, { from: failed }],
    [73, "unknown, with more to do", execution, { more: true }, { from: unknown }],
    [73, "withheld, with more to do", execution, { more: true }, { from: rejected }],
    [73, "sent back, with more to do", execution, { more: true }, { from: revisedOnce }],
    [73, "expired, with more to do", EXPIRY, { more: true }, { from: expired }],
    [73, "a reviewer's edit, with more to do", 9, { more: true }, { from: edited }],
  ]),
  ...accepted("execution", "recovered is told by any execution, and no rule asks for it.", [
    ["failed, and recovered", execution, { recovered: true }, { from: failed }],
    ["unknown, and recovered", execution, { recovered: true }, { from: unknown }],
    ["withheld, and recovered", EXPIRY, { recovered: true }, { from: expired }],
    ["executed, without a reason", execution, put("predicate.reason", "")],
  ]),
  ...sound("execution", "The decision must be in time; what follows comes when it can.", [
    ["an expiry found a day later", { from: amend(expired, EXPIRY, { wait: 86_400_000 }) }],
    ["a rejection withheld before expiry", { from: amend(rejected, execution, { wait: 0 }) }],
    [
      "a third write after two",
      {
        from: inserted(
          amend(twoWrites, 9, { more: true }),
          10,
          { kind: "proposal", path: "docs/README.md" },
          { kind: "preview" },
          { kind: "decision" },
          { kind: "execution" },
        ),
      },
    ],
    [
      "one approval of three, and withheld at the instant of expiry",
      { ...quorum, from: amend(QUORUMS.expired, 5, { wait: 840_000 }) },
    ],
  ]),
];
