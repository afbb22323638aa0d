// Two faults at once (§8, §9): within a receipt the rules apply in the order of their numbers, and the first that fails is named.
// These cases alone are wrong on two axes.
import { type CorpusCase, faults, type Row } from "../case.ts";
import { signerOf, TRUST, trusted, trustOf } from "../fixed-keys.ts";
import { all, changeList, changeText, drop, type Edit, edited, put, ZERO } from "../json-edit.ts";
import { joined, sha256Hex, utf8 } from "../primitives.ts";
import { INSTEAD, SCENARIOS, SEQ } from "../scenarios.ts";
import { inserted } from "../step.ts";

const { alert, evidence, proposal, preview, decision } = SEQ;
const { approved, rejected, revisedOnce, twoWrites, edited: sentBack } = SCENARIOS;
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
const withReversedSubjects: Edit = changeList("subject", (old) => [...old].reverse());

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

export const precedenceCases: readonly CorpusCase[] = [
  ...faults("two faults", WHY, [...opening, ...placing, ...proposals]),
  ...faults("two faults", WHY, previews, { options: { store } }),
];
