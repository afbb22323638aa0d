// A deployment's keys under one of its names, and where it publishes the trust policy of that name.
import type { SigningKeys } from "./signing-keys.ts";

/** The same keys under another name. Says nothing of whether the deployment bears or bore it. */
export function underName(keys: SigningKeys, issuer: string): SigningKeys {
  if (issuer === keys.trust.issuer) return keys;
  const { trustPolicy, trust } = keys;
  return { ...keys, trustPolicy: { ...trustPolicy, issuer }, trust: { ...trust, issuer } };
}

/** Where the deployment publishes the trust policy of the name that these keys are under. */
export function trustPath({ trust: { issuer }, present }: SigningKeys): string {
  const path = "/.well-known/countersign.json";
  return issuer === present ? path : `${path}?issuer=${encodeURIComponent(issuer)}`;
}
