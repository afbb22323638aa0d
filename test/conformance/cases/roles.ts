// Roles (rule 59): who may decide in which role.
import { type CorpusCase, faults, type Story, sound } from "../case.ts";
import { type Json, put } from "../json-edit.ts";
import { LISTED, listedRole, listing } from "../reviewer-keys.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { decision } = SEQ;

const { approved, revisedOnce } = SCENARIOS;

const owned: Story = { options: { policy: put("approvals", [{ role: "owner", count: 1 }]) }, trust: LISTED };

/** Alice with these windows of the role. The decision is issued at 05:34. */
const alice = (...roles: readonly Json[]): Json => listing({ id: "alice", roles, keys: [] });

const byAlice = (...roles: readonly Json[]): Story => ({
  from: amend(approved, decision, { reviewer: "alice" }),
  trust: alice(...roles),
});

const before = { notBefore: "2026-11-23T05:34:00.001Z" };

const after = { notAfter: "2026-11-23T05:34:00.000Z" };

const closed = { notAfter: "2026-11-23T05:34:00.001Z" };

const opened = { notBefore: "2026-11-23T05:34:00.000Z" };

export const roleCases: readonly CorpusCase[] = [
  ...faults("role", "A decision is made in a role that the policy asks for.", [
    [
      59,
      "one that the policy does not ask for",
      decision,
      { reviewer: "bob", role: "owner" },
      { trust: LISTED },
    ],
    [59, "one in another letter case", decision, { role: "Reviewer" }],
    [
      59,
      "a rejection in one that the policy does not ask for",
      decision,
      { decision: "reject", reviewer: "carol", role: "owner" },
      { trust: LISTED },
    ],
    [
      59,
      "a request for changes in one that the policy does not ask for",
      decision,
      { role: "owner" },
      { from: revisedOnce },
    ],
  ]),
  ...faults("role", "Who is listed holds the roles of their entry, and no other.", [
    [59, "an owner as a reviewer", decision, { reviewer: "carol" }, { trust: LISTED }],
    [59, "a reviewer as an owner", decision, { reviewer: "alice", role: "owner" }, owned],
    [
      59,
      "a rejection by an owner as a reviewer",
      decision,
      { reviewer: "carol", decision: "reject" },
      { trust: LISTED },
    ],
    [59, "one who is listed without a role", decision, {}, byAlice()],
    [59, "a role a millisecond before its window", decision, {}, byAlice(listedRole("reviewer", before))],
    [59, "a role at the instant that its window ends", decision, {}, byAlice(listedRole("reviewer", after))],
    [
      59,
      "a role between two windows",
      decision,
      {},
      byAlice(listedRole("reviewer", before), listedRole("reviewer", after)),
    ],
    [
      59,
      "another role in its window",
      decision,
      {},
      byAlice(listedRole("reviewer", after), listedRole("owner")),
    ],
  ]),
  ...faults("role", "Who is not listed holds the role reviewer, and no other.", [
    [59, "an unlisted owner", decision, { reviewer: "dora", role: "owner" }, owned],
    [
      59,
      "an unlisted owner, where nobody is listed",
      decision,
      { role: "owner" },
      { options: owned.options ?? {} },
    ],
    [
      59,
      "an id that differs from an owner's in letter case",
      decision,
      { reviewer: "Carol", role: "owner" },
      owned,
    ],
  ]),
  ...sound("role", "Who is listed holds the roles of their entry.", [
    ["a role from the instant that its window begins", byAlice(listedRole("reviewer", opened))],
    ["a role to the millisecond before its window ends", byAlice(listedRole("reviewer", closed))],
    [
      "a role in the second of its two windows",
      byAlice(listedRole("reviewer", after), listedRole("reviewer", opened)),
    ],
    [
      "an owner, where one is asked for",
      { ...owned, from: amend(approved, decision, { reviewer: "carol", role: "owner" }) },
    ],
    ["a reviewer who is not listed, where others are", { trust: LISTED }],
    [
      "a reviewer named __proto__, who is not listed",
      { from: amend(approved, decision, { reviewer: "__proto__" }), trust: LISTED },
    ],
    [
      "a reviewer whose id differs from an owner's in letter case",
      { from: amend(approved, decision, { reviewer: "Carol" }), trust: LISTED },
    ],
    [
      "a role named __proto__",
      {
        from: amend(approved, decision, { reviewer: "alice", role: "__proto__" }),
        options: { policy: put("approvals", [{ role: "__proto__", count: 1 }]) },
        trust: alice(listedRole("__proto__")),
      },
    ],
  ]),
];
