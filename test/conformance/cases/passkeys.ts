// Assertions by passkeys (rule 64, WebAuthn): their form and their signature. Unless a row says otherwise the key is one that nobody lists, so nothing but the
// assertion itself can be wrong.
import type { Asserter } from "../asserter.ts";
import { type CorpusCase, faults, type Row, type Story, sound } from "../case.ts";
import { all, change, changeText, drop, type Edit, edited, put, ZERO } from "../json-edit.ts";
import { signedBytesOf as bytes, bytesOf, type Ecdsa, ORDER } from "../p256.ts";
import { joined, sha256, toBase64Url } from "../primitives.ts";
import { alicePasskey, aliceSsh, LISTED, otherPasskey } from "../reviewer-keys.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { ssh } from "../ssh.ts";
import { amend, type Step } from "../step.ts";
import { challengeOf, derOf, integer, jwkOf, type PasskeyForgery, sequence, webauthn } from "../webauthn.ts";

const { decision } = SEQ;
const by = (forgery: PasskeyForgery): Partial<Step> => ({ assert: webauthn(otherPasskey, forgery) });

const der = (how: NonNullable<PasskeyForgery["signature"]>): PasskeyForgery => ({ signature: how });
const signatures: readonly (readonly [name: string, forgery: PasskeyForgery])[] = [
  ["as r and s alone, 64 bytes", der(({ r, s }) => joined(bytesOf(r), bytesOf(s)))],
  ["of no bytes", der(() => new Uint8Array())],
  ["with a byte after it", der((pair) => joined(derOf(pair), Uint8Array.of(0)))],
  ["cut short by a byte", der((pair) => derOf(pair).slice(0, -1))],
  [
    "with a third integer",
    der(({ r, s }) => sequence(integer(bytes(r)), integer(bytes(s)), integer(Uint8Array.of(1)))),
  ],
  [
    "with a byte more inside",
    der(({ r, s }) => sequence(integer(bytes(r)), integer(bytes(s)), Uint8Array.of(0))),
  ],
  ["of one integer", der(({ r }) => sequence(integer(bytes(r))))],
  [
    "with a length in two bytes",
    der((pair) => {
      const text = derOf(pair);
      return joined(Uint8Array.of(0x30, 0x81), text.subarray(1));
    }),
  ],
  [
    "with an integer's length in two bytes",
    der(({ r, s }) =>
      sequence(joined(Uint8Array.of(0x02, 0x81), integer(bytes(r)).subarray(1)), integer(bytes(s))),
    ),
  ],
  [
    "with an indefinite length",
    der((pair) => joined(Uint8Array.of(0x30, 0x80), derOf(pair).subarray(2), Uint8Array.of(0, 0))),
  ],
  [
    "with a zero byte too many before r",
    der(({ r, s }) => sequence(integer(joined(Uint8Array.of(0), bytes(r))), integer(bytes(s)))),
  ],
  [
    "with a zero byte too many before s",
    der(({ r, s }) => sequence(integer(bytes(r)), integer(joined(Uint8Array.of(0), bytes(s))))),
  ],
  ["with a negative integer", der(unsigned)],
  ["with r + n", der(({ r, s }) => sequence(integer(bytes(r + ORDER)), integer(bytes(s))))],
  ["with s + n", der(({ r, s }) => sequence(integer(bytes(r)), integer(bytes(s + ORDER))))],
  ["with r = 0", der(({ s }) => sequence(integer(Uint8Array.of(0)), integer(bytes(s))))],
  ["with r = 0 and s = 0", der(() => sequence(integer(Uint8Array.of(0)), integer(Uint8Array.of(0))))],
  ["with an r of no bytes", der(({ s }) => sequence(integer(new Uint8Array()), integer(bytes(s))))],
  ["with r = n and s = 1", der(() => sequence(integer(bytes(ORDER)), integer(Uint8Array.of(1))))],
  ["with r and s exchanged", der(({ r, s }) => sequence(integer(bytes(s)), integer(bytes(r))))],
  ["as a SET", der((pair) => joined(Uint8Array.of(0x31), derOf(pair).subarray(1)))],
  [
    "as an OCTET STRING of r",
    der(({ r, s }) =>
      sequence(joined(Uint8Array.of(0x04), integer(bytes(r)).subarray(1)), integer(bytes(s))),
    ),
  ],
  ["by another key", { secret: alicePasskey.secret }],
  ["over the client data, not hashed", { signed: (data, client) => joined(data, client) }],
  ["over the client data's hash alone", { signed: (_, client) => sha256(client) }],
  ["over the authenticator's data alone", { signed: (data) => data }],
];

const forms: readonly (readonly [name: string, edit: Edit])[] = [
  ["with one more member", put("userHandle", "YWxpY2U")],
  ["without its credential", drop("credential")],
  ["with a credential of no bytes", put("credential", "")],
  ["with a credential of 1024 bytes", put("credential", toBase64Url(new Uint8Array(1024)))],
  ["with a padded credential", put("credential", "YQ==")],
  ["with a credential whose trailing bits are set", put("credential", "YR")],
  ["with a credential in the standard alphabet", put("credential", "+/+/")],
  ["with the client data padded", changeText("clientDataJSON", (old) => `${old}=`)],
  ["with the client data as text", put("clientDataJSON", "{}")],
  [
    "with the signature in the standard alphabet",
    changeText("signature", (old) =>
      old
        .replaceAll("-", "+")
        .replaceAll("_", "/")
        .padEnd(old.length + 1, "="),
    ),
  ],
  ["with a signature of null", put("signature", null)],
  ["with a public key of another curve", put("publicKey.crv", "P-384")],
  ["with a public key of another type", put("publicKey.kty", "OKP")],
  ["with a public key and its algorithm", put("publicKey.alg", "ES256")],
  ["with a public key and its secret", put("publicKey.d", toBase64Url(otherPasskey.secret))],
  ["with a public key without y", drop("publicKey.y")],
  ["with a public key of 31 bytes", changeText("publicKey.x", () => toBase64Url(new Uint8Array(31).fill(1)))],
  ["with a public key off the curve", put("publicKey.y", jwkOf(alicePasskey.secret).y)],
  [
    "with a public key at (0, 0)",
    all(put("publicKey.x", "A".repeat(43)), put("publicKey.y", "A".repeat(43))),
  ],
  ["with the other point of the same x", changeText("publicKey.y", negated)],
  ["with another public key", put("publicKey", jwkOf(alicePasskey.secret))],
  ["with the public key in one text", change("publicKey", (old) => JSON.stringify(old))],
  ["of the type ssh", put("type", "ssh")],
  ["of the type webauthn.get", put("type", "webauthn.get")],
];

const first = { assert: webauthn(otherPasskey) };
const second: Story = { from: amend(SCENARIOS.revisedOnce, decision, first) };
/** The first assertion of the run, whatever there is to sign. */
const old: Asserter = { type: "webauthn", make: (_, earlier) => earlier[0] ?? null };

export const passkeyCases: readonly CorpusCase[] = [
  ...faults(
    "ECDSA in DER",
    "The signature is strict DER of r and s, each from 1 to n − 1.",
    signatures.map(([name, forgery]): Row => [64, name, decision, by(forgery)]),
  ),
  ...faults(
    "assertion",
    "An assertion by a passkey has exactly six members, in base64url.",
    forms.map(([name, edit]): Row => [64, name, decision, by({ edit })]),
  ),
  ...faults("assertion", "An assertion is canonical JSON, of the type that the decision says.", [
    [
      64,
      "in another spelling",
      decision,
      { ...first, assertionText: (text) => JSON.stringify(JSON.parse(text), null, 1) },
    ],
    [
      64,
      "with a member twice",
      decision,
      { ...first, assertionText: (text) => text.replace('"type":', '"type":"webauthn","type":') },
    ],
    [64, "that is no JSON", decision, { ...first, assertionText: () => "yes" }],
    [64, "that is null", decision, { ...first, assertionText: () => "null" }],
    [64, "by a passkey, said to be ssh", decision, { assert: { ...webauthn(otherPasskey), type: "ssh" } }],
    [64, "by an SSH key, said to be webauthn", decision, { assert: { ...ssh(aliceSsh), type: "webauthn" } }],
  ]),
  ...faults("assertion", "An assertion is over its own decision and no other.", [
    [64, "of the round before", 8, { assert: old }, second],
    ...(
      [
        ["of a rejection, for an approval", put("decision", "reject")],
        ["of an approval with another reason", put("reason", "If nothing else is changed.")],
        ["of an approval in another role", put("role", "owner")],
        ["of an approval by another reviewer", put("reviewer", "alice")],
        ["of an approval of another preview", put("preview", ZERO)],
        ["of an approval of another run", put("run", "run-2")],
      ] satisfies [string, Edit][]
    ).map(
      ([name, edit]): Row => [
        64,
        name,
        decision,
        by({
          challenge: (intent) => challengeOf(edited(JSON.parse(new TextDecoder().decode(intent)), edit)),
        }),
      ],
    ),
    [
      64,
      "of the first of two approvals",
      5,
      { kind: "decision", reviewer: "emil", assert: old },
      {
        from: [...SCENARIOS.approved.slice(0, 4), { kind: "decision", ...first }, { kind: "decision" }],
        options: { policy: put("approvals", [{ role: "reviewer", count: 2 }]) },
      },
    ],
  ]),
  ...sound("assertion", "The reviewer's own key is in the decision.", [
    ["by a passkey that nobody lists", { from: amend(SCENARIOS.approved, decision, first) }],
    [
      "by Alice's passkey, which is listed",
      {
        from: amend(SCENARIOS.approved, decision, { reviewer: "alice", assert: webauthn(alicePasskey) }),
        trust: LISTED,
      },
    ],
    [
      "by a listed passkey on the second of its origins",
      {
        from: amend(SCENARIOS.approved, decision, {
          reviewer: "alice",
          assert: webauthn(alicePasskey, { clientData: put("origin", "https://www.agent.example") }),
        }),
        trust: LISTED,
      },
    ],
  ]),
];

/** s or n − s, whichever has 256 bits, without the zero byte before it: in DER it is negative, though otherwise right. */
function unsigned({ r, s }: Ecdsa): Uint8Array {
  return sequence(integer(bytes(r)), integer(bytesOf(2n * s > ORDER ? s : ORDER - s)));
}

/** base64url of the other y of a point. */
function negated(y: string): string {
  const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
  const standard = y.replaceAll("-", "+").replaceAll("_", "/");
  const number = Uint8Array.from(atob(standard), (c) => c.charCodeAt(0)).reduce(
    (sum, byte) => sum * 256n + BigInt(byte),
    0n,
  );
  return toBase64Url(bytesOf(p - number));
}
