// Whose key a reviewer signs with (rules 65 and 66). Every assertion here holds; the trust policy says whether it counts.
import { accepted, type CorpusCase, faults, type Lawful, type Row, type Story, sound } from "../case.ts";
import { seedOf, TRUST, trustedJwk } from "../fixed-keys.ts";
import { changeList, edited, type Json, put } from "../json-edit.ts";
import { publicJwk } from "../primitives.ts";
import {
  alicePasskey,
  aliceSsh,
  bobEcdsa,
  bobSk,
  carolSk,
  LISTED,
  listedPasskey,
  listedRole,
  listedSsh,
  listing,
  otherPasskey,
  otherSsh,
} from "../reviewer-keys.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { type SshKey, ssh } from "../ssh.ts";
import { amend, type Step } from "../step.ts";
import { type Passkey, webauthn } from "../webauthn.ts";

const { decision } = SEQ;
const asserter = (key: Passkey | SshKey) => ("rpId" in key ? webauthn(key) : ssh(key));
const by = (reviewer: string, key: Passkey | SshKey): Partial<Step> => ({ reviewer, assert: asserter(key) });
const stranger = (key: Passkey | SshKey): Partial<Step> => ({ assert: asserter(key) });
const listed: Story = { trust: LISTED };
const alone = (...keys: readonly Json[]): Story => ({
  trust: listing({ id: "alice", roles: [listedRole("reviewer")], keys }),
});

/** The human's own key, as an SSH key. */
const humanSsh: SshKey = { type: "ssh-ed25519", secret: seedOf("human") };
const agentSk: SshKey = { type: "sk-ssh-ed25519@openssh.com", secret: seedOf("agent") };
/** Alice's passkey as an SSH key, and her SSH key as one of a security key. */
const passkeyAsSsh: SshKey = { type: "ecdsa-sha2-nistp256", secret: alicePasskey.secret };
const sshAsSk: SshKey = { type: "sk-ssh-ed25519@openssh.com", secret: aliceSsh.secret };
const ecdsaAsPasskey: Passkey = { ...otherPasskey, secret: bobEcdsa.secret };
const skAsKey: SshKey = { type: "ssh-ed25519", secret: bobSk.secret };

// The decision is issued at 05:34.
const windows = [
  ["a millisecond before its window", { notBefore: "2026-11-23T05:34:00.001Z" }, false],
  ["from the instant that its window begins", { notBefore: "2026-11-23T05:34:00.000Z" }, true],
  ["at the instant that its window ends", { notAfter: "2026-11-23T05:34:00.000Z" }, false],
  ["to the millisecond before its window ends", { notAfter: "2026-11-23T05:34:00.001Z" }, true],
  ["revoked before the run", { revokedAt: "2026-11-01T00:00:00.000Z" }, false],
  ["revoked after the run", { revokedAt: "2027-11-01T00:00:00.000Z" }, false],
] as const;
const inWindow = windows.flatMap(([name, window, holds]) => [
  {
    name: `a passkey ${name}`,
    step: by("alice", alicePasskey),
    story: alone(listedPasskey(alicePasskey, window)),
    holds,
  },
  {
    name: `an SSH key ${name}`,
    step: by("alice", aliceSsh),
    story: alone(listedSsh(aliceSsh, window)),
    holds,
  },
]);

const required = (word: "required" | "present", trust = LISTED): Story => ({
  options: { policy: put("reviewerKey", word) },
  trust,
});
const decisions = (["approve", "reject", "request_changes"] as const).map(
  (word): readonly [string, Partial<Step>] => [word, { decision: word }],
);
const asOwner = (key: SshKey): Partial<Step> => ({ ...by("carol", key), role: "owner" });
const owners: Story = {
  options: {
    policy: (value, written) =>
      put("approvals", [{ role: "owner", count: 1 }])(put("reviewerKey", "present")(value, written), written),
  },
  trust: LISTED,
};

export const reviewerKeyCases: readonly CorpusCase[] = [
  ...faults("reviewer's key", "A key that is listed for somebody else counts for nobody.", [
    [65, "Alice's passkey, by one who is not listed", decision, stranger(alicePasskey), listed],
    [65, "Alice's SSH key, by one who is not listed", decision, stranger(aliceSsh), listed],
    [65, "Alice's passkey, by Bob", decision, by("bob", alicePasskey), listed],
    [65, "Bob's security key, by Alice", decision, by("alice", bobSk), listed],
    [
      65,
      "Alice's passkey, by one whose id differs in letter case",
      decision,
      by("Alice", alicePasskey),
      listed,
    ],
    [
      65,
      "a revoked key of Alice's, by one who is not listed",
      decision,
      stranger(aliceSsh),
      alone(listedSsh(aliceSsh, { revokedAt: "2026-11-01T00:00:00.000Z" })),
    ],
    [65, "Alice's passkey as an SSH key, by one who is not listed", decision, stranger(passkeyAsSsh), listed],
  ]),
  ...faults("reviewer's key", "A key that signs receipts counts for no reviewer.", [
    [65, "the human's key, by one who is not listed", decision, stranger(humanSsh)],
    [65, "the human's key, by Alice", decision, by("alice", humanSsh), listed],
    [65, "the agent's key as a security key's, by one who is not listed", decision, stranger(agentSk)],
    [
      65,
      "a retired key, by one who is not listed",
      decision,
      stranger(otherSsh),
      {
        trust: edited(
          TRUST,
          changeList("keys", (old) => [
            ...old,
            trustedJwk(publicJwk(otherSsh.secret), "agent", { notAfter: "2026-01-01T00:00:00.000Z" }),
          ]),
        ),
      },
    ],
  ]),
  ...faults("reviewer's key", "Who is listed signs with a key of their entry.", [
    [65, "a passkey that nobody lists, by Alice", decision, by("alice", otherPasskey), listed],
    [65, "an SSH key that nobody lists, by Alice", decision, by("alice", otherSsh), listed],
    [
      65,
      "a key that nobody lists, by one who is listed without keys",
      decision,
      by("alice", otherSsh),
      alone(),
    ],
  ]),
  ...faults("reviewer's key", "A key is used in the form in which it is listed.", [
    [
      65,
      "a passkey under another credential",
      decision,
      by("alice", { ...alicePasskey, credential: Uint8Array.of(1) }),
      listed,
    ],
    [65, "a passkey as an SSH key", decision, by("alice", passkeyAsSsh), listed],
    [65, "an SSH key as a passkey", decision, by("bob", ecdsaAsPasskey), listed],
    [65, "an SSH key as a security key's", decision, by("alice", sshAsSk), listed],
    [65, "a security key's as a plain one", decision, by("bob", skAsKey), listed],
    [
      65,
      "a security key for another application",
      decision,
      by("bob", { ...bobSk, application: "ssh:other" }),
      listed,
    ],
    [
      65,
      "a security key of P-256 for another application",
      decision,
      { ...by("carol", { ...carolSk, application: "ssh:other" }), role: "owner" },
      { ...listed, options: { policy: put("approvals", [{ role: "owner", count: 1 }]) } },
    ],
  ]),
  ...faults(
    "reviewer's key",
    "A key counts inside its window, and never once it is revoked.",
    inWindow
      .filter(({ holds }) => !holds)
      .map(({ name, step, story }): Row => [65, name, decision, step, story]),
  ),
  ...accepted(
    "reviewer's key",
    "A key counts inside its window, and never once it is revoked.",
    inWindow
      .filter(({ holds }) => holds)
      .map(({ name, step, story }): Lawful => [name, decision, step, story]),
  ),
  ...accepted("reviewer's key", "What is not listed is a hint.", [
    ["a key that nobody lists, by one who is not listed", decision, stranger(otherPasskey), listed],
    ["none, by one who is listed", decision, { reviewer: "alice" }, listed],
    [
      "none, by one whose keys are all revoked",
      decision,
      { reviewer: "alice" },
      alone(listedSsh(aliceSsh, { revokedAt: "2026-11-01T00:00:00.000Z" })),
    ],
    [
      "the second of two keys, of which the first is revoked",
      decision,
      by("alice", aliceSsh),
      alone(listedPasskey(alicePasskey, { revokedAt: "2026-11-01T00:00:00.000Z" }), listedSsh(aliceSsh)),
    ],
  ]),
  ...faults(
    "required key",
    "Where the policy requires it, each decision is signed by a key that is listed.",
    [
      ...decisions.map(
        ([word, step]): Row => [
          66,
          `none, to ${word}`,
          decision,
          { ...step, reviewer: "alice" },
          required("required"),
        ],
      ),
      [66, "none, where nobody is listed", decision, {}, required("required", TRUST)],
      [
        66,
        "a key that nobody lists, by one who is not listed",
        decision,
        stranger(otherSsh),
        required("required"),
      ],
      [
        66,
        "a passkey that nobody lists, where presence is required",
        decision,
        stranger(otherPasskey),
        required("present"),
      ],
      [66, "none, where presence is required", decision, { reviewer: "alice" }, required("present")],
      [66, "an SSH key, where presence is required", decision, by("alice", aliceSsh), required("present")],
      [
        66,
        "an SSH key of P-256, where presence is required",
        decision,
        by("bob", bobEcdsa),
        required("present"),
      ],
      [
        66,
        "none, at the second of two decisions",
        8,
        { reviewer: "alice" },
        { ...required("required"), from: amend(SCENARIOS.revisedOnce, decision, by("alice", aliceSsh)) },
      ],
    ],
  ),
  ...accepted(
    "required key",
    "Where the policy requires it, each decision is signed by a key that is listed.",
    [
      ["an SSH key", decision, by("alice", aliceSsh), required("required")],
      ["a passkey", decision, by("alice", alicePasskey), required("required")],
      ["a passkey, where presence is required", decision, by("alice", alicePasskey), required("present")],
      ["a security key, where presence is required", decision, by("bob", bobSk), required("present")],
      ["a security key of P-256, where presence is required", decision, asOwner(carolSk), owners],
      [
        "a security key and a rejection, where presence is required",
        decision,
        { ...by("bob", bobSk), decision: "reject" },
        required("present"),
      ],
    ],
  ),
  ...sound("required key", "Where the policy requires it, each decision is signed by a key that is listed.", [
    [
      "three revisions, each decided by a key",
      {
        ...required("required"),
        from: [4, 8, 12].reduce<readonly Step[]>(
          (steps, seq) => amend(steps, seq, by("alice", seq === 8 ? aliceSsh : alicePasskey)),
          SCENARIOS.revisedTwice,
        ),
      },
    ],
    ["an expiry, which nobody decides", { ...required("present"), from: SCENARIOS.expired }],
  ]),
];
