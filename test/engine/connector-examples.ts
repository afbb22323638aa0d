// The connectors that docs/gate-your-own.md shows, as they stand there. A test holds the page to this file and runs them.
import {
  type McpConnectionLike,
  McpConnector,
  OpenApiConnector,
  type OpenApiRequestOptions,
} from "@cloudflare/codemode";
import { toolSetConnector } from "@cloudflare/codemode/ai";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { tool } from "ai";
import * as z from "zod";
import { defineDomain } from "../../src/domain/index.ts";

export interface Env {
  readonly TRACKER_URL: string;
  readonly TRACKER_TOKEN: string;
  readonly FORGE_URL: string;
  readonly FORGE_TOKEN: string;
  readonly SHOP: { refund(order: string, cents: number): Promise<object> };
}

// region: MCP
// biome-ignore format: as the page shows it
export class Tracker extends McpConnector<Env> {
  override name() { return "tracker"; }
  protected override async createConnection() {
    const { TRACKER_URL, TRACKER_TOKEN } = this.env; // TRACKER_TOKEN is a secret: npx wrangler secret put TRACKER_TOKEN
    const requestInit = { headers: { authorization: `Bearer ${TRACKER_TOKEN}` } };
    const client = new Client({ name: "countersign", version: "1" });
    await client.connect(new StreamableHTTPClientTransport(new URL(TRACKER_URL), { requestInit }));
    return { client, tools: (await client.listTools()).tools } as McpConnectionLike;
  }
}
// end

const spec = {
  openapi: "3.1.0",
  info: { title: "forge", version: "1" },
  paths: {
    "/{repository}/head": {
      get: {
        operationId: "head",
        parameters: [{ name: "repository", in: "path", required: true, schema: { type: "string" } }],
        responses: { 200: { description: "ok" } },
      },
    },
    "/{repository}/merge": {
      post: {
        operationId: "merge",
        parameters: [{ name: "repository", in: "path", required: true, schema: { type: "string" } }],
        requestBody: {
          content: {
            "application/json": { schema: { type: "object", properties: { number: { type: "integer" } } } },
          },
        },
        responses: { 200: { description: "ok" } },
      },
    },
  },
};

// region: OpenAPI
// biome-ignore format: as the page shows it
export class Forge extends OpenApiConnector<Env> {
  override name() { return "forge"; }
  protected override spec() { return spec; } // the OpenAPI document
  protected override async request({ path, method = "GET", body }: OpenApiRequestOptions) {
    const headers = { authorization: `Bearer ${this.env.FORGE_TOKEN}`, "content-type": "application/json" };
    const answer = await fetch(new URL(`.${path}`, this.env.FORGE_URL), { method, headers, body: JSON.stringify(body) ?? null });
    if (!answer.ok) throw new Error(`the forge answered ${answer.status}`);
    return answer.json();
  }
}
// end

// region: tools
// biome-ignore format: as the page shows it
export const shop = (env: Env) => ({
  refund: tool({
    description: "Refunds a part of an order.",
    inputSchema: z.object({ order: z.string(), cents: z.int() }),
    execute: ({ order, cents }) => env.SHOP.refund(order, cents),
  }),
});
// end

// region: domain
// biome-ignore format: as the page shows it
export const plain = defineDomain<Env>({
  name: "plain connectors", rule: "A human approves whatever is not a read.", calls: [],
  connectors: ({ ctx, env }) => [new Tracker(ctx, env), new Forge(ctx, env), toolSetConnector(ctx, { name: "shop", tools: shop(env) })],
  free: [{ connector: "tracker", method: "list_issues" }, { connector: "forge", method: "head" }],
});
// end
