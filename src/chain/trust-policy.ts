// Whom a verifier believes: the keys of one issuer, each with one role and a window. Nothing else is ever trusted.
// Source of the form: /.well-known/countersign.json of a deployment, but only the copy that the verifier was handed counts.
import * as z from "zod";
import { describeIssue, instantField, kidField, textField } from "../receipt/fields.ts";
import {
  accept,
  createVerifier,
  type PublicJwk,
  type Result,
  ROLES,
  type Role,
  refuse,
  thumbprint,
  type Verifier,
  vetPublicKey,
} from "../receipt/index.ts";

/** One entry of a trust policy's `keys`. */
export const trustedKeySchema = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().max(43),
  kid: kidField,
  role: z.enum(ROLES),
  notBefore: instantField.nullable(),
  notAfter: instantField.nullable(),
  revokedAt: instantField.nullable(),
});

const trustPolicySchema = z.strictObject({
  version: z.literal(1),
  issuer: textField(300, 1),
  keys: z.array(trustedKeySchema).min(1).max(1000),
});

/** The trust policy as published. Windows are half-open, `[notBefore, notAfter)`; null means open. */
export type TrustPolicy = z.infer<typeof trustPolicySchema>;
/** One key of a trust policy, as published. Times are instants. */
export type TrustedKeyEntry = TrustPolicy["keys"][number];

/** A key that has been vetted, with its verifier. */
export interface TrustedKey {
  readonly kid: string;
  readonly role: Role;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly revokedAt: string | null;
  readonly verifier: Verifier;
}

/** A trust policy that is sound, ready to verify with. */
export interface Trust {
  readonly issuer: string;
  readonly keys: ReadonlyMap<string, TrustedKey>;
}

/**
 * Reads and vets a trust policy of unknown origin.
 *
 * Success guarantees that every key id is the key's RFC 7638 thumbprint, that no key stands twice (so none has two roles),
 * and that every key is a canonical, torsion-free point of full order. It does not say that the issuer published it.
 * @example
 * import { readFileSync } from "node:fs";
 * import { readTrustPolicy } from "countersign/chain";
 *
 * const trust = readTrustPolicy(JSON.parse(readFileSync("trust.json", "utf8")));
 * if (!trust.ok) throw new Error(`${trust.refusal.code}: ${trust.refusal.message}`);
 * const { issuer, keys } = trust.value; // ready for openReceipt and replay
 */
export function readTrustPolicy(input: unknown): Result<Trust, "ERR_TRUST_POLICY"> {
  const parsed = trustPolicySchema.safeParse(input);
  if (!parsed.success)
    return refuse("ERR_TRUST_POLICY", `not a version 1 trust policy: ${describeIssue(parsed.error)}`);
  const keys = new Map<string, TrustedKey>();
  for (const { kty, crv, x, kid, role, notBefore, notAfter, revokedAt } of parsed.data.keys) {
    const jwk = { kty, crv, x };
    if (thumbprint(jwk) !== kid) {
      return refuse("ERR_TRUST_POLICY", `expected the key id ${thumbprint(jwk)} for x=${x}, got ${kid}`);
    }
    if (keys.has(kid)) return refuse("ERR_TRUST_POLICY", `the key ${kid} stands twice; a key has one role`);
    const vetted = vetPublicKey(jwk);
    if (!vetted.ok) return refuse("ERR_TRUST_POLICY", `the key ${kid} is unsound: ${vetted.refusal.message}`);
    keys.set(kid, { kid, role, notBefore, notAfter, revokedAt, verifier: createVerifier(vetted.value) });
  }
  return accept({ issuer: parsed.data.issuer, keys });
}

/**
 * The trust policy of a new deployment: one key for each role, with open windows.
 * Publish it at `/.well-known/countersign.json`, and hand it to those who are to verify your chains.
 * @param keys three different keys; {@link readTrustPolicy} refuses one key in two roles.
 * @example
 * import { createTrustPolicy } from "countersign/chain";
 * import { publicJwk } from "countersign/receipt";
 *
 * const newSeed = () => crypto.getRandomValues(new Uint8Array(32)); // keep each as a secret of its own
 * const seeds = { agent: newSeed(), human: newSeed(), runtime: newSeed() };
 * const trustPolicy = createTrustPolicy("https://agent.example", {
 *   agent: publicJwk(seeds.agent),
 *   human: publicJwk(seeds.human),
 *   runtime: publicJwk(seeds.runtime),
 * });
 */
export function createTrustPolicy(issuer: string, keys: Readonly<Record<Role, PublicJwk>>): TrustPolicy {
  return {
    version: 1,
    issuer,
    keys: ROLES.map((role) => ({
      ...keys[role],
      kid: thumbprint(keys[role]),
      role,
      notBefore: null,
      notAfter: null,
      revokedAt: null,
    })),
  };
}
