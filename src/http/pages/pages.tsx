// The page routes. What a page shows comes from src/view; what it asks of a run, from run-pages.tsx.
import type { Hono } from "hono";
import { DocsPage } from "../../view/docs-page.tsx";
import { EnrolPage } from "../../view/enrol-page.tsx";
import { VerifyPage } from "../../view/verify-page.tsx";
import type { Ctx, EdgeEnv } from "../edge-env.ts";
import { decidingOf } from "../reviewer/deciding.ts";
import { resource } from "../route.ts";
import { documentOf } from "../routes/routes.ts";
import { isRunName } from "../run-stub.ts";
import { showDesk } from "./desk.tsx";
import { htmlResponse } from "./html.ts";
import { showReceipt } from "./receipt-page.tsx";
import { backToRun, continueRun, decideOnRun, revertRun, showRun, startRun } from "./run-pages.tsx";
import { showSignIn, signIn, signOut } from "./sign-in.tsx";

/** Adds the pages that people look at. They work without script: every action is a form. */
export function addPages(app: Hono<{ Bindings: EdgeEnv }>): void {
  const home = async (c: Ctx) => c.redirect("/", 303);
  resource(app, "/sign-in", { GET: showSignIn, POST: signIn });
  // A link signs nobody out: where it was opened, one only goes on.
  resource(app, "/sign-out", { GET: home, POST: signOut });
  resource(app, "/", { GET: showDesk });
  resource(app, "/verify", { GET: showVerify });
  resource(app, "/docs", { GET: showDocs });
  resource(app, "/enrol", { GET: showEnrol });
  // Where a reload of a refused start leads.
  resource(app, "/runs", { GET: home, POST: startRun });
  resource(app, "/runs/:run", { GET: showRun });
  resource(app, "/runs/:run/receipts/:seq", { GET: showReceipt });
  resource(app, "/runs/:run/continue", { GET: backToRun, POST: continueRun });
  resource(app, "/runs/:run/revert", { GET: backToRun, POST: revertRun });
  resource(app, "/runs/:run/decision", { GET: backToRun, POST: decideOnRun });
}

/** The page is the same for everybody; only its command line names the run that the address names. */
function showVerify(c: Ctx): Promise<Response> {
  const run = c.req.query("run") ?? "";
  return htmlResponse(<VerifyPage origin={originOf(c)} run={isRunName(run) ? run : null} />);
}

function showDocs(c: Ctx): Promise<Response> {
  return htmlResponse(<DocsPage document={documentOf(c.req.url)} origin={originOf(c)} />);
}

function showEnrol(c: Ctx): Promise<Response> {
  return htmlResponse(<EnrolPage deciding={decidingOf(c)} origin={originOf(c)} />);
}

function originOf(c: Ctx): string {
  return new URL(c.req.url).origin;
}
