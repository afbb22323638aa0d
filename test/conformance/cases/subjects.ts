// Kind, version and subjects (rules 11 and 13): what each kind must name, in its order, and nothing besides.
import { faults, type Row, type Story } from "../case.ts";
import { all, at, changeList, drop, type Edit, edited, put } from "../json-edit.ts";
import { otherSsh } from "../reviewer-keys.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { ssh } from "../ssh.ts";
import { amend, KINDS } from "../step.ts";

const { alert, evidence, proposal, preview, decision, execution, outcome, handoff } = SEQ;
const { approved, rejected, edited: sentBack, unknown, failed, notRun } = SCENARIOS;

const reversed = changeList("subject", (old) => [...old].reverse());
const repeated = changeList("subject", (old) => [...old, ...old.slice(-1)]);
const shortened = changeList("subject", (old) => old.slice(0, -1));
const without = (name: string): Edit =>
  changeList("subject", (old) => old.filter((each) => at(each, "name") !== name));
const addNamed = (name: string, at?: number): Edit =>
  changeList("subject", (old) => {
    const [first = null] = old;
    const place = at ?? old.length;
    return [...old.slice(0, place), edited(first, put("name", name)), ...old.slice(place)];
  });

const asserted: Story = { from: amend(approved, decision, { assert: ssh(otherSsh) }) };
const rich: Story = {
  from: amend(amend(approved, preview, { plan: "WRITE src/checkout.js" }), evidence, {
    transcript: "I looked.",
  }),
};

/** A preview in which the runtime says what stands before. */
const read: Story = {
  from: amend(
    amend(approved, proposal, { call: { connector: "flags", method: "set", args: { flag: "a", on: true } } }),
    preview,
    { reads: { "flag:a": "off" } },
  ),
};

const table: readonly (readonly [name: string, seq: number, edit: Edit, story?: Story])[] = [
  ["alert without its policy", alert, shortened],
  ["alert in another order", alert, reversed],
  ["alert with a parent though it continues nothing", alert, addNamed("parent")],
  [
    "alert that continues a run without naming its bundle",
    alert,
    put("predicate.continues", { run: "run-0", handoff: `sha256:${"a".repeat(64)}` }),
  ],
  ["evidence without its last item", evidence, shortened],
  ["evidence with an item too many", evidence, addNamed("item-3")],
  [
    "evidence with items in another order",
    evidence,
    changeList("subject", ([code = null, a = null, b = null]) => [code, b, a]),
  ],
  ["evidence with an item renamed", evidence, put("subject.1.name", "item-01")],
  [
    "evidence with items counted from 0",
    evidence,
    all(put("subject.1.name", "item-0"), put("subject.2.name", "item-1")),
  ],
  ["evidence that lists fewer items than it names", evidence, drop("predicate.items.1")],
  ["evidence without its code", evidence, drop("subject.0")],
  ["evidence with a transcript that its field does not name", evidence, addNamed("transcript")],
  ["evidence without the transcript that its field names", evidence, without("transcript"), rich],
  [
    "evidence with its transcript before its items",
    evidence,
    changeList("subject", ([a = null, ...rest]) => [a, ...rest.slice(-1), ...rest.slice(0, -1)]),
    rich,
  ],
  ["proposal of an agent without its code", proposal, shortened],
  ["proposal of a reviewer with code", 6, addNamed("code"), { from: sentBack }],
  ["proposal in another order", proposal, reversed],
  ["proposal with a subject renamed", proposal, put("subject.0.name", "Action")],
  ["proposal with a subject twice", proposal, repeated],
  ["preview without its code", preview, without("code")],
  ["preview with code though its execution is null", preview, put("predicate.execution", null)],
  ["preview without what stands before", preview, without("before-1")],
  [
    "preview with what stands before where nothing does",
    preview,
    put("predicate.effects.0.before", null),
    read,
  ],
  [
    "preview with what stands before where that is unknown",
    preview,
    addNamed("before-1", 2),
    {
      from: amend(approved, proposal, {
        call: { connector: "repository", method: "format_file", args: { path: "README.md" } },
      }),
    },
  ],
  ["preview with before counted from 0", preview, put("subject.2.name", "before-0")],
  ["preview with before without a number", preview, put("subject.2.name", "before")],
  ["preview without its plan", preview, without("plan"), rich],
  ["preview with a plan that its field does not name", preview, addNamed("plan", 3)],
  ["preview without its report", preview, without("report")],
  ["preview with a report though nothing was checked", preview, put("predicate.checks", [])],
  [
    "preview with its report before its plan",
    preview,
    changeList("subject", (old) => [...old.slice(0, -2), ...old.slice(-1), ...old.slice(-2, -1)]),
    rich,
  ],
  ["decision without its action", decision, put("subject.0.name", "preview")],
  ["decision with the code as well", decision, addNamed("code")],
  ["decision without the edit that its field names", decision, without("edit"), { from: sentBack }],
  ["decision with an edit that its field does not name", decision, addNamed("edit")],
  ["decision with an edit first", decision, reversed, { from: sentBack }],
  ["decision with an intent and no assertion", decision, addNamed("intent")],
  ["decision with an assertion and no intent", decision, without("intent"), asserted],
  [
    "decision with its assertion before its intent",
    decision,
    changeList("subject", ([a = null, b = null, c = null]) => [a, c, b]),
    asserted,
  ],
  ["decision whose field names no assertion", decision, put("predicate.assertion", null), asserted],
  ["execution without its result", execution, shortened],
  ["execution with a result though it was withheld", execution, addNamed("result"), { from: rejected }],
  ["execution with a result though it failed", execution, addNamed("result"), { from: failed }],
  ["execution with a result though nobody knows", execution, addNamed("result"), { from: unknown }],
  ["outcome with another name", outcome, put("subject.0.name", "probe")],
  ["outcome with a subject twice", outcome, repeated],
  [
    "outcome without a report where nothing was measured",
    2,
    put("subject.0.name", "summary"),
    { from: notRun },
  ],
  ["handoff without its resources", handoff, shortened],
  ["handoff in another order", handoff, reversed],
  ["handoff with version 1's repository", handoff, put("subject.1.name", "repository")],
  ["handoff with a subject whose name is empty", handoff, addNamed("")],
  ["handoff with a subject named __proto__", handoff, addNamed("__proto__")],
];

const types: readonly (readonly [name: string, type: string])[] = [
  ["a kind that does not exist", "urn:countersign:receipt:verdict:v2"],
  ["the version before", "urn:countersign:receipt:decision:v1"],
  ["a version that does not exist", "urn:countersign:receipt:decision:v3"],
  ["another letter case", "urn:countersign:receipt:Decision:v2"],
  ["another vendor", "urn:example:receipt:decision:v2"],
  ["no version", "urn:countersign:receipt:decision"],
  ["a trailing newline", "urn:countersign:receipt:decision:v2\n"],
  ["the name of a member that every object has", "constructor"],
  ["nothing", ""],
];

export const subjectCases = [
  ...faults(
    "subjects",
    "Each kind names its own subjects, all of them, in order, and no other.",
    table.map(([name, seq, edit, story = {}]): Row => [13, name, seq, edit, story]),
  ),
  ...faults(
    "kind",
    "Only the eight kinds of version 2 are known.",
    types.map(([name, type]): Row => [11, name, decision, put("predicateType", type)]),
  ),
  ...faults("kind", "A predicate is judged once its kind is known.", [
    [
      11,
      "an unknown kind with no predicate to speak of",
      decision,
      all(put("predicateType", "x"), put("predicate", null)),
    ],
    ...KINDS.filter((kind) => kind !== "outcome").map(
      (kind): Row => [
        12,
        `an outcome that calls itself ${kind}`,
        outcome,
        put("predicateType", `urn:countersign:receipt:${kind}:v2`),
      ],
    ),
  ]),
];
