// What somebody who holds the Worker's three keys and its database makes of signatures that reviewers did make, for something else; and
// chains that do without a decision. Under the trust policy of worker-keys.ts.
import type { Asserter } from "../asserter.ts";
import { type CorpusCase, type Story, wholeFaults } from "../case.ts";
import { all, type Edit, edited, put, ZERO } from "../json-edit.ts";
import { byAlice, decided, from, present, required, WORKER_KEYS } from "../pinned.ts";
import { POLICY } from "../policy.ts";
import { canonicalBytes, digestOf } from "../primitives.ts";
import { alicePasskey, aliceSsh, bobSk, LISTED, otherPasskey, otherSsh } from "../reviewer-keys.ts";
import { INSTEAD, SCENARIOS, SEQ } from "../scenarios.ts";
import { lineOf, ssh } from "../ssh.ts";
import { amend, inserted, type Step, without } from "../step.ts";
import { challengeOf, integer, jwkOf, sequence, webauthn } from "../webauthn.ts";

const { preview, decision, execution } = SEQ;
const { approved, rejected, expired, revisedOnce, twoWrites } = SCENARIOS;

/** A signature that Alice really made, for something else: what the database holds of her. */
const over = (edit: Edit) => ({
  over: (intent: Uint8Array) => canonicalBytes(edited(JSON.parse(new TextDecoder().decode(intent)), edit)),
});
/** The first assertion of the run, used again. */
const again = (type: "ssh" | "webauthn"): Asserter => ({ type, make: (_, earlier) => earlier[0] ?? null });
const replays: readonly (readonly [name: string, edit: Edit])[] = [
  ["her rejection", put("decision", "reject")],
  ["her request for changes", put("decision", "request_changes")],
  ["her approval of another run", put("run", "run-2")],
  ["her approval of another deployment's run", put("issuer", "https://other.example")],
  ["her approval of another proposal", put("proposal", ZERO)],
  ["her approval of another preview", put("preview", ZERO)],
  ["her approval of another call", put("action", ZERO)],
  ["her approval with another reason", put("reason", "Only on Sunday.")],
  ["her approval in another role", put("role", "owner")],
  ["her approval of an edit", put("edit", ZERO)],
];

const alicesApproval = amend(approved, decision, byAlice(ssh(aliceSsh)));
const alicesRequest = amend(revisedOnce, decision, byAlice(ssh(aliceSsh)));
const executed: Partial<Step> = { status: "executed" };
const otherAction = put("subject.0.digest.sha256", digestOf(canonicalBytes(INSTEAD)).slice(7));
const withInstead: Story = {
  ...required,
  options: { policy: put("reviewerKey", "required"), store: [canonicalBytes(INSTEAD)] },
};
const ofTwo = all(put("reviewerKey", "required"), put("approvals.0.count", 2));
const two: Story = {
  trust: edited(LISTED, put("policies", [digestOf(canonicalBytes(edited(POLICY, ofTwo)))])),
  options: { policy: ofTwo },
};

export const replayedKeyCases: readonly CorpusCase[] = [
  ...wholeFaults(WORKER_KEYS, "An assertion is over its own decision and no other.", [
    ...replays.map(
      ([name, edit]) =>
        [64, `${name}, under an approval`, decision, decided(byAlice(ssh(aliceSsh, over(edit))))] as const,
    ),
    ...replays.map(
      ([name, edit]) =>
        [
          63,
          `${name}, with its intent, under an approval`,
          decision,
          decided({ ...byAlice(ssh(aliceSsh)), intent: edit }),
        ] as const,
    ),
    [
      64,
      "her request for changes, under the approval of the next round",
      8,
      from(amend(alicesRequest, 8, byAlice(again("ssh")))),
    ],
    [
      64,
      "her approval of the first call, under that of the second",
      8,
      from(amend(amend(twoWrites, decision, byAlice(webauthn(alicePasskey))), 8, byAlice(again("webauthn")))),
    ],
    [
      64,
      "another challenge of her passkey",
      decision,
      decided(byAlice(webauthn(alicePasskey, { challenge: () => challengeOf({ hello: "world" }) }))),
    ],
    [
      64,
      "her passkey on another site",
      decision,
      decided(
        byAlice(
          webauthn(alicePasskey, { rpId: "evil.example", clientData: put("origin", "https://evil.example") }),
        ),
      ),
    ],
    [
      64,
      "her public key over a signature of another",
      decision,
      decided(byAlice(ssh(aliceSsh, { secret: otherSsh.secret }))),
    ],
    [
      64,
      "her passkey's public key over a signature of another",
      decision,
      decided(byAlice(webauthn(alicePasskey, { secret: otherPasskey.secret }))),
    ],
    [
      64,
      "her passkey with r = 0 and s = 0",
      decision,
      decided(
        byAlice(
          webauthn(alicePasskey, {
            signature: () => sequence(integer(Uint8Array.of(0)), integer(Uint8Array.of(0))),
          }),
        ),
      ),
    ],
    [
      64,
      "a new passkey's assertion that names her public key",
      decision,
      decided(byAlice(webauthn(otherPasskey, { edit: put("publicKey", jwkOf(alicePasskey.secret)) }))),
    ],
    [
      64,
      "a new key's assertion that names her line",
      decision,
      decided(byAlice(ssh(otherSsh, { edit: put("publicKey", lineOf(aliceSsh)) }))),
    ],
    [
      64,
      "Bob's security key that nobody touched",
      decision,
      decided({ reviewer: "bob", assert: ssh(bobSk, { flags: 0 }) }, present),
    ],
    [
      64,
      "an assertion that is null",
      decision,
      decided({ ...byAlice(ssh(aliceSsh)), assertionText: () => "null" }),
    ],
  ]),
  ...wholeFaults(WORKER_KEYS, "A call is made only after its approvals.", [
    [
      71,
      "a call that nobody decided on",
      4,
      from(amend(without(approved, decision), 4, { status: "executed", wait: 900_000 })),
    ],
    [
      71,
      "a call that Alice rejected",
      execution,
      from(amend(amend(rejected, decision, byAlice(ssh(aliceSsh))), execution, executed)),
    ],
    [71, "a call that Alice sent back", execution, from(amend(alicesRequest, execution, executed))],
    [71, "a call whose time was over", 4, from(amend(expired, 4, executed))],
    [
      68,
      "a call that names its preview as the decision",
      4,
      from(
        amend(without(approved, decision), 4, {
          status: "executed",
          edit: put("predicate.decision", ({ digests }) => digests[preview] ?? null),
        }),
      ),
    ],
    [
      71,
      "a call that waits for a second approval",
      execution,
      from(amend(alicesApproval, execution, executed), two),
    ],
    [
      54,
      "another call under Alice's approval of this one",
      decision,
      from(
        amend(approved, decision, {
          ...byAlice(ssh(aliceSsh)),
          edit: otherAction,
        }),
        withInstead,
      ),
    ],
    [
      69,
      "another call than Alice approved",
      execution,
      from(amend(alicesApproval, execution, { edit: otherAction }), withInstead),
    ],
    [
      32,
      "a second call after Alice's approval of the first",
      6,
      from(
        inserted(
          alicesApproval,
          6,
          { kind: "proposal" },
          { kind: "preview" },
          { kind: "execution", status: "executed" },
        ),
      ),
    ],
    [
      25,
      "a second execution under Alice's approval of the first",
      6,
      from(
        inserted(alicesApproval, 6, {
          kind: "execution",
          status: "executed",
        }),
      ),
    ],
    [
      30,
      "the call told as evidence",
      1,
      from(amend(approved, 1, { items: [{ connector: "repository", method: "write_file" }] })),
    ],
  ]),
];
