// Two faults at once (§8, §9), from decisions on, and of the bundle and its parents: see precedence.ts.
import { type CorpusCase, faults, type Row, refused, type Story, wholeFaults } from "../case.ts";
import { RESOURCES } from "../chain-writer.ts";
import { continued, flip } from "../continued.ts";
import { all, type Edit, edited, put, ZERO } from "../json-edit.ts";
import { ended, foreign, type LineageRow, lineages } from "../lineage.ts";
import { digestOf, sha256Hex, toBase64, utf8 } from "../primitives.ts";
import { aliceSsh, LISTED, otherSsh } from "../reviewer-keys.ts";
import { INSTEAD, QUORUM, QUORUMS, SCENARIOS, SEQ } from "../scenarios.ts";
import { ssh } from "../ssh.ts";
import { amend, inserted } from "../step.ts";

const { alert, proposal, decision, execution, outcome, handoff } = SEQ;
const { approved, rejected, edited: sentBack, expired } = SCENARIOS;
const WHY = "Two rules are broken at once, and the first of them is named.";
const field = (name: string, value: Parameters<typeof put>[1]): Edit => put(`predicate.${name}`, value);
const store = ["other action", "other code"];
const other = (i: number, text: string): Edit => put(`subject.${i}.digest.sha256`, sha256Hex(utf8(text)));
const two = put("approvals", [{ role: "reviewer", count: 2 }]);
const signed = ssh(otherSsh);

const late = { wait: 900_000 };
const byStarter = { reviewer: "oncall@example.com" };
const separate = { policy: put("separateReviewer", true), store };
const decisions: readonly Row[] = [
  [52, "and 53", decision, all(field("proposal", ZERO), field("preview", ZERO))],
  [53, "and 54", decision, all(field("preview", ZERO), other(0, "other action"))],
  [54, "and 55", decision, { ...late, edit: other(0, "other action") }],
  [55, "and 56", decision, { ...late, ...byStarter }, { options: separate }],
  [55, "and 57", decision, { ...late, decision: "request_changes", reason: "" }],
  [56, "and 59", decision, { ...byStarter, role: "owner" }, { options: separate }],
  [
    57,
    "and 58",
    decision,
    { decision: "request_changes", reason: "" },
    { options: { policy: put("revisions", 1) } },
  ],
  [
    58,
    "and 59",
    decision,
    { decision: "request_changes", role: "owner" },
    { options: { policy: put("revisions", 1) } },
  ],
  [
    59,
    "and 60",
    5,
    { reviewer: "alice", role: "owner" },
    { from: QUORUMS.approved, options: QUORUM, trust: LISTED },
  ],
  [
    60,
    "and 61",
    5,
    { reviewer: "alice", role: "reviewer", instead: INSTEAD, edit: field("edit", ZERO) },
    { from: QUORUMS.approved, options: QUORUM, trust: LISTED },
  ],
  [61, "and 62", decision, { decision: "approve", edit: field("edit", ZERO) }, { from: sentBack }],
  [
    62,
    "and 63",
    decision,
    { decision: "approve", assert: signed, intent: put("role", "x") },
    { from: sentBack },
  ],
  [63, "and 64", decision, { assert: ssh(otherSsh, { namespace: "file" }), intent: put("role", "x") }],
  [64, "and 65", decision, { assert: ssh(aliceSsh, { namespace: "file" }) }, { trust: LISTED }],
  [
    65,
    "and 67",
    5,
    { assert: signed },
    {
      from: inserted(amend(approved, decision, { reviewer: "dora", assert: signed }), 5, {
        kind: "decision",
        reviewer: "alice",
      }),
      options: { policy: two },
      trust: LISTED,
    },
  ],
];

/** A manifest without the file that was written. */
const README_ALONE = `{"file:README.md":"${digestOf("# Checkout\n")}"}`;
const ends: readonly Row[] = [
  [68, "and 69", execution, all(field("decision", null), other(0, "other action"))],
  [69, "and 70", execution, all(other(0, "other action"), field("execution.seq", 2))],
  [70, "and 71", execution, all(field("execution.seq", 2), field("status", "failed")), { from: rejected }],
  [71, "and 72", 4, { wait: 0, edit: field("status", "failed") }, { from: expired }],
  [72, "and 73", 4, { wait: 0, more: true }, { from: expired }],
  [74, "and 75", outcome, all(field("execution", null), field("checks.0.name", "x"))],
  [75, "and 76", outcome, all(field("checks.0.name", "x"), field("status", "not_run"))],
  [77, "and 78", handoff, all(field("outcome", ZERO), other(1, "other action"))],
  [
    79,
    "and 80",
    handoff,
    {},
    {
      options: {
        store: [README_ALONE],
        bundle: put(`artifacts.${sha256Hex(utf8(RESOURCES["file:README.md"] ?? ""))}`, "eA=="),
      },
      from: amend(approved, handoff, { edit: other(1, README_ALONE) }),
    },
  ],
];

const stray = put(`artifacts.${sha256Hex(utf8("stray"))}`, toBase64(utf8("stray")));
const altered = put("artifacts.x", "AA==");
const broken = put("receipts.2.signatures.0.sig", `${"A".repeat(86)}==`);
const bundles: readonly (readonly [rule: number, name: string, seq: number | null, story: Story])[] = [
  [81, "and 82", null, { from: [], expectRun: "run-2" }],
  [81, "and 83", null, { expectRun: "run-1", options: { bundle: put("run", "run-2") } }],
  [81, "and a receipt's", null, { expectRun: "run-2", options: { bundle: broken } }],
  [83, "and a receipt's", null, { options: { bundle: all(put("run", "run-2"), broken) } }],
  [
    20,
    "and 83, which is about accepted receipts only",
    0,
    { from: amend(approved, alert, { edit: field("seq", 1) }), options: { bundle: put("run", "run-2") } },
  ],
  [82, "and 85", null, { from: [], options: { bundle: altered } }],
  [6, "and 84", 2, { expectHead: `7:${ZERO}`, options: { bundle: broken } }],
  [84, "and 85", null, { expectHead: `7:${ZERO}`, options: { bundle: altered } }],
  [85, "and 86", null, { options: { bundle: all(stray, altered) } }],
];

const brokenParent = edited(ended.bundle, flip("receipts.2.payload"));
const links: readonly LineageRow[] = [
  [
    89,
    "and 90",
    continued(foreign).bundle,
    refused(89),
    [],
    { parents: [edited(foreign.bundle, put("artifacts", {}))] },
  ],
  [
    91,
    "and 92",
    continued(ended, { bound: brokenParent, edit: field("continues.run", "run-9") }).bundle,
    refused(91),
    [refused(6, 2)],
  ],
  [
    92,
    "and 93",
    continued(ended, { edit: field("continues", { run: "run-9", handoff: ZERO }) }).bundle,
    refused(92),
    [{ verdict: "valid", code: null }],
  ],
  [
    93,
    "and 94",
    continued(ended, { resources: {}, edit: field("continues.handoff", ZERO) }).bundle,
    refused(93),
    [{ verdict: "valid", code: null }],
  ],
  [
    94,
    "and 95",
    continued(ended, { resources: {}, steps: amend(approved, proposal, { reverts: ZERO }) }).bundle,
    refused(94),
    [{ verdict: "valid", code: null }],
  ],
];

export const laterPrecedenceCases: readonly CorpusCase[] = [
  ...faults("two faults", WHY, [...decisions, ...ends], { options: { store } }),
  ...wholeFaults(
    "two faults",
    "The bundle's run comes before its receipts, the expected head and the artifacts after them.",
    bundles,
  ),
  ...lineages("two faults", WHY, links),
];
