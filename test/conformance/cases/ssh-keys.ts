// Keys of assertions by SSH (rule 64, PROTOCOL): their line and their blob. They are ones that nobody lists, so nothing but the assertion itself can
// be wrong.
import { type CorpusCase, faults, type Row } from "../case.ts";
import { BAD_KEYS, signForWeakKey } from "../forged-signatures.ts";
import { changeText, put } from "../json-edit.ts";
import { pointOf } from "../p256.ts";
import { joined, toBase64 } from "../primitives.ts";
import { aliceSsh, bobEcdsa, otherEcdsa, otherSk, otherSsh } from "../reviewer-keys.ts";
import { SEQ } from "../scenarios.ts";
import { blobOf, edPoint, lineOf, lineOfBlob, type SshForgery, type SshKey, ssh, string } from "../ssh.ts";
import type { Step } from "../step.ts";

const { decision } = SEQ;
const by = (key: SshKey, forgery: SshForgery = {}): Partial<Step> => ({ assert: ssh(key, forgery) });
type Forgeries = readonly (readonly [name: string, forgery: SshForgery, key?: SshKey])[];
const rows = (list: Forgeries): Row[] =>
  list.map(([name, forgery, key = otherSsh]) => [64, name, decision, by(key, forgery)]);

const longer = (bytes: Uint8Array) => joined(bytes, Uint8Array.of(0));

const other = blobOf(aliceSsh);
const keys: Forgeries = [
  ["with another key's blob inside", { blob: other }],
  ["with another key outside", { edit: put("publicKey", lineOf(aliceSsh)) }],
  ["by another key, under both of its own", { secret: aliceSsh.secret }],
  [
    "with another type outside",
    { edit: changeText("publicKey", (old) => old.replace("ssh-ed25519 ", "ssh-rsa ")) },
  ],
  [
    "with a type of another letter case",
    { edit: changeText("publicKey", (old) => old.replace("ssh-ed", "SSH-ed")) },
  ],
  ["with a comment", { edit: changeText("publicKey", (old) => `${old} alice@laptop`) }],
  ["with a trailing space", { edit: changeText("publicKey", (old) => `${old} `) }],
  ["with a trailing newline", { edit: changeText("publicKey", (old) => `${old}\n`) }],
  ["with two spaces", { edit: changeText("publicKey", (old) => old.replace(" ", "  ")) }],
  ["with a tab", { edit: changeText("publicKey", (old) => old.replace(" ", "\t")) }],
  ["with an option", { edit: changeText("publicKey", (old) => `no-pty ${old}`) }],
  ["with its type alone", { edit: put("publicKey", "ssh-ed25519") }],
  ["with its blob alone", { edit: changeText("publicKey", (old) => old.split(" ")[1] ?? "") }],
  [
    "with a blob in base64url",
    { edit: changeText("publicKey", (old) => old.replaceAll("+", "-").replaceAll("/", "_")) },
    withSymbols(),
  ],
  [
    "with a blob without its padding",
    { edit: changeText("publicKey", (old) => old.replaceAll("=", "")) },
    otherEcdsa,
  ],
  ["with a blob and a byte", sameBlob("ssh-ed25519", longer(blobOf(otherSsh)))],
  ["with a blob cut short", sameBlob("ssh-ed25519", blobOf(otherSsh).subarray(0, -1))],
  [
    "with a key of 33 bytes",
    sameBlob("ssh-ed25519", joined(string("ssh-ed25519"), string(longer(edPoint(otherSsh.secret))))),
  ],
  [
    "with a compressed point",
    sameBlob("ecdsa-sha2-nistp256", ecdsaBlob(compressed(otherEcdsa.secret))),
    otherEcdsa,
  ],
  [
    "with a point of 64 bytes",
    sameBlob("ecdsa-sha2-nistp256", ecdsaBlob(pointOf(otherEcdsa.secret).subarray(1))),
    otherEcdsa,
  ],
  ["with a hybrid point", sameBlob("ecdsa-sha2-nistp256", ecdsaBlob(hybrid(otherEcdsa.secret))), otherEcdsa],
  [
    "with a point off the curve",
    sameBlob(
      "ecdsa-sha2-nistp256",
      ecdsaBlob(joined(pointOf(otherEcdsa.secret).subarray(0, 33), pointOf(bobEcdsa.secret).subarray(33))),
    ),
    otherEcdsa,
  ],
  ["with a point at infinity", sameBlob("ecdsa-sha2-nistp256", ecdsaBlob(Uint8Array.of(0))), otherEcdsa],
  [
    "with the name of another curve",
    sameBlob("ecdsa-sha2-nistp256", ecdsaBlob(pointOf(otherEcdsa.secret), "nistp384")),
    otherEcdsa,
  ],
  [
    "of a type that is not one of the four",
    sameBlob("ecdsa-sha2-nistp384", joined(string("ecdsa-sha2-nistp384"), blobOf(otherEcdsa).subarray(23))),
    otherEcdsa,
  ],
  [
    "of a certificate's type",
    sameBlob(
      "ssh-ed25519-cert-v01@openssh.com",
      joined(string("ssh-ed25519-cert-v01@openssh.com"), string(edPoint(otherSsh.secret))),
    ),
  ],
  [
    "of a security key, without its application",
    sameBlob(otherSk.type, joined(string(otherSk.type), string(edPoint(otherSk.secret)))),
    otherSk,
  ],
  [
    "of a security key, with a byte after its application",
    sameBlob(otherSk.type, longer(blobOf(otherSk))),
    otherSk,
  ],
  ["of a key, with an application", sameBlob("ssh-ed25519", joined(blobOf(otherSsh), string("ssh:")))],
  ...BAD_KEYS.map(([name, point, secret]) => [`of ${name}`, weak(point, secret)] as const),
];

export const sshCases: readonly CorpusCase[] = [
  ...faults(
    "SSH key",
    "The key is of one of four types, spelled in one way, and the signature is its own.",
    rows(keys),
  ),
];

function isOdd(point: Uint8Array): number {
  return (point.at(-1) ?? 0) % 2;
}

/** A key whose blob is this one, inside and outside. */
function sameBlob(type: string, blob: Uint8Array): SshForgery {
  return { blob, edit: put("publicKey", lineOfBlob(type, blob)) };
}

function ecdsaBlob(point: Uint8Array, curve = "nistp256"): Uint8Array {
  return joined(string("ecdsa-sha2-nistp256"), string(curve), string(point));
}

function compressed(secret: Uint8Array): Uint8Array {
  const point = pointOf(secret);
  return joined(Uint8Array.of(2 + isOdd(point)), point.subarray(1, 33));
}

/** 06 or 07 and both coordinates, which X9.62 allows. */
function hybrid(secret: Uint8Array): Uint8Array {
  const point = pointOf(secret);
  return joined(Uint8Array.of(6 + isOdd(point)), point.subarray(1));
}

/** A key that is none, and a signature that holds in any equation that takes it for one. */
function weak(point: Uint8Array, secret: bigint): SshForgery {
  const blob = joined(string("ssh-ed25519"), string(point));
  return { ...sameBlob("ssh-ed25519", blob), ed25519: (message) => signForWeakKey(point, secret, message) };
}

/** A key whose blob has a plus or a solidus in base64. */
function withSymbols(): SshKey {
  const found = Array.from(
    { length: 99 },
    (_, i): SshKey => ({ type: "ssh-ed25519", secret: new Uint8Array(32).fill(i) }),
  ).find((key) => /[+/]/.test(toBase64(blobOf(key))));
  return found ?? otherSsh;
}
