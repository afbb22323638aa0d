// The fixed keys of reviewers, and the trust policy that lists them. The secrets are public: never trust them anywhere.
import { TRUST, type Window } from "./fixed-keys.ts";
import { edited, type Json, put } from "./json-edit.ts";
import { toBase64Url, utf8 } from "./primitives.ts";
import { lineOf, type SshKey } from "./ssh.ts";
import { jwkOf, type Passkey } from "./webauthn.ts";

const secret = (byte: number) => new Uint8Array(32).fill(byte);
const passkey = (byte: number, credential: string): Passkey => ({
  secret: secret(byte),
  credential: utf8(credential),
  rpId: "agent.example",
  origin: "https://agent.example",
});

/** Alice's passkey and her key on a laptop. */
export const alicePasskey = passkey(0x81, "alice's passkey");
export const aliceSsh: SshKey = { type: "ssh-ed25519", secret: secret(0x82) };
/** Bob's two. */
export const bobEcdsa: SshKey = { type: "ecdsa-sha2-nistp256", secret: secret(0x83) };
export const bobSk: SshKey = {
  type: "sk-ssh-ed25519@openssh.com",
  secret: secret(0x84),
  application: "ssh:countersign",
};
/** Carol's. */
export const carolSk: SshKey = { type: "sk-ecdsa-sha2-nistp256@openssh.com", secret: secret(0x85) };
/** Keys that no trust policy lists. */
export const otherPasskey = passkey(0x86, "a passkey that nobody vouches for");
export const otherSsh: SshKey = { type: "ssh-ed25519", secret: secret(0x87) };
export const otherEcdsa: SshKey = { type: "ecdsa-sha2-nistp256", secret: secret(0x88) };
export const otherSk: SshKey = { type: "sk-ssh-ed25519@openssh.com", secret: secret(0x89) };
export const otherSkEcdsa: SshKey = { type: "sk-ecdsa-sha2-nistp256@openssh.com", secret: secret(0x8a) };

/** A passkey in a trust policy. */
export function listedPasskey(
  { secret, credential, rpId, origin }: Passkey,
  { notBefore = "", notAfter = "", revokedAt = "" }: Window = {},
): Json {
  return {
    type: "webauthn",
    credential: toBase64Url(credential),
    publicKey: jwkOf(secret),
    rpId,
    origins: ["https://www.agent.example", origin],
    notBefore: notBefore || null,
    notAfter: notAfter || null,
    revokedAt: revokedAt || null,
  };
}

/** An SSH key in a trust policy. */
export function listedSsh(key: SshKey, { notBefore = "", notAfter = "", revokedAt = "" }: Window = {}): Json {
  return {
    type: "ssh",
    publicKey: lineOf(key),
    notBefore: notBefore || null,
    notAfter: notAfter || null,
    revokedAt: revokedAt || null,
  };
}

/** A role in a trust policy. */
export const listedRole = (role: string, { notBefore = "", notAfter = "" }: Window = {}): Json => ({
  role,
  notBefore: notBefore || null,
  notAfter: notAfter || null,
});

/** The default trust policy with these reviewers. */
export const listing = (...reviewers: readonly Json[]): Json => edited(TRUST, put("reviewers", reviewers));

const alice: Json = {
  id: "alice",
  roles: [listedRole("reviewer")],
  keys: [listedPasskey(alicePasskey), listedSsh(aliceSsh)],
};
const bob: Json = {
  id: "bob",
  roles: [listedRole("reviewer"), listedRole("owner")],
  keys: [listedSsh(bobEcdsa), listedSsh(bobSk)],
};
const carol: Json = { id: "carol", roles: [listedRole("owner")], keys: [listedSsh(carolSk)] };

/** The default trust policy with Alice, Bob and Carol. Alice is a reviewer, Carol an owner, Bob both. */
export const LISTED = listing(alice, bob, carol);

/** {@link LISTED} with Alice's first key (`keys.0`) or her role (`roles.0`) in another window. */
export const withAlice = (path: string, window: Json): Json =>
  edited(LISTED, put(`reviewers.0.${path}`, window));
