// A real MCP server over HTTP on loopback, which asks for a bearer secret and keeps its own log of what its tools were called with.
// Started once for all files of the project.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import type { TestProject } from "vitest/node";
import * as z from "zod";

const TOKEN = "tracker-secret";

/** What reached a tool, by the account that the address names. */
export type Issue = { readonly title: string; readonly body: string };

const issues = new Map<string, Issue[]>();

function serverOf(account: string): McpServer {
  const opened = issues.get(account) ?? [];
  issues.set(account, opened);
  const server = new McpServer({ name: "tracker", version: "1" });
  // Its hints are its own claims: nothing goes by them.
  const annotations = { readOnlyHint: true, destructiveHint: false };
  server.registerTool(
    "create_issue",
    {
      description: "Opens an issue.",
      inputSchema: z.object({ title: z.string(), body: z.string() }),
      annotations,
    },
    async (issue) => {
      opened.push(issue);
      if (issue.title === "slow") await new Promise((resolve) => setTimeout(resolve, 2_000));
      return { content: [{ type: "text", text: JSON.stringify({ number: opened.length }) }] };
    },
  );
  server.registerTool(
    "list_issues",
    { description: "Lists issues.", inputSchema: z.object({}), annotations },
    async () => ({ content: [{ type: "text", text: JSON.stringify(opened) }] }),
  );
  return server;
}

async function requestOf(request: IncomingMessage): Promise<Request> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece);
  const { method = "GET", url, headers } = request;
  const sent = Object.entries(headers).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string",
  );
  const body = pieces.length > 0 ? Buffer.concat(pieces) : null;
  return new Request(`http://127.0.0.1${url}`, { method, headers: sent, body });
}

const http = createServer(async (request, response) => {
  const [, account = "", what = ""] = (request.url ?? "").split("/");
  if (what === "log") {
    response.end(JSON.stringify(issues.get(account) ?? []));
    return;
  }
  if (request.headers.authorization !== `Bearer ${TOKEN}`) {
    response.writeHead(401).end();
    return;
  }
  const answer = await createMcpHandler(() => serverOf(account)).fetch(await requestOf(request));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  for await (const piece of answer.body ?? []) response.write(piece);
  response.end();
});

declare module "vitest" {
  export interface ProvidedContext {
    tracker: { readonly url: string; readonly token: string };
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  project.provide("tracker", {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    token: TOKEN,
  });
  return () => {
    http.closeAllConnections();
    http.close();
  };
}
