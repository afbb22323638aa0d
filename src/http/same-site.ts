// Whether a request really came from our own pages, or from no browser at all. A browser says so itself; a client that is no
// browser says nothing. Cookies, and Cloudflare Access, would otherwise let any page act in its visitor's name.
import type { MiddlewareHandler } from "hono";
import { accept, type Result, refuse } from "../receipt/index.ts";
import { refused } from "./refused.ts";

/** Refuses what another site's page made a browser send: forms, scripted requests, and sockets. */
export const sameSite: MiddlewareHandler = async (c, next) => {
  const reads = ["GET", "HEAD", "OPTIONS"].includes(c.req.method);
  if (reads && c.req.header("upgrade") === undefined) return next();
  const checked = requireSameSite(c.req.raw);
  return checked.ok ? next() : refused(c, checked.refusal);
};

function requireSameSite(request: Request): Result<null, "ERR_CROSS_SITE"> {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const foreign = refuse("ERR_CROSS_SITE", "expected the request to come from this site's own page");
  // Only a browser sends Sec-Fetch-Site, and with anything but a plain look it always sends Origin too.
  if (site !== null) return site === "same-origin" && origin !== null ? accept(null) : foreign;
  return origin === null || origin === new URL(request.url).origin ? accept(null) : foreign;
}
