// Whether a request really came from our own pages, or from no browser at all. A browser says so itself; a client that is no
// browser says nothing. Cookies, and Cloudflare Access, would otherwise let any page act in its visitor's name.
import type { Context, MiddlewareHandler } from "hono";
import { accept, type Result, refuse } from "../receipt/index.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { isRebound } from "./own-names.ts";
import { refused } from "./refused.ts";

/** Refuses what another site's page made a browser send: forms, scripted requests, and sockets. */
export const sameSite: MiddlewareHandler<{ Bindings: EdgeEnv }> = async (c, next) => {
  const reads = ["GET", "HEAD", "OPTIONS"].includes(c.req.method);
  if (reads && c.req.header("upgrade") === undefined) return next();
  const checked = requireSameSite(c);
  return checked.ok ? next() : refused(c, checked.refusal);
};

function requireSameSite(c: Context<{ Bindings: EdgeEnv }>): Result<null, "ERR_CROSS_SITE" | "ERR_HOST"> {
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  if (site === undefined && origin === undefined) return accept(null);
  const { hostname, origin: own } = new URL(c.req.url);
  const isForeign =
    // Only a browser sends Sec-Fetch-Site, and with anything but a plain look it always sends Origin too.
    site === undefined ? origin !== own : site !== "same-origin" || origin === undefined;
  if (isForeign) return refuse("ERR_CROSS_SITE", "expected the request to come from this site's own page");
  if (!isRebound(c)) return accept(null);
  return refuse(
    "ERR_HOST",
    `${hostname} is no name of this server; use localhost, or set ISSUER to its address`,
  );
}
