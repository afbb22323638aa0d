// The fixed keys that sign receipts, and the default trust policy. The seeds are public: never trust them anywhere.
import type { Json } from "./json-edit.ts";
import { createSigner, publicJwk, type Signer, thumbprint } from "./primitives.ts";

export const ISSUER = "https://countersign.example";

/** Every key that some receipt is signed with. Each seed is 32 times one byte. */
const SEEDS = {
  agent: 0x11,
  human: 0x22,
  runtime: 0x33,
  /** A second agent key, for rotation. */
  agent2: 0x44,
  /** In no trust policy. */
  stranger: 0x55,
  /** With agent2, the keys of another deployment. */
  human2: 0x66,
  runtime2: 0x77,
} as const;

export type KeyName = keyof typeof SEEDS;
export type Role = "agent" | "human" | "runtime";

/** The 32-byte seed of a fixed key. */
export function seedOf(name: KeyName): Uint8Array {
  return new Uint8Array(32).fill(SEEDS[name]);
}

const signers = new Map<KeyName, Signer>();

/** The signer of a fixed key. Ed25519 is deterministic, so signatures are remembered. */
export function signerOf(name: KeyName): Signer {
  const known = signers.get(name);
  if (known) return known;
  const { kid, sign } = createSigner(seedOf(name));
  const remembered = new Map<string, Uint8Array>();
  const signer: Signer = {
    kid,
    sign(bytes) {
      const text = new TextDecoder("latin1").decode(bytes);
      const signature = remembered.get(text) ?? sign(bytes);
      remembered.set(text, signature);
      return signature;
    },
  };
  signers.set(name, signer);
  return signer;
}

/** Window and revocation of a key or role; open and unrevoked where not said. */
export interface Window {
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly revokedAt?: string;
}

/** One entry of a trust policy's `keys`. */
export function trusted(name: KeyName, role: Role, window: Window = {}): Json {
  return trustedJwk(publicJwk(seedOf(name)), role, window);
}

/** {@link trusted}, for any public key. */
export function trustedJwk(
  { kty, crv, x }: { kty: "OKP"; crv: "Ed25519"; x: string },
  role: Role,
  { notBefore = "", notAfter = "", revokedAt = "" }: Window = {},
): Json {
  return {
    kty,
    crv,
    x,
    kid: thumbprint({ kty, crv, x }),
    role,
    notBefore: notBefore || null,
    notAfter: notAfter || null,
    revokedAt: revokedAt || null,
  };
}

/** A trust policy of the corpus's issuer with these keys, which lists no reviewer. */
export function trustOf(...keys: readonly Json[]): Json {
  return { version: 2, issuer: ISSUER, keys, reviewers: [], policies: null, log: null };
}

/** The trust policy that most cases are judged under. */
export const TRUST = trustOf(
  trusted("agent", "agent", { notBefore: "2026-01-01T00:00:00.000Z" }),
  trusted("human", "human", { notBefore: "2026-01-01T00:00:00.000Z" }),
  trusted("runtime", "runtime", { notBefore: "2026-01-01T00:00:00.000Z" }),
);

/** The same three keys without windows. */
export const OPEN_TRUST = trustOf(
  trusted("agent", "agent"),
  trusted("human", "human"),
  trusted("runtime", "runtime"),
);
