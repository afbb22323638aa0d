// Whether a form really came from our own pages. A browser says so itself; a client that is no browser says nothing.
import { accept, type Result, refuse } from "../receipt/index.ts";

/** Refuses a request that another site's page made a browser send. */
export function requireSameSite(request: Request): Result<null, "ERR_CROSS_SITE"> {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const foreign = refuse("ERR_CROSS_SITE", "expected the form to come from this site's own page");
  // Only a browser sends Sec-Fetch-Site, and with a form it always sends Origin too.
  if (site !== null) return site === "same-origin" && origin !== null ? accept(null) : foreign;
  return origin === null || origin === new URL(request.url).origin ? accept(null) : foreign;
}
