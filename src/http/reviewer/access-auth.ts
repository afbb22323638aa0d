// REVIEW_AUTH = "access": Cloudflare Access has signed people in and says who they are in a JWT, which is verified here. What
// it says counts only with a signature of the team's own keys, for this application, now.
import type { Context } from "hono";
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";
import { z } from "zod";
import { logFailure } from "../../engine/log.ts";
import { describeIssue, textField } from "../../receipt/fields.ts";
import { accept, type Result, refuse } from "../../receipt/index.ts";
import type { EdgeSettings } from "../edge-env.ts";
import type { Identity } from "./identity.ts";
import type { AuthCode, ReviewAuth } from "./review-auth.ts";

const HEADER = "cf-access-jwt-assertion";
/** The one algorithm that Access signs with. Pinned: a token may not choose how it is checked. */
const ALGORITHM = "RS256";

/** `ACCESS_JWKS`: the team's keys as a fixed set, where the Worker cannot or should not fetch them. */
const jwksSchema = z.object({
  keys: z
    .array(z.looseObject({ kty: z.literal("RSA"), n: z.string(), e: z.string(), kid: z.string() }))
    .min(1),
});

interface Application {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
}

/** Recognizes people by the token that Access adds, or says which variable is missing. */
export function readAccessAuth(env: EdgeSettings): Result<ReviewAuth, AuthCode> {
  const issuer = readTeam(env.ACCESS_TEAM_DOMAIN);
  if (!issuer.ok) return issuer;
  const audience = env.ACCESS_AUD;
  if (!audience) {
    return refuse(
      "ERR_AUTH_CONFIG",
      "expected the variable ACCESS_AUD to be the application’s AUD tag, got nothing",
    );
  }
  const keys = readKeys(env.ACCESS_JWKS, issuer.value);
  if (!keys.ok) return keys;
  const application = { issuer: issuer.value, audience, keys: keys.value };
  return accept({
    mode: "access",
    challenge: `Cloudflare-Access realm="${issuer.value}"`,
    identify: (c) => identify(c, application),
  });
}

/** The team's address, which is the issuer of its tokens. Plain HTTP only to this machine, for tests. */
function readTeam(text: string | undefined): Result<string, AuthCode> {
  const wanted = "expected the variable ACCESS_TEAM_DOMAIN to be like https://team.cloudflareaccess.com";
  const url = URL.canParse(text ?? "") ? new URL(text ?? "") : null;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && url.hostname === "localhost");
  if (!url || !isSafe || url.origin !== text) {
    return refuse("ERR_AUTH_CONFIG", `${wanted}, got ${text ? JSON.stringify(text) : "nothing"}`);
  }
  return accept(url.origin);
}

function readKeys(text: string | undefined, issuer: string): Result<JWTVerifyGetKey, AuthCode> {
  if (!text) return accept(createRemoteJWKSet(new URL("/cdn-cgi/access/certs", issuer)));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("ERR_AUTH_CONFIG", "expected the variable ACCESS_JWKS to be a JSON Web Key Set");
  }
  const jwks = jwksSchema.safeParse(value);
  if (!jwks.success) {
    const wanted = "expected the variable ACCESS_JWKS to be a JSON Web Key Set of RSA keys";
    return refuse("ERR_AUTH_CONFIG", `${wanted}; ${describeIssue(jwks.error)}`);
  }
  return accept(createLocalJWKSet(jwks.data));
}

async function identify(
  c: Context,
  { issuer, audience, keys }: Application,
): Promise<Result<Identity | null, AuthCode>> {
  const token = c.req.header(HEADER);
  if (token === undefined) return accept(null);
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [ALGORITHM],
      // Without these, a token that leaves a claim out would pass the check of that claim.
      requiredClaims: ["iss", "aud", "exp", "iat"],
      clockTolerance: 5,
    });
    return whoIs(payload);
  } catch (error) {
    return refuseToken(error, issuer);
  }
}

const person = z.object({ email: textField(200, 1) });
const service = z.object({ common_name: textField(190, 1) });

/**
 * People are named by their address, in lower case: identity providers spell it in their own ways, and whoever started a run must not
 * pass for somebody else when they decide on it. A service token is a machine: it may start runs, but is no human who decides.
 */
function whoIs(claims: JWTPayload): Result<Identity, AuthCode> {
  const human = person.safeParse(claims);
  if (human.success)
    return accept({ actor: { id: human.data.email.toLowerCase(), method: "access" }, mayDecide: true });
  const machine = service.safeParse(claims);
  if (machine.success) {
    const actor = { id: `service:${machine.data.common_name}`, method: "access" };
    return accept({ actor, mayDecide: false });
  }
  return refuse("ERR_CREDENTIAL", "the Access token names nobody: expected `email` or `common_name`");
}

/** What was wrong with a token, without repeating it. Keys that cannot be had are our fault, not the caller's. */
function refuseToken(error: unknown, issuer: string): Result<never, AuthCode> {
  if (error instanceof errors.JWTExpired) return refuse("ERR_CREDENTIAL", "the Access token has expired");
  if (error instanceof errors.JWTClaimValidationFailed) {
    return refuse(
      "ERR_CREDENTIAL",
      `the Access token is for somebody else or another time: its ${error.claim} does not fit`,
    );
  }
  const isTokensFault =
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== "ERR_JOSE_GENERIC";
  if (isTokensFault) {
    return refuse("ERR_CREDENTIAL", `the Access token is not signed by a key of ${issuer}`);
  }
  logFailure("access_keys_unavailable", error, { issuer });
  return refuse("ERR_AUTH_KEYS", `the keys of ${issuer} cannot be fetched or used now; try again`);
}
