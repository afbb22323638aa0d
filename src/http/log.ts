// The deployment's log over HTTP, where c2sp.org/tlog-tiles has it: below /log. Public wherever it is kept: what outsiders cannot read,
// they cannot watch.
import type { Hono } from "hono";
import { logOf } from "../host/index.ts";
import { fail } from "./ask-run.ts";
import type { Ctx, EdgeEnv } from "./edge-env.ts";
import { resource } from "./route.ts";

/** Adds the log's paths. */
export function addLog(app: Hono<{ Bindings: EdgeEnv }>): void {
  resource(app, "/log/checkpoint", { GET: getCheckpoint });
  resource(app, "/log/tile/*", { GET: getTile });
}

async function getCheckpoint(c: Ctx): Promise<Response> {
  const log = logOf(c.env);
  if (!log) return noLog(c);
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache" };
  return new Response(await log.checkpoint(), { headers });
}

async function getTile(c: Ctx): Promise<Response> {
  const log = logOf(c.env);
  if (!log) return noLog(c);
  const tile = await log.tile(c.req.path.slice("/log/".length));
  if (!tile) return fail(c, { code: "ERR_NOT_FOUND", message: `the log has nothing at ${c.req.path}` });
  // What stands at a place of a log never changes.
  const headers = {
    "content-type": "application/octet-stream",
    "cache-control": "public, max-age=31536000, immutable",
  };
  return new Response(new Uint8Array(tile), { headers });
}

function noLog(c: Ctx): Response {
  return fail(c, { code: "ERR_NOT_FOUND", message: "this deployment keeps no log" });
}
