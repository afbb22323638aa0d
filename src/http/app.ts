// The Worker's HTTP edge: API, MCP, pages and well-known documents, with one place for what goes wrong.
import { type Context, Hono } from "hono";
import { logFailure } from "../host/index.ts";
import type { Refusal } from "../receipt/index.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { addLog } from "./log.ts";
import { addMcp } from "./mcp/endpoint.ts";
import { errorPage, notFoundPage } from "./pages/error-page.tsx";
import { addPages } from "./pages/pages.tsx";
import { type EdgeCode, problem } from "./problem.ts";
import { isForPrograms } from "./refused.ts";
import { guard } from "./reviewer/guard.ts";
import { addRoutes } from "./route.ts";
import { ROUTES } from "./routes/routes.ts";
import { sameSite } from "./same-site.ts";
import { securityHeaders } from "./security-headers.ts";
import { limitStarts } from "./start-limit.ts";

/** Makes the app. It holds nothing: where its runs are, the deployment's declaration says. */
export function createApp(): Hono<{ Bindings: EdgeEnv }> {
  const app = new Hono<{ Bindings: EdgeEnv }>();
  // Artifacts are bytes that somebody else wrote: whatever they are, a browser may only show them. Set last, so it stands.
  app.use("/api/runs/:run/artifacts/:digest", async (c, next) => {
    await next();
    c.res.headers.set("content-security-policy", "default-src 'none'; sandbox");
  });
  app.use(securityHeaders);
  app.use(sameSite);
  app.use(guard);
  app.use(limitStarts);
  addRoutes(app, ROUTES);
  addMcp(app);
  addLog(app);
  addPages(app);
  app.notFound(answerNotFound);
  app.onError(answerError);
  return app;
}

function answerNotFound(c: Context): Response | Promise<Response> {
  if (wantsPage(c)) return notFoundPage(c);
  return problem({ code: "ERR_NOT_FOUND", message: `there is nothing at ${c.req.path}` }, c.req.path);
}

function answerError(error: Error, c: Context): Response | Promise<Response> {
  // A Durable Object that was reset or is overloaded is worth another try; anything else is a defect of ours.
  const retryable = "retryable" in error && error.retryable === true;
  logFailure("request_failed", error, { path: c.req.path });
  const refusal: Refusal<EdgeCode> = retryable
    ? { code: "ERR_UNAVAILABLE", message: "the run is restarting; try again" }
    : { code: "ERR_INTERNAL", message: "something went wrong on our side; the run's receipts are unharmed" };
  if (wantsPage(c)) return errorPage(refusal);
  return problem(refusal, c.req.path, retryable ? { "retry-after": "1" } : {});
}

/** A browser that looks for a page. */
function wantsPage(c: Context): boolean {
  return !isForPrograms(c.req.path) && c.req.header("accept")?.includes("text/html") === true;
}
