// The Worker's HTTP edge: API, pages and well-known documents, with one place for what goes wrong.
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { Env } from "../run/env.ts";
import { addApi } from "./api.ts";
import { addPages, notFoundPage } from "./pages.tsx";
import { problem } from "./problem.ts";
import { addWellKnown } from "./well-known.ts";

export const app = new Hono<{ Bindings: Env }>();

// Artifacts are bytes that somebody else wrote: whatever they are, a browser may only show them. Set last, so it stands.
app.use("/api/runs/:run/artifacts/:digest", async (c, next) => {
  await next();
  c.res.headers.set("content-security-policy", "default-src 'none'; sandbox");
});

app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
  }),
);

addApi(app);
addWellKnown(app);
addPages(app);

app.notFound((c) => {
  if (c.req.header("accept")?.includes("text/html")) return notFoundPage(c);
  return problem({ code: "ERR_NOT_FOUND", message: `there is nothing at ${c.req.path}` }, c.req.path);
});

app.onError((error, c) => {
  // A Durable Object that was reset or is overloaded is worth another try; anything else is a defect of ours.
  const retryable = "retryable" in error && error.retryable === true;
  console.error(JSON.stringify({ event: "request_failed", path: c.req.path, error: String(error) }));
  return retryable
    ? problem({ code: "ERR_UNAVAILABLE", message: "the run is restarting; try again" }, c.req.path, {
        "retry-after": "1",
      })
    : problem(
        {
          code: "ERR_INTERNAL",
          message: "something went wrong on our side; the run's receipts are unharmed",
        },
        c.req.path,
      );
});
