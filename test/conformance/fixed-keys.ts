// The fixed keys and the default trust policy of the corpus. The seeds are public: never trust them anywhere.
import { createSigner, publicJwk, type Role, type Signer, thumbprint } from "../../src/receipt/index.ts";
import type { Json } from "./json-edit.ts";

export const ISSUER = "https://countersign.example";

/** Every key that some case signs with. Each seed is 32 times one byte. */
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

/** Window and revocation of a trusted key; open and unrevoked where not said. */
export interface Window {
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly revokedAt?: string;
}

/** One entry of a trust policy. */
export function trusted(name: KeyName, role: Role, { notBefore, notAfter, revokedAt }: Window = {}): Json {
  const { kty, crv, x } = publicJwk(seedOf(name));
  return {
    kty,
    crv,
    x,
    kid: thumbprint({ kty, crv, x }),
    role,
    notBefore: notBefore ?? null,
    notAfter: notAfter ?? null,
    revokedAt: revokedAt ?? null,
  };
}

/** A trust policy of the corpus's issuer with these keys. */
export function trustOf(...keys: readonly Json[]): Json {
  return { version: 1, issuer: ISSUER, keys };
}

/** The trust policy that most cases are judged under. */
export const TRUST = trustOf(
  trusted("agent", "agent", { notBefore: "2026-01-01T00:00:00.000Z" }),
  trusted("human", "human", { notBefore: "2026-01-01T00:00:00.000Z" }),
  trusted("runtime", "runtime", { notBefore: "2026-01-01T00:00:00.000Z" }),
);
