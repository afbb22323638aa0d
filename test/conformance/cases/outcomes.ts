// Outcomes (rules 74–76): an outcome may say only what the chain before it says.
import { type CorpusCase, faults, type Row, sound } from "../case.ts";
import { all, changeList, digestAt, drop, type Edit, type Json, put, ZERO } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { preview, outcome } = SEQ;
const {
  approved,
  unresolved,
  unmeasured,
  rejected,
  twoWrites,
  notRun,
  expired,
  failed,
  unknown,
  revisedOnce,
} = SCENARIOS;

const count = (total: number, of: number): Json => ({ total, failed: of });

const status = (word: string): Edit => put("predicate.status", word);

const after = (i: number, value: Json): Edit => put(`predicate.checks.${i}.after`, value);

const without = { from: amend(approved, preview, { checks: [] }) };

export const outcomeCases: readonly CorpusCase[] = [
  ...faults("outcome", "An outcome is that of the newest execution.", [
    [74, "of no execution though there is one", outcome, put("predicate.execution", null)],
    [74, "of an execution that is not there", outcome, put("predicate.execution", ZERO)],
    [74, "of the decision in the execution's place", outcome, put("predicate.execution", digestAt(4))],
    [74, "of the first execution of two", 10, put("predicate.execution", digestAt(5)), { from: twoWrites }],
    [
      74,
      "of what was executed, where the second was withheld",
      10,
      put("predicate.execution", digestAt(5)),
      { from: SCENARIOS.secondWriteRejected },
    ],
    [74, "of an execution though there is none", 2, put("predicate.execution", ZERO), { from: notRun }],
  ]),
  ...faults("outcome's checks", "The checks are those of the first preview, as they were then.", [
    [75, "a check less", outcome, drop("predicate.checks.1")],
    [75, "no check", outcome, all(put("predicate.checks", []), status("unmeasured"))],
    [
      75,
      "a check more",
      outcome,
      changeList("predicate.checks", (old) => [
        ...old,
        { name: "x", before: count(1, 0), after: count(1, 0) },
      ]),
    ],
    [75, "a check of another name", outcome, put("predicate.checks.0.name", "Checkouts")],
    [75, "the checks in another order", outcome, changeList("predicate.checks", (old) => [...old].reverse())],
    [75, "more before than there were", outcome, put("predicate.checks.0.before.failed", 7)],
    [75, "another total before", outcome, put("predicate.checks.1.before.total", 31)],
    [
      75,
      "the checks of the second preview",
      10,
      put("predicate.checks", [{ name: "z", before: count(1, 1), after: count(1, 0) }]),
      { from: amend(revisedOnce, 7, { checks: [{ name: "z", before: count(1, 1), rehearsed: null }] }) },
    ],
    [
      75,
      "a check where the preview had none",
      outcome,
      put("predicate.checks", [{ name: "x", before: count(1, 0), after: null }]),
      { from: amend(without.from, outcome, { after: "unmeasured" }) },
    ],
    [
      75,
      "one that was rejected, of which the checks are others",
      outcome,
      put("predicate.checks.0.name", "x"),
      { from: rejected },
    ],
  ]),
  ...faults("outcome's checks", "Each check has a name of its own, and no more fails than there is.", [
    [
      75,
      "one name twice, where nothing was previewed",
      2,
      {
        checks: [
          { name: "a", before: count(1, 0) },
          { name: "a", before: count(1, 0) },
        ],
      },
      { from: notRun },
    ],
    [
      75,
      "more failed than there are, before, where nothing was previewed",
      2,
      { checks: [{ name: "a", before: count(1, 2) }] },
      { from: notRun },
    ],
    [75, "more failed than there are, after", outcome, after(0, count(40, 41)), { from: unresolved }],
  ]),
  ...faults("outcome's checks", "Where nothing was executed nothing is measured after it.", [
    [75, "a measurement though it was rejected", outcome, after(0, count(40, 6)), { from: rejected }],
    [75, "a measurement though it expired", 5, after(1, count(30, 0)), { from: expired }],
    [75, "a measurement though it failed", outcome, after(0, count(40, 6)), { from: failed }],
    [75, "a measurement though nothing was proposed", 2, after(0, count(40, 6)), { from: notRun }],
  ]),
  ...faults("outcome's status", "The status follows from the executions and the checks.", [
    ...["unresolved", "unmeasured", "not_run"].map(
      (word): Row => [76, `${word} though nothing fails any more`, outcome, status(word)],
    ),
    ...["resolved", "unmeasured", "not_run"].map(
      (word): Row => [
        76,
        `${word} though something still fails`,
        outcome,
        status(word),
        { from: unresolved },
      ],
    ),
    ...["resolved", "unresolved", "not_run"].map(
      (word): Row => [76, `${word} though nothing was measured`, outcome, status(word), { from: unmeasured }],
    ),
    ...["resolved", "unresolved", "not_run"].map(
      (word): Row => [
        76,
        `${word} though one of two was not measured`,
        outcome,
        (value, written) => status(word)(after(1, null)(value, written), written),
      ],
    ),
    ...["resolved", "unresolved", "unmeasured"].map(
      (word): Row => [76, `${word} though it was rejected`, outcome, status(word), { from: rejected }],
    ),
    ...["resolved", "unresolved", "unmeasured"].map(
      (word): Row => [76, `${word} though it failed`, outcome, status(word), { from: failed }],
    ),
    ...["resolved", "not_run"].map(
      (word): Row => [76, `${word} though nobody knows`, outcome, status(word), { from: unknown }],
    ),
    ...["resolved", "unresolved", "unmeasured"].map(
      (word): Row => [76, `${word} though nothing was proposed`, 2, status(word), { from: notRun }],
    ),
    [76, "resolved though there is no check", outcome, status("resolved"), without],
    [76, "resolved though one check of the second fails", outcome, after(1, count(30, 1))],
  ]),
  ...sound("outcome", "The status follows from the executions and the checks.", [
    ["a total that changed", { from: amend(approved, outcome, { edit: after(0, count(50, 0)) }) }],
    ["no check at all", { from: amend(without.from, outcome, { after: "unmeasured" }) }],
    ["no check where nothing was proposed", { from: amend(notRun, 2, { checks: [] }) }],
    [
      "a measurement where nobody knows whether it was executed",
      { from: amend(unknown, outcome, { after: "uncured" }) },
    ],
    [
      "a cure where nobody knows whether it was executed",
      { from: amend(unknown, outcome, { after: "cured" }) },
    ],
    ["an executed write, and a second one that was rejected", { from: SCENARIOS.secondWriteRejected }],
    [
      "checks of nothing",
      {
        from: amend(approved, preview, {
          checks: [{ name: "x", before: count(0, 0), rehearsed: count(0, 0) }],
        }),
      },
    ],
  ]),
];
