// A trust policy in the few words that a page has room for.
import type { TrustedKeyEntry, TrustPolicy } from "../chain/index.ts";
import type { TrustShown } from "./verifier-protocol.ts";

/** Keys of a policy that are listed one by one. */
const LISTED = 12;

export function showTrust({ issuer, keys }: TrustPolicy): TrustShown {
  const listed = keys
    .slice(0, LISTED)
    .map((key) => ({ kid: key.kid, role: key.role, limits: limitsOf(key) }));
  return { issuer, count: keys.length, keys: listed };
}

function limitsOf({ notBefore, notAfter, revokedAt }: TrustedKeyEntry): string | null {
  if (revokedAt !== null) return `revoked at ${revokedAt}: nothing under it counts`;
  if (notBefore === null && notAfter === null) return null;
  return `signs from ${notBefore ?? "always"} until ${notAfter ?? "further notice"}`;
}
