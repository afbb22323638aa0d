// Which of the deployment's own trust policies a bundle has to satisfy: that of the name it bears, if the deployment bears it too.
import { claimedIssuer, readBundle, type TrustPolicy } from "../chain/index.ts";
import { type SigningKeys, underName } from "../host/index.ts";

/** The policy of a former name for a bundle that bears it; the present one for any other, which then says what is wrong. */
export function policyFor(bundle: unknown, keys: SigningKeys): TrustPolicy {
  const read = readBundle(bundle);
  const issuer = read.ok ? claimedIssuer(read.value) : null;
  return issuer !== null && keys.issuers.has(issuer) ? underName(keys, issuer).trustPolicy : keys.trustPolicy;
}
