// Approvals (rules 60 and 67): what one counts for, and when a round settles.
import { accepted, type CorpusCase, faults, type Story, sound } from "../case.ts";
import { put } from "../json-edit.ts";
import {
  alicePasskey,
  aliceSsh,
  LISTED,
  otherEcdsa,
  otherPasskey,
  otherSk,
  otherSsh,
} from "../reviewer-keys.ts";
import { QUORUM, QUORUMS, SCENARIOS, SEQ } from "../scenarios.ts";
import { ssh } from "../ssh.ts";
import { amend, inserted, type Step } from "../step.ts";
import { webauthn } from "../webauthn.ts";

const { decision } = SEQ;
const { approved, rejected, revisedOnce } = SCENARIOS;
const quorum: Story = { options: QUORUM, trust: LISTED };
const two: Story = { options: { policy: put("approvals", [{ role: "reviewer", count: 2 }]) } };

/** A first round of two approvals, by these; the second one is the fault or not. */
const both = (first: Partial<Step>, second: Partial<Step>): readonly Step[] =>
  inserted(amend(approved, decision, { reviewer: "dora", ...first }), 5, {
    kind: "decision",
    reviewer: "emil",
    ...second,
  });
const SECOND = 5;
/** The same secret as a passkey and as an SSH key. */
const bothForms = { type: "ecdsa-sha2-nistp256", secret: otherPasskey.secret } as const;

export const approvalCases: readonly CorpusCase[] = [
  ...faults("approvals", "A role that has its count takes no more.", [
    [60, "a second owner of one", 6, { role: "owner" }, { ...quorum, from: QUORUMS.approved }],
    [
      60,
      "a third reviewer of two",
      6,
      {},
      {
        ...quorum,
        from: amend(amend(QUORUMS.approved, 5, { reviewer: "bob", role: "reviewer" }), 6, {
          reviewer: "dora",
        }),
      },
    ],
  ]),
  ...faults("approvals", "In one round nobody approves twice.", [
    [60, "one reviewer, twice", SECOND, { reviewer: "dora" }, { ...two, from: both({}, {}) }],
    [
      60,
      "one reviewer, with the other's approval between",
      6,
      {},
      {
        options: { policy: put("approvals", [{ role: "reviewer", count: 3 }]) },
        from: inserted(both({}, {}), 6, { kind: "decision", reviewer: "dora" }),
      },
    ],
    [
      60,
      "one reviewer in two roles",
      5,
      { reviewer: "bob", role: "owner" },
      { ...quorum, from: amend(QUORUMS.approved, 4, { reviewer: "bob" }) },
    ],
    [
      60,
      "one reviewer, recognized in two ways",
      SECOND,
      put("predicate.reviewer", { id: "dora", method: "access" }),
      { ...two, from: both({}, {}) },
    ],
    [
      60,
      "one reviewer by two keys",
      SECOND,
      { reviewer: "alice", assert: ssh(aliceSsh) },
      { ...two, from: both({ reviewer: "alice", assert: webauthn(alicePasskey) }, {}), trust: LISTED },
    ],
  ]),
  ...faults("approvals", "In one round no key approves twice.", [
    [
      67,
      "one SSH key under two names",
      SECOND,
      { assert: ssh(otherSsh) },
      { ...two, from: both({ assert: ssh(otherSsh) }, {}) },
    ],
    [
      67,
      "one passkey under two names",
      SECOND,
      { assert: webauthn(otherPasskey) },
      { ...two, from: both({ assert: webauthn(otherPasskey) }, {}) },
    ],
    [
      67,
      "one passkey under two names and two credentials",
      SECOND,
      { assert: webauthn({ ...otherPasskey, credential: Uint8Array.of(1) }) },
      { ...two, from: both({ assert: webauthn(otherPasskey) }, {}) },
    ],
    [
      67,
      "one secret as a passkey and as an SSH key",
      SECOND,
      { assert: ssh(bothForms) },
      { ...two, from: both({ assert: webauthn(otherPasskey) }, {}) },
    ],
    [
      67,
      "one secret as an SSH key and as one of a security key",
      SECOND,
      { assert: ssh({ ...otherSk, secret: otherSsh.secret }) },
      { ...two, from: both({ assert: ssh(otherSsh) }, {}) },
    ],
    [
      67,
      "one security key for two applications",
      SECOND,
      { assert: ssh({ ...otherSk, application: "ssh:other" }) },
      { ...two, from: both({ assert: ssh(otherSk) }, {}) },
    ],
  ]),
  ...accepted("approvals", "Who approved may still reject, and an approval counts in its own round only.", [
    ["one of two", decision, {}, two],
    [
      "two of two, by two keys",
      SECOND,
      { assert: ssh(otherSsh) },
      { ...two, from: both({ assert: ssh(otherEcdsa) }, {}) },
    ],
    [
      "two of two, of whom one has no key",
      SECOND,
      {},
      { ...two, from: both({ assert: ssh(otherEcdsa) }, {}) },
    ],
    [
      "a rejection by the key that approved",
      SECOND,
      { decision: "reject", reviewer: "dora", assert: ssh(otherSsh) },
      { ...two, from: both({ assert: ssh(otherSsh) }, {}) },
    ],
    [
      "a rejection by the key that approved, under another name",
      SECOND,
      { decision: "reject", assert: ssh(otherSsh) },
      { ...two, from: both({ assert: ssh(otherSsh) }, {}) },
    ],
    [
      "a rejection in a role that has its count",
      5,
      { reviewer: "bob", decision: "reject", role: "reviewer" },
      { ...quorum, from: QUORUMS.approved },
    ],
    [
      "the same key in the next round",
      8,
      { assert: ssh(otherSsh) },
      { from: amend(revisedOnce, decision, { assert: ssh(otherSsh) }) },
    ],
    [
      "the same approval in the next round, after one that did not settle",
      9,
      { kind: "decision", reviewer: "dora", assert: ssh(otherSsh) },
      {
        ...two,
        from: [
          ...both({ assert: ssh(otherSsh) }, { decision: "request_changes" }).slice(0, 6),
          { kind: "execution" },
          { kind: "proposal" },
          { kind: "preview" },
          { kind: "decision" },
        ],
      },
    ],
    [
      "20 of one role, of which this is the first",
      decision,
      {},
      { options: { policy: put("approvals", [{ role: "reviewer", count: 20 }]) } },
    ],
  ]),
  ...sound(
    "approvals",
    "A round settles with the approval that completes them, or with the first other decision.",
    [
      ["two reviewers and an owner", { ...quorum, from: QUORUMS.approved }],
      ["two approvals, then a rejection", { ...quorum, from: QUORUMS.rejected }],
      ["an approval that its reviewer takes back", { ...quorum, from: QUORUMS.withdrawn }],
      ["an approval, then a request for changes, then all three", { ...quorum, from: QUORUMS.revised }],
      ["an approval of three, and then nobody", { ...quorum, from: QUORUMS.expired }],
      [
        "a rejection first",
        { ...quorum, from: amend(rejected, decision, { reviewer: "carol", role: "owner" }) },
      ],
    ],
  ),
];
