// `/mcp`: streamable HTTP. Origin and Host are checked first, for a page that a browser shows must not reach a local server
// through a name that it made point there (DNS rebinding).
import { createMcpHandler, originValidationResponse, validateHostHeader } from "@modelcontextprotocol/server";
import type { Context, Hono } from "hono";
import type { Env } from "../../run/env.ts";
import { logFailure } from "../../run/log.ts";
import { ownNames } from "../own-names.ts";
import { problem } from "../problem.ts";
import { actorOf } from "../reviewer/identity.ts";
import { createMcpServer } from "./server.ts";

/** Longest message accepted, in bytes: a bundle to verify fits. */
const MAX_MESSAGE = 4 * 1024 * 1024;

export function addMcp(app: Hono<{ Bindings: Env }>): void {
  app.all("/mcp", serveMcp);
}

async function serveMcp(c: Context<{ Bindings: Env }>): Promise<Response> {
  const request = c.req.raw;
  const hosts = ownNames(c.env);
  const { host } = new URL(request.url);
  const named = validateHostHeader(host, hosts);
  if (!named.ok) return problem({ code: "ERR_HOST", message: named.message }, c.req.path);
  const stranger = originValidationResponse(request, hosts);
  if (stranger) return stranger;
  const handler = createMcpHandler(() => createMcpServer({ c, env: c.env, caller: actorOf(c) }), {
    maxRequestBodySize: MAX_MESSAGE,
    onerror: (error) => logFailure("mcp_failed", error),
  });
  return handler.fetch(request);
}
