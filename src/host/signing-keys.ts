// The three signing keys of a deployment, from its secrets: native signers, and the public trust policy that they imply.
// A secret's text never leaves this file, not in an error either.
import {
  createTrustPolicy,
  readReviewers,
  readTrustPolicy,
  type Trust,
  type TrustedKeyEntry,
  type TrustPolicy,
} from "../chain/index.ts";
import {
  accept,
  type PublicJwk,
  publicJwk,
  type Result,
  type Role,
  readSeed,
  refuse,
  type Signer,
  thumbprint,
} from "../receipt/index.ts";
import { issuerField, readFormerIssuers } from "./deployment-names.ts";
import { declaredReviewers, type Settings } from "./env.ts";
import { readLogSettings } from "./log-settings.ts";
import { nativeSign } from "./native-signer.ts";
import { readRetiredKeys } from "./retired-keys.ts";
import type { KeysCode } from "./run-api.ts";

/** The secret that holds each role's seed. */
export const SECRET_OF = {
  agent: "AGENT_SIGNING_KEY",
  human: "HUMAN_SIGNING_KEY",
  runtime: "RUNTIME_SIGNING_KEY",
} as const satisfies Record<Role, keyof Settings>;

/** A deployment's signers, and what it publishes about them. */
export interface SigningKeys {
  readonly signers: Readonly<Record<Role, Signer>>;
  /** ISSUER: the name that new chains bear. */
  readonly present: string;
  /** The names that chains of this deployment may bear: the present one, and the former ones. */
  readonly issuers: ReadonlySet<string>;
  readonly trustPolicy: TrustPolicy;
  readonly trust: Trust;
}

/** Deriving and vetting public keys takes milliseconds, so it is done once per isolate and set of secrets. */
const memo = new WeakMap<object, Result<SigningKeys, KeysCode>>();

/** Loads the keys, or says which secret is missing, malformed or the same as another. */
export function loadSigningKeys(env: Settings): Result<SigningKeys, KeysCode> {
  const known = memo.get(env);
  if (known) return known;
  const loaded = readSigningKeys(env, declaredReviewers());
  memo.set(env, loaded);
  return loaded;
}

function readSigningKeys(env: Settings, declared: unknown): Result<SigningKeys, KeysCode> {
  const issuer = env.ISSUER ?? "";
  if (!issuerField.safeParse(issuer).success) {
    const message = `expected the variable ISSUER to name this deployment in 1 to 300 characters, got ${issuer.length}`;
    return refuse("ERR_ISSUER_MISSING", message);
  }
  const agent = readKey(env, "agent");
  if (!agent.ok) return agent;
  const human = readKey(env, "human");
  if (!human.ok) return human;
  const runtime = readKey(env, "runtime");
  if (!runtime.ok) return runtime;
  const keys = { agent: agent.value, human: human.value, runtime: runtime.value };
  for (const [one, other] of [
    ["agent", "human"],
    ["agent", "runtime"],
    ["human", "runtime"],
  ] as const) {
    if (keys[one].signer.kid !== keys[other].signer.kid) continue;
    return refuse(
      "ERR_KEYS_EQUAL",
      `expected three different keys, but ${SECRET_OF[one]} and ${SECRET_OF[other]} are equal`,
    );
  }
  const { keys: current } = createTrustPolicy(issuer, {
    agent: keys.agent.jwk,
    human: keys.human.jwk,
    runtime: keys.runtime.jwk,
  });
  const retired = readRetiredKeys(env.RETIRED_KEYS);
  if (!retired.ok) return retired;
  const clash = findClash(current, retired.value);
  if (clash) return refuse("ERR_RETIRED_KEYS", clash);
  const names = readFormerIssuers(env.FORMER_ISSUERS);
  if (!names.ok) return names;
  const log = readLogSettings(env);
  if (!log.ok) return log;
  const former = retired.value.filter(({ kid }) => !current.some((key) => key.kid === kid));
  const ours: TrustPolicy = {
    version: 2,
    issuer,
    keys: [...current, ...former],
    reviewers: [],
    policies: null,
    log: log.value?.policyText ?? null,
  };
  const alone = readTrustPolicy(ours);
  if (!alone.ok) return refuse("ERR_RETIRED_KEYS", `RETIRED_KEYS: ${alone.refusal.message}`);
  const reviewers = readReviewers(declared);
  if (!reviewers.ok) return refuse("ERR_REVIEWERS", `the reviewers' file: ${reviewers.refusal.message}`);
  const trustPolicy: TrustPolicy = { ...ours, reviewers: reviewers.value };
  const trust = readTrustPolicy(trustPolicy);
  if (!trust.ok) return refuse("ERR_REVIEWERS", `the reviewers' file: ${trust.refusal.message}`);
  const signers = { agent: keys.agent.signer, human: keys.human.signer, runtime: keys.runtime.signer };
  const issuers = new Set([issuer, ...names.value]);
  return accept({ signers, present: issuer, issuers, trustPolicy, trust: trust.value });
}

/** A key that signs now may be listed as retired already, but not under another role, as over or as revoked. */
function findClash(current: readonly TrustedKeyEntry[], retired: readonly TrustedKeyEntry[]): string | null {
  for (const { kid, role, notAfter, revokedAt } of retired) {
    const key = current.find((one) => one.kid === kid);
    if (!key) continue;
    const secret = SECRET_OF[key.role];
    if (revokedAt !== null) return `RETIRED_KEYS revokes the key in ${secret}; put a fresh one there first`;
    if (notAfter !== null) return `RETIRED_KEYS ends the key in ${secret}; put a fresh one there first`;
    if (role !== key.role) return `RETIRED_KEYS lists the key in ${secret} as a key of role ${role}`;
  }
  return null;
}

function readKey(env: Settings, role: Role): Result<{ jwk: PublicJwk; signer: Signer }, KeysCode> {
  const name = SECRET_OF[role];
  const secret = env[name];
  if (!secret) {
    return refuse("ERR_KEY_MISSING", `the secret ${name} is missing; npm run keys prints fresh ones`);
  }
  const seed = readSeed(secret);
  if (!seed.ok)
    return refuse("ERR_KEY_MALFORMED", `the secret ${name} is malformed: ${seed.refusal.message}`);
  const jwk = publicJwk(seed.value);
  return accept({ jwk, signer: { kid: thumbprint(jwk), sign: nativeSign(seed.value) } });
}
