// Decisions (rules 52–58, 61, 62): on exactly what was shown, in time, by whom it may be, and with a reason where one is owed.
import { accepted, type CorpusCase, faults, type Row, type Story, sound } from "../case.ts";
import { all, digestAt, put, ZERO } from "../json-edit.ts";
import { canonicalize, digestOf, sha256Hex, utf8 } from "../primitives.ts";
import { LISTED } from "../reviewer-keys.ts";
import { INSTEAD, QUORUM, QUORUMS, SCENARIOS, SEQ } from "../scenarios.ts";
import { amend, type Call, type Step } from "../step.ts";

const { alert, preview, decision, execution } = SEQ;
const { approved, rejected, revisedOnce, revisedTwice, edited } = SCENARIOS;
const OTHER = "other action";
/** The decision of a revised run's second round. */
const SECOND = 8;
const STARTER = "oncall@example.com";
const REVIEWER = "reviewer@example.com";

const words = ["approve", "reject", "request_changes"] as const;
const late = [0, 1, 86_400_000].flatMap((ms) =>
  words.map(
    (word): Row => [
      55,
      `${word} ${ms} ms after the proposal expired`,
      decision,
      { decision: word, wait: 900_000 + ms },
    ],
  ),
);

const separate = { policy: put("separateReviewer", true) };
const by = (reviewer: string, steps: readonly Step[] = approved): Story => ({
  from: amend(steps, decision, { reviewer }),
  options: separate,
});

/** An edited run, of which the second round is decided so. */
const own = (more: Partial<Step>, options = {}): Story => ({ from: amend(edited, SECOND, more), options });
const two = { policy: put("approvals", [{ role: "reviewer", count: 2 }]) };

const args = (content: string, path = "src/checkout.js") => ({
  path,
  content,
  before: digestOf("export const status = 500;\n"),
});
const write: Call = {
  connector: "repository",
  method: "write_file",
  args: args("export const status = 401;\n"),
};
const ANOTHER = canonicalize({ ...INSTEAD, args: args("export const status = 423;\n") });
const edits: readonly (readonly [name: string, bytes: string | Uint8Array])[] = [
  ["that is not JSON", "write 422"],
  ["that is not canonical", `${canonicalize(INSTEAD)}\n`],
  ["that is no action", canonicalize({ ...INSTEAD, force: true })],
  ["with a lone surrogate", '{"args":"\\ud800","connector":"repository","method":"write_file"}'],
  [
    "of another method",
    canonicalize({
      connector: "repository",
      method: "delete_file",
      args: { path: "README.md", before: null },
    }),
  ],
  ["of another connector", canonicalize({ ...INSTEAD, connector: "Repository" })],
  ["of a call that needs no human", canonicalize({ connector: "repository", method: "read_file", args: {} })],
  ["that is the proposal's own", canonicalize(write)],
  ["without content", canonicalize({ ...INSTEAD, args: { path: "a", before: null } })],
  ["with an empty before", canonicalize({ ...INSTEAD, args: { ...args("x"), before: "" } })],
  ["of null", canonicalize({ ...INSTEAD, args: null })],
];

export const decisionCases: readonly CorpusCase[] = [
  ...faults(
    "decision",
    "A decision is on the open proposal, as it was shown last.",
    [
      [52, "on a proposal that is not there", decision, put("predicate.proposal", ZERO)],
      [52, "on the proposal before", SECOND, put("predicate.proposal", digestAt(2)), { from: revisedOnce }],
      [52, "on the preview in the proposal's place", decision, put("predicate.proposal", digestAt(3))],
      [53, "on a preview that is not there", decision, put("predicate.preview", ZERO)],
      [53, "on the preview before", SECOND, put("predicate.preview", digestAt(3)), { from: revisedOnce }],
      [53, "on the proposal in the preview's place", decision, put("predicate.preview", digestAt(2))],
      [54, "on another action", decision, put("subject.0.digest.sha256", sha256Hex(utf8(OTHER)))],
      [
        54,
        "on the action that the reviewer wants instead",
        decision,
        put("subject.0.digest.sha256", sha256Hex(utf8(canonicalize(INSTEAD)))),
        { from: edited },
      ],
    ],
    { options: { store: [OTHER] } },
  ),
  ...faults("late decision", "A decision is made before expiresAt.", late),
  ...faults("late decision", "A decision is made before expiresAt.", [
    [
      55,
      "a second approval, when the first was in time",
      5,
      { wait: 840_000 },
      { from: QUORUMS.approved, options: QUORUM, trust: LISTED },
    ],
    [
      55,
      "on a preview that had expired when it was written",
      decision,
      { wait: 0 },
      { from: amend(approved, preview, { edit: put("predicate.expiresAt", "2026-11-23T05:33:00.000Z") }) },
    ],
  ]),
  ...faults("reviewer", "Where the policy asks for two people, who started the run does not approve.", [
    [56, "the one who started the run", decision, {}, by(STARTER)],
    [
      56,
      "the one who started the run, recognized in another way",
      decision,
      put("predicate.reviewer.method", "access"),
      by(STARTER),
    ],
    [
      56,
      "the one who started the run, of two who approve",
      decision,
      { reviewer: STARTER },
      {
        options: {
          policy: all(put("separateReviewer", true), put("approvals", [{ role: "reviewer", count: 2 }])),
        },
      },
    ],
  ]),
  ...faults("reviewer", "Nobody approves what they wrote, where two people are asked for.", [
    [56, "the one who edited, with separateReviewer", SECOND, {}, own({}, separate)],
    [56, "the one who edited, with two approvals of one role", SECOND, {}, own({}, two)],
    [
      56,
      "the one who edited, as the second of two",
      9,
      { kind: "decision", reviewer: REVIEWER },
      {
        from: [...edited.slice(0, 8), { kind: "decision", reviewer: "alice" }, { kind: "decision" }],
        options: two,
      },
    ],
    [
      56,
      "the one who edited, with one approval of each of two roles",
      SECOND,
      {},
      own(
        {},
        {
          policy: put("approvals", [
            { role: "reviewer", count: 1 },
            { role: "owner", count: 1 },
          ]),
        },
      ),
    ],
    [
      56,
      "the starter, of what they undo, with two approvals",
      decision,
      { reviewer: STARTER },
      {
        from: amend(amend(approved, alert, { parent: { run: "run-0", handoff: ZERO, bundle: "{}" } }), 2, {
          reverts: ZERO,
        }),
        options: two,
      },
    ],
  ]),
  ...sound("reviewer", "Where the policy asks for two people, who started the run does not approve.", [
    ["another than the one who started the run", by(REVIEWER)],
    [
      "the one who started the run, where one person will do",
      { from: amend(approved, decision, { reviewer: STARTER }) },
    ],
    ["the one who started the run, who rejects", by(STARTER, rejected)],
    ["the one who started the run, who asks for changes", by(STARTER, revisedOnce)],
    ["one whose id differs from the starter's in letter case", by("Oncall@example.com")],
    ["the one who edited, where one person will do", own({})],
    [
      "the one who edited, who rejects what they wrote, with separateReviewer",
      own({ decision: "reject" }, separate),
    ],
    ["one other than who edited, with separateReviewer", own({ reviewer: "alice" }, separate)],
    [
      "an agent of the reviewer's name, with separateReviewer",
      { from: amend(approved, 1, { planner: REVIEWER }), options: separate },
    ],
  ]),
  ...faults("reason", "A request for changes says what to change, in words or by an edit.", [
    [57, "none, for changes that nothing says", decision, { reason: "" }, { from: revisedOnce }],
  ]),
  ...faults("revision limit", "At the limit nothing more can be asked for.", [
    [
      58,
      "changes where only one proposal is allowed",
      decision,
      {},
      { from: revisedOnce, options: { policy: put("revisions", 1) } },
    ],
    [
      58,
      "changes to the second of two",
      8,
      {},
      { from: revisedTwice, options: { policy: put("revisions", 2) } },
    ],
    [
      58,
      "an edit where only one proposal is allowed",
      decision,
      {},
      { from: edited, options: { policy: put("revisions", 1) } },
    ],
    [
      58,
      "changes to a second write's second revision",
      12,
      {},
      {
        from: amend(SCENARIOS.secondWriteRevised, 12, { decision: "request_changes" }),
        options: { policy: put("revisions", 2) },
      },
    ],
  ]),
  ...sound("revision limit", "At the limit nothing more can be asked for.", [
    ["reached and not passed", { from: revisedOnce, options: { policy: put("revisions", 2) } }],
    [
      "reached by a second write's own revisions",
      { from: SCENARIOS.secondWriteRevised, options: { policy: put("revisions", 2) } },
    ],
  ]),
  ...faults("edit", "The field and the subject name one edit.", [
    [
      61,
      "another than the subject",
      decision,
      put("subject.1.digest.sha256", sha256Hex(utf8(ANOTHER))),
      { from: edited, options: { store: [ANOTHER] } },
    ],
    [61, "another than the field", decision, put("predicate.edit", ZERO), { from: edited }],
  ]),
  ...faults("edit", "An edit is another action of the same call, and comes with a request for changes.", [
    [62, "with an approval", decision, { decision: "approve" }, { from: edited }],
    [62, "with a rejection", decision, { decision: "reject" }, { from: edited }],
    ...edits.map(
      ([name, insteadBytes]): Row => [62, name, decision, { decision: "request_changes", insteadBytes }],
    ),
  ]),
  ...accepted("edit", "An edit is another action of the same call, and comes with a request for changes.", [
    [
      "of another file",
      decision,
      { instead: { ...INSTEAD, args: args("x", "src/cart.js") } },
      { from: edited },
    ],
    [
      "with an argument that the templates do not name",
      decision,
      { instead: { ...INSTEAD, args: { ...args("x"), mode: "0644" } } },
      { from: edited },
    ],
    [
      "of a call that the policy does not know",
      decision,
      { instead: { connector: "pager", method: "page", args: [] } },
      { from: amend(edited, 2, { call: { connector: "pager", method: "page", args: {} } }) },
    ],
  ]),
  ...sound("decision", "A decision may come at any time until the last millisecond, and say why.", [
    ["in the last millisecond", { from: amend(approved, decision, { wait: 899_999 }) }],
    ["in time, executed long after", { from: amend(approved, execution, { wait: 86_400_000 }) }],
    ["at the instant of its preview", { from: amend(approved, decision, { wait: 0 }) }],
    ["a rejection without a reason", { from: rejected }],
    ["a rejection with a reason", { from: amend(rejected, decision, { reason: "Not on a Friday." }) }],
    ["an approval with a reason", { from: amend(approved, decision, { reason: "Fine." }) }],
    ["a request for changes by a reason of a space", { from: amend(revisedOnce, decision, { reason: " " }) }],
  ]),
];
