// Signing in and out in a browser, with plain forms. Only the token mode signs anybody in here: Cloudflare Access does so in
// front of the Worker, and an open demo has nobody to recognize.
import type { Refusal } from "../../receipt/index.ts";
import { SignInPage } from "../../view/sign-in-page.tsx";
import type { Ctx } from "../edge-env.ts";
import { type ProblemCode, statusOf } from "../problem.ts";
import { readForm } from "../read-body.ts";
import { loadAuthSettings } from "../reviewer/auth-settings.ts";
import type { ReviewAuth } from "../reviewer/review-auth.ts";
import { clearSessionCookie, setSessionCookie } from "../reviewer/session-cookie.ts";
import { recognizeToken } from "../reviewer/token-auth.ts";
import { errorPage } from "./error-page.tsx";
import { htmlResponse } from "./html.ts";

/** `GET /sign-in?next=/runs/…`: the form, or straight on for whoever is known already. */
export async function showSignIn(c: Ctx): Promise<Response> {
  const settings = loadAuthSettings(c.env);
  if (!settings.ok) return errorPage(settings.refusal);
  const { auth } = settings.value;
  const next = ownPath(c, c.req.query("next"));
  const known = await auth.identify(c);
  if (known.ok && known.value) return c.redirect(next, 303);
  if (!known.ok && known.refusal.code === "ERR_AUTH_KEYS") return errorPage(known.refusal);
  return signInPage({ mode: auth.mode, refusal: null, next, headers: {} });
}

/** `POST /sign-in`: keeps a good token in the browser, and goes on to where the visitor was going. */
export async function signIn(c: Ctx): Promise<Response> {
  const settings = loadAuthSettings(c.env);
  if (!settings.ok) return errorPage(settings.refusal);
  const form = await readForm(c.req.raw);
  if (!form.ok) return errorPage(form.refusal);
  const { mode, challenge } = settings.value.auth;
  const next = ownPath(c, form.value.next);
  if (mode !== "token") return c.redirect(next, 303);
  const token = form.value.token?.trim() ?? "";
  const known = recognizeToken(c.env, token);
  if (!known.ok) {
    // The form itself is the challenge's answer; the header is what RFC 9110 asks of every 401.
    const headers = { "www-authenticate": `${challenge}, error="invalid_token"` };
    return signInPage({ mode, refusal: known.refusal, next, headers });
  }
  setSessionCookie(c, token);
  return c.redirect(next, 303);
}

/** `POST /sign-out`: forgets the token in this browser. */
export function signOut(c: Ctx): Response {
  clearSessionCookie(c);
  return c.redirect("/", 303);
}

interface SignInView {
  readonly mode: ReviewAuth["mode"];
  readonly refusal: Refusal<ProblemCode> | null;
  readonly next: string;
  readonly headers: Record<string, string>;
}

/** The page to sign in on; with a refusal, also why it stands where another page was asked for. */
export function signInPage({ mode, refusal, next, headers }: SignInView): Promise<Response> {
  const status = refusal ? statusOf(refusal.code) : 200;
  return htmlResponse(<SignInPage mode={mode} refusal={refusal} next={next} />, status, headers);
}

/** A path of our own, whatever was asked for: nobody is sent on to another site. */
function ownPath(c: Ctx, next: string | undefined): string {
  const here = new URL(c.req.url).origin;
  const url = next !== undefined && URL.canParse(next, here) ? new URL(next, here) : null;
  // A `blob:` address has an origin too, and no path.
  if (url?.origin !== here || !url.pathname.startsWith("/")) return "/";
  // A path that starts with two slashes would name a host.
  return `${url.pathname.replace(/^\/+/, "/")}${url.search}`;
}
