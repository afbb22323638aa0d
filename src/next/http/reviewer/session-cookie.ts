// The cookie of a signed-in browser. It holds the token itself, so taking a reviewer off the list ends their sessions at once.
// Page script cannot read it, and no request that another site caused carries it.
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

const NAME = "countersign";
/** How long a browser stays signed in, in seconds. */
const MAX_AGE = 12 * 60 * 60;

/** The token in a request's cookie, if there is one. */
export function readSessionCookie(c: Context): string | undefined {
  return getCookie(c, NAME, ...prefixFor(c));
}

/** Keeps a token in the browser. */
export function setSessionCookie(c: Context, token: string): void {
  const [prefix] = prefixFor(c);
  setCookie(c, NAME, token, {
    path: "/",
    httpOnly: true,
    sameSite: "Strict",
    maxAge: MAX_AGE,
    ...(prefix && { prefix, secure: true }),
  });
}

export function clearSessionCookie(c: Context): void {
  const [prefix] = prefixFor(c);
  deleteCookie(c, NAME, { path: "/", ...(prefix && { prefix, secure: true }) });
}

/** `__Host-` keeps other hosts and plain HTTP from setting it. A local server without TLS cannot have that. */
function prefixFor(c: Context): ["host"] | [] {
  return new URL(c.req.url).protocol === "https:" ? ["host"] : [];
}
