// The page routes. What a page shows comes from src/view; what it asks of a run, from run-pages.tsx.
import type { Hono } from "hono";
import type { Env } from "../run/env.ts";
import { showDesk } from "./desk.tsx";
import { showReceipt } from "./receipt-page.tsx";
import { resource } from "./resource.ts";
import { backToRun, continueRun, decideOnRun, showRun, startRun } from "./run-pages.tsx";
import { showVerify } from "./verify-page.tsx";

/** Adds the pages that people look at. They work without script: every action is a form. */
export function addPages(app: Hono<{ Bindings: Env }>): void {
  resource(app, "/", { GET: showDesk });
  resource(app, "/verify", { GET: showVerify });
  // Where a reload of a refused start leads.
  resource(app, "/runs", { GET: async (c) => c.redirect("/", 303), POST: startRun });
  resource(app, "/runs/:run", { GET: showRun });
  resource(app, "/runs/:run/receipts/:seq", { GET: showReceipt });
  resource(app, "/runs/:run/continue", { GET: backToRun, POST: continueRun });
  resource(app, "/runs/:run/decision", { GET: backToRun, POST: decideOnRun });
}
