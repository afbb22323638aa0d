// Whole runs in which every text has its least or its greatest length, so that each limit has a lawful neighbour.
import { type CorpusCase, type Story, sound } from "../case.ts";
import { TRUST } from "../fixed-keys.ts";
import { all, changeList, type Edit, edited, put } from "../json-edit.ts";
import { listedRole } from "../reviewer-keys.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import type { Step } from "../step.ts";

/** The least and the greatest length of a text. */
type Limits = readonly [min: number, max: number];
type Size = (limits: Limits) => number;

const text = (length: number) => "x".repeat(length);
const field = (path: string, length: number): Edit => put(`predicate.${path}`, text(length));

/** A run that is sent back once, every text of it of this size. A text that may be empty is so, at the least. */
function run(size: Size): Story {
  const long = (max: number, min = 1) => size([min, max]);
  const connector = text(long(100));
  const reviewer = text(long(200));
  const role = text(long(40));
  const notes = [text(long(500)), text(long(500))];
  const resource = text(long(1000));
  const call = { connector, method: `${connector.slice(1)}y`, args: {} };
  // A request for changes has words, so that one is of a unit at least.
  const decided = { reviewer, role, edit: field("reviewer.method", long(40)) };
  const executed = all(field("execution.id", long(200)), field("reason", long(2000, 0)));
  const amendments: readonly (readonly [seq: number, step: Partial<Step>])[] = [
    [
      SEQ.alert,
      {
        startedBy: text(long(200)),
        edit: all(
          field("issuer", long(300)),
          field("source", long(200)),
          field("title", long(300)),
          field("startedBy.method", long(40)),
        ),
      },
    ],
    [
      SEQ.evidence,
      {
        planner: text(long(200)),
        items: [{ connector, method: connector }],
        edit: all(field("items.0.name", long(200)), field("summary", long(4000, 0))),
      },
    ],
    ...[2, 6].map((seq): [number, Partial<Step>] => [
      seq,
      { call, edit: all(field("title", long(120)), field("summary", long(4000, 0)), feedbackOf(seq, notes)) },
    ]),
    ...[3, 7].map((seq): [number, Partial<Step>] => [
      seq,
      {
        checks: [{ name: text(long(100)), before: { total: 1, failed: 1 }, rehearsed: null }],
        // The second execution is another than the first.
        edit: put("predicate.execution.id", `${text(long(200) - 1)}${seq}`),
      },
    ]),
    [4, { ...decided, decision: "request_changes", reason: text(long(2000)) }],
    [8, { ...decided, reason: text(long(2000, 0)) }],
    ...[5, 9].map((seq): [number, Partial<Step>] => [
      seq,
      { edit: all(executed, put("predicate.execution.id", `${text(long(200) - 1)}${seq - 2}`)) },
    ]),
    [10, { edit: field("reason", long(2000, 0)) }],
  ];
  const steps = amendments.reduce<readonly Step[]>(
    (from, [seq, step]) => from.map((each, i) => (i === seq ? { ...each, ...step } : each)),
    SCENARIOS.revisedOnce,
  );
  const template = { resource, before: "unknown", after: "unknown" };
  return {
    from: steps,
    options: {
      policy: all(
        changeList("effects", (old) => [
          ...old,
          { connector, method: call.method, own: false, effects: [template] },
        ]),
        changeList("free", (old) => [...old, { connector, method: connector }]),
        put("approvals", [{ role, count: 1 }]),
      ),
    },
    trust: edited(
      TRUST,
      put("issuer", text(long(300))),
      put("reviewers", [{ id: reviewer, roles: [listedRole(role)], keys: [] }]),
    ),
  };
}

/** Notes of what was applied and what was not, where changes were asked for. */
function feedbackOf(seq: number, notes: readonly string[]): Edit | undefined {
  if (seq !== 6) return undefined;
  return all(put("predicate.feedback.applied", notes), put("predicate.feedback.notApplied", notes));
}

export const lengthCases: readonly CorpusCase[] = sound(
  "lengths",
  "Each text may have its least and its greatest length.",
  [
    ["every text at its least", run(([min]) => min)],
    ["every text at its greatest", run(([, max]) => max)],
  ],
);
