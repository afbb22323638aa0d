// The Worker's HTTP edge: API, pages and well-known documents, with one place for what goes wrong.
import { type Context, Hono } from "hono";
import type { Refusal } from "../receipt/index.ts";
import type { Env } from "../run/env.ts";
import { logFailure } from "../run/log.ts";
import { addAlerts } from "./alerts/raise-alerts.ts";
import { addApi } from "./api.ts";
import { errorPage, notFoundPage } from "./error-page.tsx";
import { addMcp } from "./mcp/endpoint.ts";
import { addOpenapi } from "./openapi/routes.tsx";
import { addPages } from "./pages.tsx";
import { type EdgeCode, problem } from "./problem.ts";
import { isForPrograms } from "./refused.ts";
import { guard } from "./reviewer/guard.ts";
import { addSignIn } from "./reviewer/sign-in.tsx";
import { sameSite } from "./same-site.ts";
import { securityHeaders } from "./security-headers.ts";
import { limitStarts } from "./start-limit.ts";
import { addWellKnown } from "./well-known.ts";

export const app = new Hono<{ Bindings: Env }>();

// Artifacts are bytes that somebody else wrote: whatever they are, a browser may only show them. Set last, so it stands.
app.use("/api/runs/:run/artifacts/:digest", async (c, next) => {
  await next();
  c.res.headers.set("content-security-policy", "default-src 'none'; sandbox");
});

app.use(securityHeaders);
app.use(sameSite);
app.use(guard);
app.use(limitStarts);

addSignIn(app);
addApi(app);
addAlerts(app);
addWellKnown(app);
addMcp(app);
addOpenapi(app);
addPages(app);

app.notFound((c) => {
  if (wantsPage(c)) return notFoundPage(c);
  return problem({ code: "ERR_NOT_FOUND", message: `there is nothing at ${c.req.path}` }, c.req.path);
});

app.onError((error, c) => {
  // A Durable Object that was reset or is overloaded is worth another try; anything else is a defect of ours.
  const retryable = "retryable" in error && error.retryable === true;
  logFailure("request_failed", error, { path: c.req.path });
  const refusal: Refusal<EdgeCode> = retryable
    ? { code: "ERR_UNAVAILABLE", message: "the run is restarting; try again" }
    : { code: "ERR_INTERNAL", message: "something went wrong on our side; the run's receipts are unharmed" };
  if (wantsPage(c)) return errorPage(refusal);
  return problem(refusal, c.req.path, retryable ? { "retry-after": "1" } : {});
});

/** A browser that looks for a page. */
function wantsPage(c: Context): boolean {
  return !isForPrograms(c.req.path) && c.req.header("accept")?.includes("text/html") === true;
}
