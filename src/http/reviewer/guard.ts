// Stands before every route. By default nobody gets through: a request that changes anything needs somebody who may, and so does
// reading where it is protected. It refuses before a route has read a body or a run has been asked.
import type { Context, MiddlewareHandler } from "hono";
import { accept, type Result, refuse } from "../../receipt/index.ts";
import type { EdgeEnv } from "../edge-env.ts";
import { signInPage } from "../pages/sign-in.tsx";
import { isForPrograms, refused } from "../refused.ts";
import { startsRun } from "../start-limit.ts";
import { type AuthSettings, loadAuthSettings } from "./auth-settings.ts";
import type { Identity } from "./identity.ts";
import type { AuthCode } from "./review-auth.ts";

type Ctx = Context<{ Bindings: EdgeEnv }>;

/** What strangers may always have: the way in, and what a verifier or a monitor needs. The verify page holds no run, and a log is for outsiders. */
const FOR_ANYONE = /^\/(sign-in|sign-out|healthz|verify|\.well-known\/[^/]+|log\/.+)$/;

/** Monitoring systems prove themselves to the route they post to, by a secret of their own. */
const PROVES_ITSELF = /^\/api\/alerts\/[^/]+$/;

/** Lets a request on only when whoever sends it may, and notes who that is for {@link actorOf}. */
export const guard: MiddlewareHandler<{ Bindings: EdgeEnv }> = async (c, next) => {
  if (FOR_ANYONE.test(c.req.path)) return next();
  const settings = loadAuthSettings(c.env);
  if (settings.ok && PROVES_ITSELF.test(c.req.path)) return next();
  const known: Result<Identity | null, AuthCode> = settings.ok
    ? await settings.value.auth.identify(c)
    : settings;
  const allowed = mayPass(c, settings, known);
  if (!allowed.ok) return refuseEntry(c, settings, allowed);
  c.set("identity", known.ok ? known.value : null);
  if (!known.ok && known.refusal.code === "ERR_AUTH_KEYS") c.set("unrecognizable", known.refusal.message);
  await next();
  // What only some may read must not wait in a cache for the others. A socket's answer has no body to keep.
  if (settings.ok && settings.value.readsAreProtected && c.res.status !== 101) {
    c.res.headers.set("cache-control", "no-store");
  }
};

function mayPass(
  c: Ctx,
  settings: Result<AuthSettings, AuthCode>,
  known: Result<Identity | null, AuthCode>,
): Result<null, AuthCode> {
  const reads = ["GET", "HEAD", "OPTIONS"].includes(c.req.method);
  // Where the settings cannot be read, only a plain word for public reading still lets readers in.
  const isPublic = settings.ok ? !settings.value.readsAreProtected : c.env.READ_AUTH === "public";
  if (reads && isPublic) return accept(null);
  if (!known.ok) return known;
  if (!known.value) return refuse("ERR_SIGN_IN_REQUIRED", "expected somebody who has signed in");
  // What MCP offers does not decide either. To undo something, though, is a reviewer's word: its proposal bears their name.
  const startsOnly = (startsRun(c) && !c.req.path.endsWith("/revert")) || c.req.path === "/mcp";
  if (reads || known.value.mayDecide || startsOnly) return accept(null);
  return refuse(
    "ERR_MAY_NOT_DECIDE",
    `${known.value.actor.id} may start runs but not decide; nothing was signed`,
  );
}

function refuseEntry(
  c: Ctx,
  settings: Result<AuthSettings, AuthCode>,
  { refusal }: Extract<Result<null, AuthCode>, { ok: false }>,
): Response | Promise<Response> {
  const needsCredential = refusal.code === "ERR_SIGN_IN_REQUIRED" || refusal.code === "ERR_CREDENTIAL";
  if (!settings.ok || !needsCredential) return refused(c, refusal);
  const { challenge } = settings.value.auth;
  // RFC 6750 §3.1: the error is told only to somebody who brought a credential.
  const error = refusal.code === "ERR_CREDENTIAL" ? ', error="invalid_token"' : "";
  const headers = { "www-authenticate": `${challenge}${error}` };
  if (isForPrograms(c.req.path)) return refused(c, refusal, headers);
  return signInPage({ mode: settings.value.auth.mode, refusal, next: wayBack(c), headers });
}

/** Where to go on after signing in: the page that was asked for, or the run whose form was sent. */
function wayBack(c: Ctx): string {
  if (c.req.method === "GET") {
    const { pathname, search } = new URL(c.req.url);
    return `${pathname}${search}`;
  }
  return /^\/runs\/[^/]+/.exec(c.req.path)?.[0] ?? "/";
}
