// `/mcp`: streamable HTTP. Origin and Host are checked first, for a page that a browser shows must not reach a local server
// through a name that it made point there (DNS rebinding).
import {
  createMcpHandler,
  isJsonContentType,
  originValidationResponse,
  validateHostHeader,
} from "@modelcontextprotocol/server";
import type { Hono } from "hono";
import { logFailure } from "../../host/index.ts";
import type { Ctx, EdgeEnv } from "../edge-env.ts";
import { ownNames } from "../own-names.ts";
import { problem } from "../problem.ts";
import { hasProto } from "../read-body.ts";
import { actorOf } from "../reviewer/identity.ts";
import { MAX_MESSAGE, readMessage } from "./message.ts";
import { createMcpServer } from "./server.ts";

export function addMcp(app: Hono<{ Bindings: EdgeEnv }>): void {
  app.all("/mcp", serveMcp);
}

async function serveMcp(c: Ctx): Promise<Response> {
  const request = c.req.raw;
  const hosts = ownNames(c.env);
  const { host } = new URL(request.url);
  const named = validateHostHeader(host, hosts);
  if (!named.ok) return problem({ code: "ERR_HOST", message: named.message }, c.req.path);
  const stranger = originValidationResponse(request, hosts);
  if (stranger) return stranger;
  const isMessage = request.method === "POST" && isJsonContentType(request.headers.get("content-type"));
  const message = isMessage ? await readMessage(request) : null;
  if (message && !message.ok) return message.answer;
  const context = { c, env: c.env, caller: actorOf(c), hidesMember: hasProto(message?.value) };
  const reported: Error[] = [];
  const handler = createMcpHandler(() => createMcpServer(context), {
    maxRequestBodySize: MAX_MESSAGE,
    onerror: (error) => reported.push(error),
  });
  const answer = await handler.fetch(request, message ? { parsedBody: message.value } : {});
  // The library reports what clients do wrong as well; that is theirs to read in the answer, and none of our failures.
  if (answer.status >= 500) for (const error of reported) logFailure("mcp_failed", error);
  return answer;
}
