// Two faults at once (§8, §9): within a receipt the rules apply in the order of their numbers, and the first that fails is named.
// These cases alone are wrong on two axes.
import { type CorpusCase, faults, type Row, refused, type Story, wholeFaults } from "../case.ts";

import { RESOURCES } from "../chain-writer.ts";
import { continued, flip } from "../continued.ts";
import { signerOf, TRUST, trusted, trustOf } from "../fixed-keys.ts";
import { all, changeText, drop, type Edit, edited, put, ZERO } from "../json-edit.ts";
import { ended, foreign, type LineageRow, lineages } from "../lineage.ts";
import { digestOf, joined, sha256Hex, toBase64, utf8 } from "../primitives.ts";
import { aliceSsh, LISTED, otherSsh } from "../reviewer-keys.ts";
import { INSTEAD, QUORUM, QUORUMS, SCENARIOS, SEQ } from "../scenarios.ts";
import { ssh } from "../ssh.ts";
import { amend, inserted } from "../step.ts";

const { alert, evidence, proposal, preview, decision, execution, outcome, handoff } = SEQ;
const { approved, rejected, revisedOnce, twoWrites, edited: sentBack, expired } = SCENARIOS;
const SECOND = 6;
const WHY = "Two rules are broken at once, and the first of them is named.";
const field = (name: string, value: Parameters<typeof put>[1]): Edit => put(`predicate.${name}`, value);
const lost = (i: number): Edit => put(`subject.${i}.digest.sha256`, "0".repeat(64));
const otherKey = put("signatures.0.keyid", "A".repeat(43));
const noSignature = put("signatures.0.sig", `${"A".repeat(86)}==`);
const shortSignature = put("signatures.0.sig", "AAAA");
const noBase64 = changeText("payload", (old) => `*${old}`);
const notUtf8 = (text: string) => joined(Uint8Array.of(0xff), utf8(text));
const store = ["other action", "other code"];
const other = (i: number, text: string): Edit => put(`subject.${i}.digest.sha256`, sha256Hex(utf8(text)));
const revoked = trustOf(
  trusted("agent", "agent"),
  trusted("human", "human", { revokedAt: "2026-11-01T00:00:00.000Z" }),
  trusted("runtime", "runtime"),
);
const two = put("approvals", [{ role: "reviewer", count: 2 }]);
const signed = ssh(otherSsh);
const withReversedSubjects: Edit = (value, written) =>
  put("subject", [...Object(value).subject].reverse())(value, written);

const opening: readonly Row[] = [
  [1, "and 2", evidence, { envelope: all(put("comment", ""), put("payloadType", "")) }],
  [2, "and 3", evidence, { envelope: all(put("payloadType", ""), noBase64) }],
  [3, "and 4", evidence, { envelope: all(noBase64, shortSignature) }],
  [4, "and 5", evidence, { envelope: all(shortSignature, otherKey) }],
  [5, "and 6", evidence, { envelope: all(otherKey, noSignature) }],
  [6, "and 7", evidence, { envelope: noSignature, payload: notUtf8 }],
  [7, "and 8", evidence, { payload: () => Uint8Array.of(0x7b, 0xff) }],
  [8, "and 9", evidence, { payload: (text) => ` ${text},` }],
  [9, "and 10", evidence, { payload: (text) => ` ${text}`, edit: put("comment", "") }],
  [10, "and 11", evidence, all(put("subject", []), put("predicateType", "x"))],
  [10, "and 12", evidence, all(put("subject", []), field("seq", "1"))],
  [11, "and 12", evidence, all(put("predicateType", "x"), field("seq", "1"))],
  [12, "and 13", evidence, all(field("seq", "1"), withReversedSubjects)],
  [13, "and 14", evidence, all(withReversedSubjects, field("kid", signerOf("human").kid))],
  [14, "and 15", evidence, { signer: "human", edit: field("kid", signerOf("agent").kid) }],
  [15, "and 16", evidence, { signer: "human" }, { trust: revoked }],
  [
    16,
    "and 17",
    decision,
    {},
    { trust: edited(revoked, put("keys.1.notBefore", "2027-01-01T00:00:00.000Z")) },
  ],
  [
    17,
    "and 18",
    alert,
    field("issuer", "x"),
    { trust: edited(TRUST, put("keys.2.notBefore", "2027-01-01T00:00:00.000Z")) },
  ],
  [18, "and 20", alert, all(field("issuer", "x"), field("seq", 1))],
];

const placing: readonly Row[] = [
  [19, "and 20", evidence, all(field("run", "run-2"), field("seq", 2))],
  [20, "and 21", evidence, all(field("seq", 2), field("prev", ZERO))],
  [21, "and 22", evidence, all(field("prev", ZERO), field("policy", ZERO))],
  [22, "and 23", evidence, { edit: field("policy", ZERO), wait: -1 }],
  [23, "and 24", 8, { wait: -1 }, { from: [...approved, { kind: "evidence" }] }],
  [24, "and 26", 8, lost(0), { from: [...approved, { kind: "evidence" }] }],
  [25, "and 26", 1, lost(0), { from: inserted(approved, 1, { kind: "outcome" }) }],
  [26, "and 27", alert, all(lost(0), field("policy", ZERO))],
  [27, "and 28", alert, field("policy", ZERO), { options: { policy: drop("rule") } }],
  [28, "and 29", alert, {}, { options: { policy: drop("rule") }, trust: edited(TRUST, put("policies", [])) }],
  [
    30,
    "and 31",
    evidence,
    { items: [{ connector: "flags", method: "set" }], transcript: "x", edit: field("transcript", ZERO) },
  ],
];

const author = (id: string): Edit => field("author", { kind: "agent", id });
const FEEDBACK = { text: "x", applied: [], notApplied: [] };
const proposals: readonly Row[] = [
  [32, "and 33", 6, field("revision", 2), { from: inserted(rejected, 6, { kind: "proposal" }) }],
  [33, "and 34", SECOND, all(field("revision", 1), field("supersedes", null)), { from: revisedOnce }],
  [34, "and 35", SECOND, all(field("supersedes", null), field("feedback", null)), { from: revisedOnce }],
  [35, "and 36", SECOND, { code: "other code", edit: field("feedback", FEEDBACK) }, { from: twoWrites }],
  [36, "and 37", SECOND, { code: "other code", action: "" }, { from: twoWrites }],
  [37, "and 39", SECOND, other(0, "other action"), { from: sentBack, options: { store } }],
  [
    38,
    "and 39",
    SECOND,
    { call: { connector: "repository", method: "read_file", args: {} } },
    { from: sentBack },
  ],
  [
    39,
    "and 40",
    SECOND,
    { call: { ...INSTEAD, args: { path: "a", before: null, content: "" } }, edit: field("reverts", ZERO) },
    { from: sentBack },
  ],
  [40, "and 41", proposal, all(field("reverts", ZERO), author("another"))],
  [41, "and 42", proposal, { call: { ...INSTEAD, args: null }, edit: author("another") }],
];

const previews: readonly Row[] = [
  [43, "and 44", preview, all(field("proposal", ZERO), other(0, "other action"))],
  [44, "and 45", preview, all(other(0, "other action"), other(1, "other code"))],
  [
    45,
    "and 46",
    7,
    all(other(1, "other code"), field("execution.id", "exec-1")),
    { from: revisedOnce, options: { store } },
  ],
  [
    46,
    "and 47",
    7,
    all(field("execution.id", "exec-1"), field("expiresAt", "2027-01-01T00:00:00.000Z")),
    { from: revisedOnce },
  ],
  [
    47,
    "and 48",
    preview,
    all(field("expiresAt", "2027-01-01T00:00:00.000Z"), field("effects.0.after", ZERO)),
  ],
  [48, "and 49", preview, all(field("effects.0.after", ZERO), other(2, "other code"))],
  [49, "and 50", preview, { plan: "x", edit: all(other(2, "other code"), field("plan", ZERO)) }],
  [50, "and 51", preview, { plan: "x", edit: all(field("plan", ZERO), field("checks.0.before.failed", 41)) }],
];

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

export const precedenceCases: readonly CorpusCase[] = [
  ...faults("two faults", WHY, [...opening, ...placing, ...proposals]),
  ...faults("two faults", WHY, [...previews, ...decisions, ...ends], { options: { store } }),
  ...wholeFaults(
    "two faults",
    "The bundle's run comes before its receipts, the expected head and the artifacts after them.",
    bundles,
  ),
  ...lineages("two faults", WHY, links),
];
