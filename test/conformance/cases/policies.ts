// The policy that a run stands under: an artifact of fixed shape, the same in every receipt, and kept to.
import { type ConformanceCase, type Fault, faults, sound } from "../case.ts";
import { drop, type Edit, put } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";

const { alert, evidence, proposal, decision, handoff } = SEQ;
const OTHER = `sha256:${"b".repeat(64)}`;

const contents: readonly (readonly [name: string, policy: Edit])[] = [
  ["version 2", put("version", 2)],
  ["an unknown field", put("exception", "friday")],
  ["a field named __proto__", put("__proto__", {})],
  ["no rule", drop("rule")],
  ["no connector", drop("connector")],
  ["an empty method", put("method", "")],
  ["no time to decide", put("decisionSeconds", 0)],
  ["a time to decide in quotes", put("decisionSeconds", "900")],
  ["no revisions", put("revisions", 0)],
  ["more revisions than 1000", put("revisions", 1001)],
  ["separateReviewer as a word", put("separateReviewer", "yes")],
  ["a list", put("", [])],
];

const spellings: readonly (readonly [name: string, how: (text: string) => string | Uint8Array])[] = [
  ["a rule that is not UTF-8", (text) => brokenRule(text)],
  ["a trailing newline", (text) => `${text}\n`],
  ["a byte order mark", (text) => `\ufeff${text}`],
  ["a member twice", (text) => text.replace('"version":1', '"version":2,"version":1')],
  ["no JSON", () => "allow everything"],
];

/** Puts a byte that is no UTF-8 where the rule ends. */
function brokenRule(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  bytes[new TextEncoder().encode(text.slice(0, text.indexOf("every write") + 10)).length] = 0xff;
  return bytes;
}

/** Another call than the gated one, with nothing to change. */
const call = (connector: string, method: string) => ({
  connector,
  method,
  args: { path: "src/checkout.js" },
});

const changed: readonly Fault[] = (
  [
    ["the alert names another than its subject", alert],
    ["the evidence names another", evidence],
    ["the decision names another", decision],
    ["the handoff names another", handoff],
  ] as const
).map(([name, seq]) => ({
  name,
  why: "Every receipt binds the policy of the alert.",
  code: "ERR_POLICY_CHANGED",
  seq,
  edit: put("predicate.policy", OTHER),
}));

const why = "A policy is canonical JSON of exactly its seven fields.";

export const policyCases: readonly ConformanceCase[] = [
  ...faults("policy", changed),
  ...faults(
    "policy",
    contents.map(([name, policy]) => ({ name, why, code: "ERR_POLICY", seq: alert, options: { policy } })),
  ),
  ...faults(
    "policy",
    spellings.map(([name, policyText]) => ({
      name,
      why,
      code: "ERR_POLICY",
      seq: alert,
      options: { policyText },
    })),
  ),
  ...faults("gated call", [
    {
      name: "another connector",
      why: "Only the policy's call is put to the reviewer.",
      code: "ERR_NOT_GATED",
      seq: proposal,
      options: { policy: put("connector", "database") },
    },
    {
      name: "another method",
      why: "Only the policy's call is put to the reviewer.",
      code: "ERR_NOT_GATED",
      seq: proposal,
      options: { policy: put("method", "append_file") },
    },
    {
      name: "another letter case",
      why: "Names are compared exactly.",
      code: "ERR_NOT_GATED",
      seq: proposal,
      step: { call: call("Repository", "write_file") },
    },
  ]),
  ...faults("revision limit", [
    {
      name: "changes asked for where only one proposal is allowed",
      why: "At the limit nothing more can be asked for.",
      code: "ERR_REVISION_LIMIT",
      seq: decision,
      from: SCENARIOS.revisedOnce,
      options: { policy: put("revisions", 1) },
    },
    {
      name: "changes asked for at the second of two",
      why: "At the limit nothing more can be asked for.",
      code: "ERR_REVISION_LIMIT",
      seq: 8,
      from: SCENARIOS.revisedTwice,
      options: { policy: put("revisions", 2) },
    },
  ]),
  ...faults("reviewer", [
    {
      name: "the one who started the run approves",
      why: "The policy asks for two people.",
      code: "ERR_REVIEWER",
      seq: decision,
      edit: put("predicate.reviewer.id", "oncall@example.com"),
      options: { policy: put("separateReviewer", true) },
    },
    {
      name: "the one who started the run asks for changes, recognized in another way",
      why: "People are told apart by id.",
      code: "ERR_REVIEWER",
      seq: decision,
      from: SCENARIOS.revisedOnce,
      edit: put("predicate.reviewer", { id: "oncall@example.com", method: "access" }),
      options: { policy: put("separateReviewer", true) },
    },
  ]),
  ...sound("reviewer", [
    {
      name: "another than the one who started the run",
      why: "The policy asks for two people, and two there are.",
      options: { policy: put("separateReviewer", true) },
    },
  ]),
  ...sound("revision limit", [
    {
      name: "reached and not passed",
      why: "The last allowed proposal can still be decided.",
      from: SCENARIOS.revisedOnce,
      options: { policy: put("revisions", 2) },
    },
  ]),
];
