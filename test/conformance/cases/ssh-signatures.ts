// Signatures by SSH keys (rule 64, PROTOCOL.sshsig). The keys are ones that nobody lists.
import { accepted, type CorpusCase, faults, type Lawful, type Row, sound } from "../case.ts";
import { NEUTRAL, signWithR, signWithTorsion, withLargerS } from "../forged-signatures.ts";
import { changeText, drop, type Edit, edited, put } from "../json-edit.ts";
import { bytesOf, type Ecdsa, ORDER, signedBytesOf } from "../p256.ts";
import { canonicalBytes, createSigner, joined, sha256, toBase64Url, utf8 } from "../primitives.ts";
import {
  aliceSsh,
  bobEcdsa,
  bobSk,
  carolSk,
  LISTED,
  otherEcdsa,
  otherSk,
  otherSkEcdsa,
  otherSsh,
} from "../reviewer-keys.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { edPoint, mpint, mpints, type SshForgery, type SshKey, ssh, string, uint32 } from "../ssh.ts";
import { amend, type Step } from "../step.ts";

const { decision } = SEQ;

const by = (key: SshKey, forgery: SshForgery = {}): Partial<Step> => ({ assert: ssh(key, forgery) });

type Forgeries = readonly (readonly [name: string, forgery: SshForgery, key?: SshKey])[];

const rows = (list: Forgeries): Row[] =>
  list.map(([name, forgery, key = otherSsh]) => [64, name, decision, by(key, forgery)]);

const longer = (bytes: Uint8Array) => joined(bytes, Uint8Array.of(0));

const KEYS = [otherSsh, otherEcdsa, otherSk, otherSkEcdsa];

const last = (count: number) => (bytes: Uint8Array) => bytes.subarray(0, bytes.length - count);

const headers: Forgeries = [
  ["in the namespace of files", { namespace: "file" }],
  ["in the namespace of git", { namespace: "git" }],
  ["in no namespace", { namespace: "" }],
  ["in a namespace in another letter case", { namespace: "Countersign" }],
  ["in a longer namespace", { namespace: "countersign@example.com" }],
  ["with something reserved", { reserved: "x" }],
  ["of version 0", { version: 0 }],
  ["of version 2", { version: 2 }],
  ["with another magic", { magic: "SSHSIH" }],
  ["without magic", { magic: "" }],
  ["of hash sha384", { hash: "sha384", hashed: "sha384" }],
  ["of hash sha1", { hash: "sha1", hashed: "sha1" }],
  ["of hash SHA256", { hash: "SHA256", hashed: "sha256" }],
  ["of no hash", { hash: "", hashed: "sha256" }],
  ["that says sha256 and takes sha512", { hash: "sha256", hashed: "sha512" }],
  ["that says sha512 and takes sha256", { hash: "sha512", hashed: "sha256" }],
  ["with a byte after it", { outer: longer }],
  ["cut short by a byte", { outer: last(1) }],
  ["of no bytes", { outer: () => new Uint8Array() }],
  ["of the magic alone", { outer: (bytes) => bytes.subarray(0, 6) }],
  [
    "of a length beyond its end",
    { outer: (bytes) => joined(bytes.subarray(0, 10), uint32(0xffffffff), bytes.subarray(14)) },
  ],
  ["without its magic, as it is signed", { outer: (bytes) => bytes.subarray(6) }],
];

const inner: Forgeries = [
  ["of another type", { signatureType: "sk-ssh-ed25519@openssh.com" }],
  ["of no type", { signatureType: "" }],
  ["of RSA's type", { signatureType: "rsa-sha2-512" }],
  ["with a byte after it", { inner: longer }],
  ["of 63 bytes", { ed25519: (message, secret) => createSigner(secret).sign(message).subarray(0, 63) }],
  ["of 65 bytes", { ed25519: (message, secret) => longer(createSigner(secret).sign(message)) }],
  ["with S + L", { ed25519: (message, secret) => withLargerS(createSigner(secret).sign(message)) }],
  ["with R of small order", { ed25519: (message, secret) => signWithTorsion(secret, message, 0n) }],
  ["with R of mixed order", { ed25519: (message, secret) => signWithTorsion(secret, message, 12345n) }],
  [
    "with R that is the neutral element",
    { ed25519: (message, secret) => signWithR(secret, message, 0n, NEUTRAL) },
  ],
  ["over another intent", { over: () => canonicalBytes({ decision: "approve" }) }],
  ["over the intent itself", { message: (_, __, intent) => intent }],
  [
    "of a key, with a security key's flags and counter",
    { inner: (bytes) => joined(bytes, Uint8Array.of(1), uint32(7)) },
  ],
  ["of a security key, without its counter", { inner: last(4) }, otherSk],
  ["of a security key, with a byte after its counter", { inner: longer }, otherSk],
  ["of a security key, without flag UP", { flags: 0x04 }, otherSk],
  ["of a security key, with no flag", { flags: 0 }, otherSkEcdsa],
  ["of a security key, over T alone", { message: (_, toSign) => toSign }, otherSk],
  [
    "of a key, over what a security key signs",
    { message: (_, toSign) => joined(sha256(utf8("ssh:")), Uint8Array.of(1), uint32(7), sha256(toSign)) },
  ],
  [
    "of a security key, with another counter than was signed",
    { inner: (bytes) => joined(last(4)(bytes), uint32(8)) },
    otherSk,
  ],
  [
    "of a security key, with other flags than were signed",
    { inner: (bytes) => joined(last(5)(bytes), Uint8Array.of(5), uint32(7)) },
    otherSk,
  ],
  [
    "of a security key, for another application",
    { message: (bytes) => joined(sha256(utf8("ssh:other")), bytes.subarray(32)) },
    otherSk,
  ],
  [
    "of a security key of P-256, for another application",
    { message: (bytes) => joined(sha256(utf8("ssh:other")), bytes.subarray(32)) },
    otherSkEcdsa,
  ],
];

const ecdsa: readonly (readonly [name: string, how: (pair: Ecdsa) => Uint8Array])[] = [
  [
    "with a zero byte too many before r",
    ({ r, s }) => joined(string(joined(Uint8Array.of(0), signedBytesOf(r))), mpint(s)),
  ],
  [
    "with a zero byte too many before s",
    ({ r, s }) => joined(mpint(r), string(joined(Uint8Array.of(0), signedBytesOf(s)))),
  ],
  ["with a negative number", unsigned],
  ["with r = 0", ({ s }) => joined(mpint(0n), mpint(s))],
  ["with s = 0", ({ r }) => joined(mpint(r), mpint(0n))],
  ["with r = 0 and s = 0, in a byte each", () => joined(string(Uint8Array.of(0)), string(Uint8Array.of(0)))],
  ["with r + n", ({ r, s }) => joined(mpint(r + ORDER), mpint(s))],
  ["with s + n", ({ r, s }) => joined(mpint(r), mpint(s + ORDER))],
  ["with a third number", (pair) => joined(mpints(pair), mpint(1n))],
  ["with a byte after it", (pair) => longer(mpints(pair))],
  ["with r alone", ({ r }) => mpint(r)],
  [
    "with r and s in 64 bytes",
    ({ r, s }) => joined(...[r, s].map((number) => signedBytesOf(number).subarray(-32))),
  ],
  ["with a length beyond its end", ({ r, s }) => joined(mpint(r), uint32(99), signedBytesOf(s))],
];

const forms: readonly (readonly [name: string, edit: Edit])[] = [
  ["with one more member", put("namespace", "countersign")],
  ["without its signature", drop("signature")],
  [
    "with a signature in base64url",
    changeText("signature", (old) => old.replaceAll("+", "-").replaceAll("/", "_")),
  ],
  ["with a signature without its padding", changeText("signature", (old) => old.replaceAll("=", ""))],
  ["with a signature in lines", changeText("signature", (old) => old.replaceAll(/.{70}/g, "$&\n"))],
  [
    "with an armoured signature",
    changeText("signature", (old) => `-----BEGIN SSH SIGNATURE-----\n${old}\n-----END SSH SIGNATURE-----\n`),
  ],
  ["with a signature of null", put("signature", null)],
  ["with a public key of null", put("publicKey", null)],
  [
    "with a public key as a JWK",
    put("publicKey", { kty: "OKP", crv: "Ed25519", x: toBase64Url(edPoint(otherSsh.secret)) }),
  ],
  ["of the type webauthn", put("type", "webauthn")],
];

/** s or n − s, whichever has 256 bits, without the zero byte before it: as an mpint it is negative, though otherwise right. */
function unsigned({ r, s }: Ecdsa): Uint8Array {
  return joined(mpint(r), string(bytesOf(2n * s > ORDER ? s : ORDER - s)));
}

export const sshSignatureCases: readonly CorpusCase[] = [
  ...faults(
    "SSH signature",
    "A signature is SSHSIG 1, in the namespace countersign, of hash sha256 or sha512, and nothing more.",
    rows(headers),
  ),
  ...faults(
    "SSH signature inside",
    "The signature is of the key's type, over exactly what is signed, by the strict rules of §6.2.",
    rows(inner),
  ),
  ...faults(
    "ECDSA in SSH",
    "r and s are shortest mpints, each from 1 to n − 1, and nothing after.",
    ecdsa.map(([name, how]): Row => [64, name, decision, by(otherEcdsa, { mpints: how })]),
  ),
  ...faults("ECDSA in SSH", "r and s are shortest mpints, each from 1 to n − 1, and nothing after.", [
    [
      64,
      "of a security key, with a byte after s",
      decision,
      by(otherSkEcdsa, { mpints: (pair) => longer(mpints(pair)) }),
    ],
    [64, "by another key", decision, by(otherEcdsa, { secret: bobEcdsa.secret })],
  ]),
  ...faults(
    "assertion by SSH",
    "An assertion by an SSH key has exactly three members.",
    forms.map(([name, edit]): Row => [64, name, decision, by(otherSsh, { edit })]),
  ),
  ...faults(
    "assertion by SSH",
    "An assertion is over its own decision and no other.",
    (
      [
        ["of a rejection, for an approval", put("decision", "reject")],
        ["of an approval with another reason", put("reason", "If nothing else is changed.")],
        ["of an approval in another role", put("role", "owner")],
        ["of an approval of another preview", put("preview", `sha256:${"0".repeat(64)}`)],
      ] satisfies [string, Edit][]
    ).map(
      ([name, edit]): Row => [
        64,
        name,
        decision,
        by(otherSsh, {
          over: (intent) => canonicalBytes(edited(JSON.parse(new TextDecoder().decode(intent)), edit)),
        }),
      ],
    ),
  ),
  ...accepted("assertion by SSH", "The reviewer's own key is in the decision.", [
    ...KEYS.flatMap((key): Lawful[] => [
      [`${key.type}, of hash sha256`, decision, by(key, { hash: "sha256" })],
      [`${key.type}, of hash sha512`, decision, by(key)],
    ]),
    [
      "a security key with every flag and the greatest counter",
      decision,
      by(otherSk, { flags: 0xff, counter: 0xffffffff }),
    ],
    ["a security key of P-256 with flags UP and UV", decision, by(otherSkEcdsa, { flags: 0x05, counter: 0 })],
    ["a security key for no application", decision, by({ ...otherSk, application: "" })],
    [
      "a security key for an application beyond ASCII",
      decision,
      by({ ...otherSkEcdsa, application: "ssh:über" }),
    ],
    ["the other s, n − s", decision, by(otherEcdsa, { mpints: ({ r, s }) => mpints({ r, s: ORDER - s }) })],
  ]),
  ...sound(
    "assertion by SSH",
    "The reviewer's own key is in the decision, and the trust policy lists it.",
    (
      [
        ["ssh-ed25519", "alice", "reviewer", aliceSsh],
        ["ecdsa-sha2-nistp256", "bob", "reviewer", bobEcdsa],
        ["sk-ssh-ed25519@openssh.com", "bob", "reviewer", bobSk],
        ["sk-ecdsa-sha2-nistp256@openssh.com", "carol", "owner", carolSk],
      ] as const
    ).map(
      ([name, reviewer, role, key]) =>
        [
          `${name}, by ${reviewer}`,
          {
            from: amend(SCENARIOS.approved, decision, { reviewer, role, assert: ssh(key) }),
            trust: LISTED,
            ...(role === "owner" ? { options: { policy: put("approvals", [{ role, count: 1 }]) } } : {}),
          },
        ] as const,
    ),
  ),
];
