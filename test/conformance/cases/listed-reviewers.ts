// The reviewers of a trust policy (§6.1): their shape, and whether their keys are sound.
import { type CorpusCase, sound } from "../case.ts";
import { seedOf } from "../fixed-keys.ts";
import { BAD_KEYS } from "../forged-signatures.ts";
import { changeList, changeText, drop, type Edit, edited, type Json, put } from "../json-edit.ts";
import { pointOf } from "../p256.ts";
import { joined, toBase64Url } from "../primitives.ts";
import {
  alicePasskey,
  aliceSsh,
  bobEcdsa,
  bobSk,
  LISTED,
  listedPasskey,
  listedRole,
  listedSsh,
  otherEcdsa,
  otherPasskey,
  otherSk,
  otherSkEcdsa,
  otherSsh,
} from "../reviewer-keys.ts";
import { edPoint, lineOfBlob, type SshKey, string } from "../ssh.ts";
import { jwkOf } from "../webauthn.ts";
import { noTrust } from "./unusable.ts";

/** In {@link LISTED}, Alice's passkey and her SSH key. */
const PASSKEY = "reviewers.0.keys.0";
const SSH = "reviewers.0.keys.1";
const add = (path: string, ...more: readonly Json[]): Edit => changeList(path, (old) => [...old, ...more]);
const addKey = (key: Json): Edit => add("reviewers.2.keys", key);
const line = (how: (old: string) => string): Edit => changeText(`${SSH}.publicKey`, how);
const list = (length: number, each: (i: number) => Json): readonly Json[] =>
  Array.from({ length }, (_, i) => each(i));
const numbered = (i: number): SshKey => ({ type: "ssh-ed25519", secret: new Uint8Array(32).fill(0xc0 + i) });
const blobLine = (type: string, ...parts: readonly Uint8Array[]) =>
  put(`${SSH}.publicKey`, lineOfBlob(type, joined(string(type), ...parts)));

/** The point of P-256 with x = 5, and x + p in the place of x: it still has 32 bytes. */
const LARGE_X: Json = {
  kty: "EC",
  crv: "P-256",
  x: "_____wAAAAEAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAQ",
  y: "RZJDuapYGAb-kTvOmYF63hHKUDxk2aPFM0FcCDJI-8w",
};
const SMALL_X: Json = edited(LARGE_X, put("x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAU"));

const unsound: readonly (readonly [name: string, edit: Edit])[] = [
  ["a reviewer in one text", put("reviewers.0", "alice")],
  ["a reviewer without an id", drop("reviewers.0.id")],
  ["a reviewer of an empty id", put("reviewers.0.id", "")],
  ["a reviewer of an id of 201 units", put("reviewers.0.id", "a".repeat(201))],
  ["a reviewer of an id with a lone surrogate", put("reviewers.0.id", "\udc00")],
  ["a reviewer without roles", drop("reviewers.0.roles")],
  [
    "a reviewer of 21 roles",
    put(
      "reviewers.0.roles",
      list(21, () => listedRole("reviewer")),
    ),
  ],
  ["a role in one text", put("reviewers.0.roles", ["reviewer"])],
  ["an empty role", put("reviewers.0.roles.0.role", "")],
  ["a role of 41 units", put("reviewers.0.roles.0.role", "r".repeat(41))],
  ["a role without a window", drop("reviewers.0.roles.0.notAfter")],
  ["a role that is revoked", put("reviewers.0.roles.0.revokedAt", null)],
  ["a role with a window that is no instant", put("reviewers.0.roles.0.notBefore", "2026-01-01")],
  ["a reviewer without keys", drop("reviewers.0.keys")],
  [
    "a reviewer of 21 keys",
    put(
      "reviewers.0.keys",
      list(21, (i) => listedSsh(numbered(i))),
    ),
  ],
  ["a reviewer with one more member", put("reviewers.0.name", "Alice")],
  ["one reviewer twice", add("reviewers", { id: "alice", roles: [], keys: [] })],
  ["a key of another type", put(`${PASSKEY}.type`, "x509")],
  ["a passkey called ssh", put(`${PASSKEY}.type`, "ssh")],
  ["a passkey without its credential", drop(`${PASSKEY}.credential`)],
  ["a passkey of no credential", put(`${PASSKEY}.credential`, "")],
  [
    "a passkey of a credential of 1024 bytes",
    put(`${PASSKEY}.credential`, toBase64Url(new Uint8Array(1024))),
  ],
  ["a passkey of a padded credential", put(`${PASSKEY}.credential`, "YQ==")],
  ["a passkey of a credential with trailing bits", put(`${PASSKEY}.credential`, "YR")],
  ["a passkey without a relying party", drop(`${PASSKEY}.rpId`)],
  ["a passkey of an empty relying party", put(`${PASSKEY}.rpId`, "")],
  ["a passkey of a relying party of 254 units", put(`${PASSKEY}.rpId`, "r".repeat(254))],
  ["a passkey of a relying party with a lone surrogate", put(`${PASSKEY}.rpId`, "\ud83d")],
  ["a passkey of no origin", put(`${PASSKEY}.origins`, [])],
  [
    "a passkey of 21 origins",
    put(
      `${PASSKEY}.origins`,
      list(21, (i) => `https://${i}.example`),
    ),
  ],
  ["a passkey of one origin in a text", put(`${PASSKEY}.origins`, "https://agent.example")],
  ["a passkey of an empty origin", put(`${PASSKEY}.origins.0`, "")],
  ["a passkey of an origin of 301 units", put(`${PASSKEY}.origins.0`, "o".repeat(301))],
  ["a passkey without a revocation", drop(`${PASSKEY}.revokedAt`)],
  ["a passkey with one more member", put(`${PASSKEY}.counter`, 7)],
  ["a passkey with its algorithm", put(`${PASSKEY}.publicKey.alg`, "ES256")],
  ["a passkey with its secret", put(`${PASSKEY}.publicKey.d`, toBase64Url(alicePasskey.secret))],
  ["a passkey of another curve", put(`${PASSKEY}.publicKey.crv`, "secp256k1")],
  ["a passkey of another key type", put(`${PASSKEY}.publicKey.kty`, "OKP")],
  ["a passkey without y", drop(`${PASSKEY}.publicKey.y`)],
  ["a passkey of 31 bytes", put(`${PASSKEY}.publicKey.x`, toBase64Url(new Uint8Array(31).fill(1)))],
  ["a passkey of 33 bytes", changeText(`${PASSKEY}.publicKey.x`, (old) => `AA${old}`)],
  ["a passkey off the curve", put(`${PASSKEY}.publicKey.y`, jwkOf(otherPasskey.secret).y)],
  [
    "a passkey at (0, 0)",
    put(`${PASSKEY}.publicKey`, { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "A".repeat(43) }),
  ],
  ["a passkey whose x is not below p", put(`${PASSKEY}.publicKey`, LARGE_X)],
  ["an SSH key without its line", drop(`${SSH}.publicKey`)],
  ["an SSH key with its comment", line((old) => `${old} alice@laptop`)],
  ["an SSH key with a trailing newline", line((old) => `${old}\n`)],
  ["an SSH key with two spaces", line((old) => old.replace(" ", "  "))],
  ["an SSH key of its blob alone", line((old) => old.split(" ")[1] ?? "")],
  ["an SSH key of its type alone", line((old) => old.split(" ")[0] ?? "")],
  [
    "an SSH key with another type outside",
    line((old) => old.replace("ssh-ed25519 ", "sk-ssh-ed25519@openssh.com ")),
  ],
  ["an SSH key cut short", line((old) => old.slice(0, -4))],
  ["an SSH key and a byte", line((old) => `${old}AA==`)],
  [
    "an SSH key of RSA",
    put(
      `${SSH}.publicKey`,
      lineOfBlob(
        "ssh-rsa",
        joined(string("ssh-rsa"), string(Uint8Array.of(1, 0, 1)), string(new Uint8Array(256).fill(0x7f))),
      ),
    ),
  ],
  [
    "an SSH key of a certificate",
    blobLine("ssh-ed25519-cert-v01@openssh.com", string(edPoint(aliceSsh.secret))),
  ],
  [
    "an SSH key of P-256, compressed",
    blobLine("ecdsa-sha2-nistp256", string("nistp256"), string(compressed(otherEcdsa.secret))),
  ],
  [
    "an SSH key of P-256, off the curve",
    blobLine(
      "ecdsa-sha2-nistp256",
      string("nistp256"),
      string(joined(pointOf(otherEcdsa.secret).subarray(0, 33), pointOf(bobEcdsa.secret).subarray(33))),
    ),
  ],
  [
    "an SSH key of P-256, of another curve's name",
    blobLine("ecdsa-sha2-nistp256", string("nistp521"), string(pointOf(otherEcdsa.secret))),
  ],
  [
    "a security key without its application",
    blobLine("sk-ssh-ed25519@openssh.com", string(edPoint(otherSk.secret))),
  ],
  ["an SSH key with one more member", put(`${SSH}.rpId`, "agent.example")],
  ["an SSH key with a window that is no instant", put(`${SSH}.notAfter`, "never")],
  ...BAD_KEYS.map(([name, bytes]): [string, Edit] => [
    `${name} for an SSH key`,
    blobLine("ssh-ed25519", string(bytes)),
  ]),
  [
    "one credential of two passkeys",
    addKey(listedPasskey({ ...otherPasskey, credential: alicePasskey.credential })),
  ],
  ["one passkey of two reviewers", addKey(listedPasskey({ ...alicePasskey, credential: Uint8Array.of(1) }))],
  [
    "one passkey twice of one reviewer",
    add(
      "reviewers.0.keys",
      listedPasskey(
        { ...alicePasskey, credential: Uint8Array.of(1) },
        { notAfter: "2026-01-01T00:00:00.000Z" },
      ),
    ),
  ],
  ["one SSH key of two reviewers", addKey(listedSsh(aliceSsh))],
  [
    "one secret as a passkey and as an SSH key",
    addKey(listedSsh({ type: "ecdsa-sha2-nistp256", secret: alicePasskey.secret })),
  ],
  [
    "one secret as an SSH key and as a security key's",
    addKey(listedSsh({ type: "sk-ecdsa-sha2-nistp256@openssh.com", secret: bobEcdsa.secret })),
  ],
  ["one security key for two applications", addKey(listedSsh({ ...bobSk, application: "ssh:other" }))],
  [
    "one SSH key that signs receipts too",
    addKey(listedSsh({ type: "ssh-ed25519", secret: seedOf("human") })),
  ],
  [
    "one security key that signs receipts too",
    addKey(listedSsh({ type: "sk-ssh-ed25519@openssh.com", secret: seedOf("agent") })),
  ],
];

const lawful: readonly (readonly [name: string, edit: Edit])[] = [
  [
    "20 roles, all one, and 20 keys",
    (value) =>
      edited(
        value,
        put(
          "reviewers.0.roles",
          list(20, () => listedRole("reviewer")),
        ),
        put(
          "reviewers.0.keys",
          list(20, (i) => listedSsh(numbered(i))),
        ),
      ),
  ],
  ["no role and no key", add("reviewers", { id: "dora", roles: [], keys: [] })],
  [
    "ids that differ in letter case and in normalization",
    add(
      "reviewers",
      { id: "Alice", roles: [], keys: [] },
      { id: "é", roles: [], keys: [] },
      { id: "e\u0301", roles: [], keys: [] },
      { id: "__proto__", roles: [], keys: [] },
    ),
  ],
  [
    "a credential of one byte, and one of 1023",
    add(
      "reviewers.2.keys",
      listedPasskey({ ...otherPasskey, credential: Uint8Array.of(0) }),
      listedPasskey({ ...otherPasskey, secret: otherSkEcdsa.secret, credential: new Uint8Array(1023) }),
    ),
  ],
  [
    "20 origins, two of them equal",
    put(
      `${PASSKEY}.origins`,
      list(20, (i) => `https://${i >> 1}.example`),
    ),
  ],
  [
    "the longest texts",
    (value) =>
      edited(
        value,
        put("reviewers.0.id", "é".repeat(200)),
        put("reviewers.0.roles.0.role", "é".repeat(40)),
        put(`${PASSKEY}.rpId`, "é".repeat(253)),
        put(`${PASSKEY}.origins.0`, "é".repeat(300)),
      ),
  ],
  [
    "all four types of SSH keys",
    add("reviewers.2.keys", ...[otherSsh, otherEcdsa, otherSk, otherSkEcdsa].map((key) => listedSsh(key))),
  ],
  ["a passkey of the smallest x", put(`${PASSKEY}.publicKey`, SMALL_X)],
  ["a security key for no application", addKey(listedSsh({ ...otherSk, application: "" }))],
  [
    "windows that are over before they begin",
    put(
      "reviewers.0.roles.0",
      listedRole("reviewer", { notBefore: "2027-01-01T00:00:00.000Z", notAfter: "2026-01-01T00:00:00.000Z" }),
    ),
  ],
];

export const listedReviewerCases: readonly CorpusCase[] = [
  ...unsound.map(([name, edit]) => noTrust(name, edited(LISTED, edit))),
  ...sound(
    "trust policy",
    "This is a sound trust policy, whatever it says of this chain.",
    lawful.map(([name, edit]) => [name, { trust: edited(LISTED, edit), from: [{ kind: "alert" }] }] as const),
    "incomplete",
  ),
];

function compressed(secret: Uint8Array): Uint8Array {
  const point = pointOf(secret);
  return joined(Uint8Array.of(2 + ((point.at(-1) ?? 0) % 2)), point.subarray(1, 33));
}
