// Kind, version and subjects: what each kind must name, in its order, and nothing besides.
import { type ConformanceCase, type Fault, faults } from "../case.ts";
import { all, change, changeList, drop, type Edit, put } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import type { Step } from "../step.ts";

const { alert, evidence, proposal, preview, decision, execution, outcome, handoff } = SEQ;

const reversed = changeList("subject", (old) => [...old].reverse());
const repeated = changeList("subject", (old) => [...old, ...old.slice(-1)]);
const shortened = changeList("subject", (old) => old.slice(0, -1));
const addNamed = (name: string): Edit =>
  changeList("subject", ([first = null, ...rest]) => [
    first,
    ...rest,
    put("name", name)(first, { digests: [] }),
  ]);

const table: readonly (readonly [name: string, seq: number, edit: Edit, from?: readonly Step[]])[] = [
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
  ["evidence that lists fewer items than it names", evidence, drop("predicate.items.1")],
  ["evidence without its code", evidence, drop("subject.0")],
  ["proposal without its code", proposal, shortened],
  ["proposal in another order", proposal, reversed],
  ["proposal with a subject renamed", proposal, put("subject.0.name", "Action")],
  ["proposal with a subject twice", proposal, repeated],
  ["preview without the file that it changes", preview, shortened],
  ["preview with before in another order", preview, reversed],
  [
    "preview that names a file before, of a file that is new",
    preview,
    addNamed("before"),
    SCENARIOS.approved.map((step) => (step.kind === "proposal" ? { ...step, path: "new.js" } : step)),
  ],
  ["decision without its action", decision, put("subject.0.name", "preview")],
  ["decision with the code as well", decision, addNamed("code")],
  ["execution without its result", execution, shortened],
  ["execution with a result though nothing ran", execution, addNamed("result"), SCENARIOS.rejected],
  ["outcome with another name", outcome, put("subject.0.name", "probe")],
  ["outcome with a subject twice", outcome, repeated],
  ["handoff without its repository", handoff, shortened],
  ["handoff in another order", handoff, reversed],
  ["handoff with a subject whose name is empty", handoff, addNamed("")],
];

const types: readonly (readonly [name: string, type: string])[] = [
  ["a kind that does not exist", "urn:countersign:receipt:verdict:v1"],
  ["a version that does not exist", "urn:countersign:receipt:decision:v2"],
  ["another letter case", "urn:countersign:receipt:Decision:v1"],
  ["another vendor", "urn:example:receipt:decision:v1"],
  ["no version", "urn:countersign:receipt:decision"],
  ["nothing", ""],
];

export const subjectCases: readonly ConformanceCase[] = [
  ...faults(
    "subjects",
    table.map(
      ([name, seq, edit, from]): Fault => ({
        name,
        why: "Each kind names its own subjects, all of them, in order, and no other.",
        code: "ERR_SUBJECTS",
        seq,
        edit,
        ...(from ? { from } : {}),
      }),
    ),
  ),
  ...faults(
    "kind",
    types.map(([name, type]) => ({
      name,
      why: "Only the eight kinds of version 1 are known.",
      code: "ERR_KIND_UNKNOWN",
      seq: decision,
      edit: put("predicateType", type),
    })),
  ),
  ...faults("kind", [
    {
      name: "a decision that calls itself an outcome",
      why: "Fields are those of the kind that is named.",
      code: "ERR_STATEMENT",
      seq: outcome,
      edit: all(
        put("predicateType", "urn:countersign:receipt:decision:v1"),
        change("subject.0.name", () => "action"),
      ),
    },
    {
      name: "no predicate type",
      why: "A statement says what its predicate is.",
      code: "ERR_STATEMENT",
      seq: outcome,
      edit: drop("predicateType"),
    },
  ]),
];
