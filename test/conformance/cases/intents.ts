// Intents (rule 63): what the reviewer signs is exactly this decision. Every assertion here is made over the intent as it stands.
import { accepted, type CorpusCase, faults, type Row, type Story } from "../case.ts";
import { drop, type Edit, type Json, put, ZERO } from "../json-edit.ts";
import { aliceSsh, LISTED, otherSsh } from "../reviewer-keys.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { ssh } from "../ssh.ts";
import { amend, type Step } from "../step.ts";

const { decision } = SEQ;
const signed = ssh(otherSsh);
const asserted = (steps: readonly Step[] = SCENARIOS.approved, seq: number = decision): Story => ({
  from: amend(steps, seq, { assert: signed }),
});

const members: readonly (readonly [name: string, value: Json])[] = [
  ["type", "countersign.decision.v2"],
  ["version", 1],
  ["version", 3],
  ["version", "2"],
  ["issuer", "https://other.example"],
  ["run", "run-2"],
  ["proposal", ZERO],
  ["preview", ZERO],
  ["action", ZERO],
  ["edit", ZERO],
  ["edit", ""],
  ["decision", "reject"],
  ["reason", "Fine."],
  ["reviewer", "alice"],
  ["reviewer", "Reviewer@example.com"],
  ["role", "owner"],
  ["role", null],
];

const names = [
  "type",
  "version",
  "issuer",
  "run",
  "proposal",
  "preview",
  "action",
  "edit",
  "decision",
  "reason",
  "reviewer",
  "role",
];
const spellings: readonly (readonly [name: string, how: (text: string) => string])[] = [
  ["in another spelling", (text) => JSON.stringify(JSON.parse(text), null, 1)],
  ["with a trailing newline", (text) => `${text}\n`],
  ["with version 2.0", (text) => text.replace('"version":2', '"version":2.0')],
  [
    "with its members in the order of the page",
    (text) => JSON.stringify(Object.fromEntries(names.map((name) => [name, JSON.parse(text)[name]]))),
  ],
  ["with a member twice", (text) => text.replace('"version":2', '"version":2,"version":2')],
  ["that is no JSON", () => "I approve."],
  ["that is the bytes of the action", () => "{}"],
];

/** Changes the receipt after the intent was signed. */
const afterwards: readonly (readonly [name: string, edit: Edit, story: Story])[] = [
  ["another reason", put("predicate.reason", "Not signed."), asserted()],
  [
    "a reason that the intent has, left out",
    put("predicate.reason", ""),
    { from: amend(SCENARIOS.approved, decision, { assert: signed, reason: "If nothing else is changed." }) },
  ],
  ["another reviewer", put("predicate.reviewer.id", "emil"), asserted()],
  ["a rejection made an approval", put("predicate.decision", "approve"), asserted(SCENARIOS.rejected)],
];

export const intentCases: readonly CorpusCase[] = [
  ...faults("intent", "The intent says what the decision and its chain say.", [
    ...members.map(
      ([name, value]): Row => [
        63,
        `of another ${name}, ${JSON.stringify(value)}`,
        decision,
        { intent: put(name, value) },
        asserted(),
      ],
    ),
    ...names.map((name): Row => [63, `without ${name}`, decision, { intent: drop(name) }, asserted()]),
    [63, "with one more member", decision, { intent: put("comment", "") }, asserted()],
    [63, "with a member named __proto__", decision, { intent: put("__proto__", null) }, asserted()],
    [
      63,
      "of no edit, where there is one",
      decision,
      { intent: put("edit", null) },
      asserted(SCENARIOS.edited),
    ],
  ]),
  ...faults(
    "intent",
    "An intent is canonical JSON.",
    spellings.map(([name, intentText]): Row => [63, name, decision, { intentText }, asserted()]),
  ),
  ...faults(
    "intent",
    "What was signed is what is decided.",
    afterwards.map(([name, edit, story]): Row => [63, name, decision, edit, story]),
  ),
  ...accepted("intent", "The intent says what the decision and its chain say.", [
    [
      "of an approval with a reason of every kind of character",
      decision,
      { reason: 'e\u0301 é "quoted"\r\n\u0000\u2028😀' },
      asserted(),
    ],
    ["of a rejection", decision, {}, asserted(SCENARIOS.rejected)],
    ["of a request for changes", decision, {}, asserted(SCENARIOS.revisedOnce)],
    ["of an edit", decision, {}, asserted(SCENARIOS.edited)],
    ["of the second round", 8, {}, asserted(SCENARIOS.revisedOnce, 8)],
    [
      "of a reviewer who is listed, in a longer run",
      12,
      { reviewer: "alice" },
      { from: amend(SCENARIOS.revisedTwice, 12, { assert: ssh(aliceSsh) }), trust: LISTED },
    ],
  ]),
];
