// What somebody does who holds the Worker's three keys and its database (§6.1, rules 29, 65 and 66). The trust policy comes from elsewhere:
// it lists the reviewers with their keys, and pins run policies that require one. Every chain is signed throughout by all three keys, is
// whole, and tells of a call that was executed; what it lacks is a signature by a key that is listed.
import { type CorpusCase, type Story, sound, wholeFaults } from "../case.ts";
import { seedOf } from "../fixed-keys.ts";
import { all, changeList, type Edit, type Json, put } from "../json-edit.ts";
import { byAlice, decided, from, PINNED, PINS, present, WORKER_KEYS } from "../pinned.ts";
import { POLICY } from "../policy.ts";
import { canonicalBytes, digestOf } from "../primitives.ts";
import { alicePasskey, aliceSsh, bobSk, LISTED, otherPasskey, otherSk, otherSsh } from "../reviewer-keys.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { type SshKey, ssh } from "../ssh.ts";
import { amend } from "../step.ts";
import { webauthn } from "../webauthn.ts";

const { alert, proposal, decision } = SEQ;
const { approved, revisedOnce, twoWrites, edited: editedRun } = SCENARIOS;
const under = (...edits: readonly Edit[]): Story => ({ trust: PINNED, options: { policy: all(...edits) } });
const humanSsh: SshKey = { type: "ssh-ed25519", secret: seedOf("human") };
const free: Json = { connector: "repository", method: "write_file" };
const ungated = all(
  changeList("effects", (old) => old.slice(1)),
  changeList("free", (old) => [...old, free]),
);

export const workerKeyCases: readonly CorpusCase[] = [
  ...wholeFaults(
    WORKER_KEYS,
    "Where the policy requires it, each decision is signed by a key that is listed.",
    [
      [66, "an approval in Alice's name, on the Worker's word", decision, decided({ reviewer: "alice" })],
      [66, "an approval in a name that nobody lists", decision, decided({ reviewer: "root" })],
      [66, "an approval by one whose id looks like hers", decision, decided({ reviewer: "alice " })],
      [
        66,
        "an approval with a new key, in a name that nobody lists",
        decision,
        decided({ assert: ssh(otherSsh) }),
      ],
      [
        66,
        "an approval with a new passkey, in a name that nobody lists",
        decision,
        decided({ assert: webauthn(otherPasskey) }, present),
      ],
      [65, "an approval with a new key, in Alice's name", decision, decided(byAlice(ssh(otherSsh)))],
      [
        65,
        "an approval with a new passkey under her credential",
        decision,
        decided(byAlice(webauthn({ ...alicePasskey, secret: otherPasskey.secret }))),
      ],
      [
        65,
        "an approval with a new security key, in Bob's name",
        decision,
        decided({ reviewer: "bob", assert: ssh(otherSk) }, present),
      ],
      [
        65,
        "an approval with the human key as a reviewer's, in Alice's name",
        decision,
        decided(byAlice(ssh(humanSsh))),
      ],
      [
        65,
        "an approval with the human key as a reviewer's, in a name that nobody lists",
        decision,
        decided({ assert: ssh(humanSsh) }),
      ],
      [
        66,
        "an edit that nobody signed, approved in Alice's name",
        decision,
        from(amend(editedRun, decision, { reviewer: "alice" })),
      ],
      [
        66,
        "a second call of a script whose first one Alice approved",
        8,
        from(amend(amend(twoWrites, decision, byAlice(ssh(aliceSsh))), 8, { reviewer: "alice" })),
      ],
      [
        66,
        "a revision of a proposal that Alice sent back",
        8,
        from(amend(amend(revisedOnce, decision, byAlice(ssh(aliceSsh))), 8, { reviewer: "alice" })),
      ],
    ],
  ),
  ...wholeFaults(WORKER_KEYS, "The trust policy says which run policies count.", [
    [29, "a policy that asks for no key", alert, from(approved, under())],
    [
      29,
      "a policy that asks for no key, with an assertion of a new one",
      alert,
      from(amend(approved, decision, { assert: ssh(otherSsh) }), under()),
    ],
    [
      29,
      "a policy with a role that nobody has to hold",
      alert,
      from(
        amend(approved, decision, { reviewer: "root" }),
        under(put("approvals", [{ role: "reviewer", count: 1 }]), put("rule", "Anybody approves.")),
      ),
    ],
    [
      29,
      "a policy under which the call has no effects",
      alert,
      from(
        amend(approved, decision, { reviewer: "alice" }),
        under(
          put("reviewerKey", "required"),
          changeList("effects", (old) => old.slice(1)),
        ),
      ),
    ],
    [
      29,
      "a policy with longer times",
      alert,
      from(
        amend(approved, decision, { reviewer: "alice" }),
        under(put("reviewerKey", "required"), put("decisionSeconds", 31_536_000)),
      ),
    ],
    [29, "a policy under which the call is free", alert, from(approved, under(ungated))],
    [
      27,
      "the pinned policy's digest over another policy",
      alert,
      from(amend(approved, alert, { edit: put("predicate.policy", PINS[0] ?? "") }), under()),
    ],
    [
      22,
      "another policy from the proposal on",
      proposal,
      from(amend(approved, proposal, { edit: put("predicate.policy", digestOf(canonicalBytes(POLICY))) })),
    ],
    [
      22,
      "another policy for the decision alone",
      decision,
      from(amend(approved, decision, { edit: put("predicate.policy", digestOf(canonicalBytes(POLICY))) })),
    ],
  ]),
  ...sound(WORKER_KEYS, "With a signature by a listed key, the same chain holds.", [
    ["Alice's SSH key", decided(byAlice(ssh(aliceSsh)))],
    ["Alice's passkey", decided(byAlice(webauthn(alicePasskey)), present)],
    ["Bob's security key", decided({ reviewer: "bob", assert: ssh(bobSk) }, present)],
  ]),
  ...sound(WORKER_KEYS, "Without the pin, the Worker's keys suffice: the policy is theirs.", [
    [
      "a policy that asks for no key, not pinned",
      from(amend(approved, decision, { reviewer: "alice" }), { ...under(), trust: LISTED }),
    ],
    [
      "a policy that asks for no key, in a name that nobody lists, not pinned",
      from(approved, { ...under(), trust: LISTED }),
    ],
  ]),
];
