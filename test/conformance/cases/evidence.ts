// Evidence (rules 30 and 31): only calls that need no human, and the transcript that is named.
import { accepted, type CorpusCase, faults, sound } from "../case.ts";
import { put } from "../json-edit.ts";
import { sha256Hex, utf8 } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, inserted } from "../step.ts";

const { evidence, proposal } = SEQ;
const free = { connector: "browser", method: "run_checkout" };
const item = (connector: string, method: string) => ({ items: [free, { connector, method }] });
const store = ["I looked.", "I looked away."];

export const evidenceCases: readonly CorpusCase[] = [
  ...faults("evidence", "What needs a human is never evidence.", [
    [30, "an item of a gated call", evidence, item("repository", "write_file")],
    [30, "an item of a call that the policy does not know", evidence, item("pager", "page")],
    [30, "an item of another letter case", evidence, item("Browser", "run_checkout")],
    [30, "an item of one call's connector and another's method", evidence, item("browser", "read_file")],
    [
      30,
      "the first of three items",
      evidence,
      { items: [{ connector: "flags", method: "set" }, free, free] },
    ],
    [30, "an item where nothing is free", evidence, {}, { options: { policy: put("free", []) } }],
    [
      30,
      "the second receipt of evidence",
      2,
      {},
      { from: inserted(SCENARIOS.approved, 2, { kind: "evidence", ...item("flags", "set") }) },
    ],
    [
      30,
      "an item of a connector of the name of a method",
      evidence,
      put("predicate.items.0", { name: "x", connector: "run_checkout", method: "browser" }),
    ],
  ]),
  ...faults("transcript", "The field and the subject name one transcript.", [
    [
      31,
      "another than the subject",
      evidence,
      put("subject.3.digest.sha256", sha256Hex(utf8("I looked away."))),
      { from: amend(SCENARIOS.approved, evidence, { transcript: "I looked." }), options: { store } },
    ],
    [
      31,
      "another than the field",
      evidence,
      put("predicate.transcript", `sha256:${"0".repeat(64)}`),
      { from: amend(SCENARIOS.approved, evidence, { transcript: "I looked." }) },
    ],
  ]),
  ...accepted("evidence", "Items are numbered, not sorted as text.", [
    ["twelve items", evidence, { items: new Array(12).fill(free) }],
    ["no item, where nothing is free", evidence, { items: [] }, { options: { policy: put("free", []) } }],
  ]),
  ...sound("evidence", "Whatever stands in it, evidence is lawful where its calls are free.", [
    ["with a transcript", { from: amend(SCENARIOS.approved, evidence, { transcript: "I looked." }) }],
    [
      "twice by two planners, of whom the newer proposes",
      { from: inserted(SCENARIOS.approved, 1, { kind: "evidence", planner: "an older one", items: [] }) },
    ],
    [
      "without code or items, by a planner named for what it is",
      { from: amend(SCENARIOS.notRun, evidence, { planner: "revert", code: "", items: [] }) },
    ],
  ]),
  ...faults("evidence", "A proposal is by the planner of the newest evidence.", [
    [
      41,
      "a proposal by the planner of older evidence",
      proposal + 1,
      put("predicate.author.id", "an older one"),
      { from: inserted(SCENARIOS.approved, 1, { kind: "evidence", planner: "an older one", items: [] }) },
    ],
  ]),
];
