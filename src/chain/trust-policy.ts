// Whom a verifier believes: the keys of one issuer, its reviewers with their roles and keys, and the run policies that count.
// Source of the form: /.well-known/countersign.json of a deployment, but only the copy that the verifier was handed counts.
import * as z from "zod";
import { type LogPolicy, MAX_POLICY, readLogPolicy } from "../log/index.ts";
import { describeIssue, digestField, instantField, kidField, textField } from "../receipt/fields.ts";
import {
  accept,
  createVerifier,
  type Digest,
  LIMITS,
  type PublicJwk,
  type Result,
  ROLES,
  type Role,
  refuse,
  thumbprint,
  type Verifier,
} from "../receipt/index.ts";
import { sshForm, webauthnForm } from "./key-form.ts";
import {
  ed25519Material,
  type KeyMaterial,
  type PasskeyJwk,
  passkeyJwkField,
  readPasskeyJwk,
  readSshKey,
} from "./reviewer-key.ts";
import { isCredential, type RelyingParty } from "./webauthn.ts";

const window = { notBefore: instantField.nullable(), notAfter: instantField.nullable() };
const keyWindow = { ...window, revokedAt: instantField.nullable() };

/** One entry of a trust policy's `keys`. */
export const trustedKeySchema = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().max(43),
  kid: kidField,
  role: z.enum(ROLES),
  ...keyWindow,
});

const reviewerKeySchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("webauthn"),
    credential: z.string(),
    publicKey: passkeyJwkField,
    rpId: textField(253, 1),
    origins: z.array(textField(300, 1)).min(1).max(20),
    ...keyWindow,
  }),
  z.strictObject({ type: z.literal("ssh"), publicKey: z.string(), ...keyWindow }),
]);

/** One entry of a trust policy's `reviewers`. */
export const reviewerSchema = z.strictObject({
  id: textField(200, 1),
  roles: z.array(z.strictObject({ role: textField(LIMITS.role, 1), ...window })).max(20),
  keys: z.array(reviewerKeySchema).max(20),
});

const reviewersSchema = z.array(reviewerSchema).max(1000);

const trustPolicySchema = z.strictObject({
  version: z.literal(2),
  issuer: textField(300, 1),
  keys: z.array(trustedKeySchema).min(1).max(1000),
  reviewers: reviewersSchema,
  policies: z.array(digestField).max(1000).nullable(),
  log: textField(MAX_POLICY, 1).nullable(),
});

/** The trust policy as published. Windows are half-open, `[notBefore, notAfter)`; null means open. */
export type TrustPolicy = z.infer<typeof trustPolicySchema>;
/** One key of a trust policy, as published. Times are instants. */
export type TrustedKeyEntry = TrustPolicy["keys"][number];
/** One reviewer of a trust policy, as published: the roles and keys that they have, each with its window. */
export type ReviewerEntry = z.infer<typeof reviewerSchema>;

/** From when, until before when, and whether nothing under it counts at all. Instants, or null for open. */
export interface Window {
  readonly notBefore: string | null;
  readonly notAfter: string | null;
}

/** A key that has been vetted, with its verifier. */
export interface TrustedKey extends Window {
  readonly kid: string;
  readonly role: Role;
  readonly revokedAt: string | null;
  readonly verifier: Verifier;
}

/** A passkey as it is listed. */
export interface ListedPasskey extends RelyingParty {
  readonly credential: string;
  readonly publicKey: PasskeyJwk;
}

/** A reviewer's own key as it is listed. `form` is how an assertion has to name it; `passkey` is null for an SSH key. */
export interface ListedKey extends Window {
  readonly reviewer: string;
  readonly form: string;
  readonly revokedAt: string | null;
  readonly passkey: ListedPasskey | null;
}

/** A trust policy that is sound, ready to verify with. */
export interface Trust {
  readonly issuer: string;
  readonly keys: ReadonlyMap<string, TrustedKey>;
  /** Reviewers' keys by the id of their material; null for the material of a key in `keys`. */
  readonly listed: ReadonlyMap<string, ListedKey | null>;
  /** The roles of listed reviewers, by their id. */
  readonly reviewers: ReadonlyMap<string, readonly (Window & { readonly role: string })[]>;
  /** The run policies that count; null when all do. */
  readonly policies: ReadonlySet<Digest> | null;
  /** The log and the witnesses that count; null when none is looked at. */
  readonly log: LogPolicy | null;
}

/**
 * Reads and vets a trust policy of unknown origin.
 *
 * Success guarantees that every key id is the key's RFC 7638 thumbprint, that no key material, credential or reviewer stands twice
 * (so no key has two roles or two owners), and that every key is a sound point. It does not say that the issuer published it.
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
    return refuse("ERR_TRUST_POLICY", `not a version 2 trust policy: ${describeIssue(parsed.error)}`);
  const { issuer, policies } = parsed.data;
  const keys = new Map<string, TrustedKey>();
  const listed = new Map<string, ListedKey | null>();
  const reviewers: Map<string, ReviewerEntry["roles"]> = new Map();
  const fault =
    readKeys(parsed.data.keys, keys, listed) ?? listReviewers(parsed.data.reviewers, reviewers, listed);
  if (fault !== null) return refuse("ERR_TRUST_POLICY", fault);
  const log = parsed.data.log === null ? null : readLogPolicy(parsed.data.log);
  if (log && !log.ok) return refuse("ERR_TRUST_POLICY", `log: ${log.refusal.message}`);
  return accept({
    ...{ issuer, keys, listed, reviewers },
    policies: policies && new Set(policies),
    log: log ? log.value : null,
  });
}

/**
 * Reads a list of reviewers of unknown origin, such as a deployment's file. Success says that it is of the form of a trust policy's
 * `reviewers`; only {@link readTrustPolicy} says that its keys are sound and stand once.
 */
export function readReviewers(input: unknown): Result<ReviewerEntry[], "ERR_TRUST_POLICY"> {
  const parsed = reviewersSchema.safeParse(input);
  return parsed.success ? accept(parsed.data) : refuse("ERR_TRUST_POLICY", describeIssue(parsed.error));
}

function readKeys(
  entries: TrustPolicy["keys"],
  keys: Map<string, TrustedKey>,
  listed: Map<string, ListedKey | null>,
): string | null {
  for (const { kty, crv, x, kid, role, notBefore, notAfter, revokedAt } of entries) {
    const thumb = thumbprint({ kty, crv, x });
    if (thumb !== kid) return `expected the key id ${thumb} for x=${x}, got ${kid}`;
    const material = ed25519Material(x);
    if (!material) return `the key ${kid} is unsound: expected 32 bytes that encode a point of full order`;
    if (listed.has(material.id)) return `the key ${kid} stands twice; a key has one role`;
    listed.set(material.id, null);
    keys.set(kid, { kid, role, notBefore, notAfter, revokedAt, verifier: createVerifier(material.bytes) });
  }
  return null;
}

function listReviewers(
  entries: TrustPolicy["reviewers"],
  reviewers: Map<string, ReviewerEntry["roles"]>,
  listed: Map<string, ListedKey | null>,
): string | null {
  const credentials = new Set<string>();
  for (const { id, roles, keys } of entries) {
    if (reviewers.has(id)) return `the reviewer ${id} stands twice`;
    reviewers.set(id, roles);
    for (const key of keys) {
      const material = materialOf(key);
      if (!material) return `a ${key.type} key of ${id} is unsound`;
      if (listed.has(material.id)) return `a ${key.type} key of ${id} stands twice; a key has one owner`;
      if (key.type === "webauthn" && credentials.has(key.credential)) {
        return `the credential ${key.credential} stands twice`;
      }
      if (key.type === "webauthn") credentials.add(key.credential);
      listed.set(material.id, listedKey(id, key));
    }
  }
  return null;
}

function materialOf(key: ReviewerEntry["keys"][number]): KeyMaterial | null {
  if (key.type === "ssh") return readSshKey(key.publicKey)?.material ?? null;
  return isCredential(key.credential) ? readPasskeyJwk(key.publicKey) : null;
}

function listedKey(reviewer: string, key: ReviewerEntry["keys"][number]): ListedKey {
  const { notBefore, notAfter, revokedAt } = key;
  const form = key.type === "ssh" ? sshForm(key.publicKey) : webauthnForm(key.credential);
  return { reviewer, form, notBefore, notAfter, revokedAt, passkey: key.type === "ssh" ? null : key };
}

/** True when an instant lies in a half-open window. */
export function isWithin({ notBefore, notAfter }: Window, instant: string): boolean {
  return (notBefore === null || instant >= notBefore) && (notAfter === null || instant < notAfter);
}

/** The roles that a reviewer holds at an instant. One who is not listed holds the one role `reviewer` (§6.1). */
export function rolesOf(trust: Trust, reviewer: string, instant: string): readonly string[] {
  const entries = trust.reviewers.get(reviewer);
  return entries?.filter((entry) => isWithin(entry, instant)).map(({ role }) => role) ?? ["reviewer"];
}

/**
 * The passkeys that a reviewer may sign with at an address: those listed for them whose window has the instant, and that are not revoked.
 * @param origin as in `https://host`.
 */
export function passkeysOf(
  { listed }: Trust,
  reviewer: string,
  origin: string,
  instant: string,
): readonly ListedPasskey[] {
  return [...listed.values()].flatMap((key) =>
    key?.passkey?.origins.includes(origin) &&
    key.reviewer === reviewer &&
    key.revokedAt === null &&
    isWithin(key, instant)
      ? [key.passkey]
      : [],
  );
}

/**
 * The trust policy of a new deployment: one key for each role, with open windows, and no reviewers listed.
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
export function createTrustPolicy(
  issuer: string,
  keys: Readonly<Record<Role, PublicJwk>>,
  reviewers: TrustPolicy["reviewers"] = [],
): TrustPolicy {
  return {
    version: 2,
    issuer,
    keys: ROLES.map((role) => ({
      ...keys[role],
      kid: thumbprint(keys[role]),
      role,
      notBefore: null,
      notAfter: null,
      revokedAt: null,
    })),
    reviewers,
    policies: null,
    log: null,
  };
}
