// REVIEW_AUTH = "token": each reviewer holds a random token, and the deployment holds only its SHA-256. Tokens come as a bearer
// header or in the sign-in cookie. No token is ever logged, shown or put into a receipt.
import { timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { z } from "zod";
import { describeIssue, hexField, textField } from "../../receipt/fields.ts";
import { accept, type Result, refuse, sha256Hex } from "../../receipt/index.ts";
import type { EdgeSettings } from "../edge-env.ts";
import type { Identity } from "./identity.ts";
import type { AuthCode, ReviewAuth } from "./review-auth.ts";
import { readSessionCookie } from "./session-cookie.ts";

/** The secret `REVIEWER_TOKENS`. `may: "start"` is for machines that raise alerts: they may start runs but never decide. */
const tokenList = z
  .array(
    z.strictObject({
      id: textField(200, 1),
      sha256: hexField,
      may: z.enum(["start", "decide"]).default("decide"),
    }),
  )
  .min(1, "expected at least one reviewer")
  .refine(
    (entries) => new Set(entries.map(({ sha256 }) => sha256)).size === entries.length,
    "expected no token twice",
  );
type TokenEntry = z.infer<typeof tokenList>[number];

/** Recognizes reviewers by their tokens, or says what is wrong with the list. */
export function readTokenAuth(env: EdgeSettings): Result<ReviewAuth, AuthCode> {
  const entries = readList(env.REVIEWER_TOKENS);
  if (!entries.ok) return entries;
  return accept({
    mode: "token",
    challenge: 'Bearer realm="countersign"',
    identify: (c) => Promise.resolve(identify(c, entries.value)),
  });
}

function readList(text: string | undefined): Result<readonly TokenEntry[], AuthCode> {
  const wanted =
    'the secret REVIEWER_TOKENS to be a JSON array of {"id", "sha256"}, as `npm run reviewer-token` prints';
  if (!text) return refuse("ERR_AUTH_CONFIG", `expected ${wanted}, got nothing`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("ERR_AUTH_CONFIG", `expected ${wanted}, got what is not JSON`);
  }
  const list = tokenList.safeParse(value);
  // A schema's issue names places and wants, never the value that stands there.
  if (!list.success) return refuse("ERR_AUTH_CONFIG", `expected ${wanted}; ${describeIssue(list.error)}`);
  return accept(list.data);
}

/** Whose token this is, for the sign-in form. */
export function recognizeToken(env: EdgeSettings, token: string): Result<Identity, AuthCode> {
  const entries = readList(env.REVIEWER_TOKENS);
  return entries.ok ? recognize(token, entries.value) : entries;
}

function identify(c: Context, entries: readonly TokenEntry[]): Result<Identity | null, AuthCode> {
  const authorization = c.req.header("authorization");
  const bearer = authorization === undefined ? null : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (bearer === undefined) return refuse("ERR_CREDENTIAL", "expected `Authorization: Bearer <token>`");
  const token = bearer ?? readSessionCookie(c);
  return token ? recognize(token, entries) : accept(null);
}

/** Every entry is compared whole, so that the time taken tells nothing of how near a guess came. */
function recognize(token: string, entries: readonly TokenEntry[]): Result<Identity, AuthCode> {
  const presented = Buffer.from(sha256Hex(new TextEncoder().encode(token)), "hex");
  const [entry] = entries.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, "hex"), presented));
  if (!entry) return refuse("ERR_CREDENTIAL", "the token is not that of any reviewer here");
  return accept({ actor: { id: entry.id, method: "token" }, mayDecide: entry.may === "decide" });
}
