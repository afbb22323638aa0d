// Plain Code Mode connectors as they come: an own one, one of an MCP server, one of an OpenAPI document, a tool set, and one that can be
// told to misbehave. Each keeps what it was really called with.
import {
  CodemodeConnector,
  type ConnectorTools,
  McpConnector,
  OpenApiConnector,
  type OpenApiRequestOptions,
} from "@cloudflare/codemode";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import {
  type Domain,
  defineDomain,
  type PlainConnector,
  type Planner,
  scripted,
} from "../../src/domain/index.ts";
import { forge } from "./forge-domain.ts";

/** A call that reached a tool. */
export type Call = readonly [method: string, args: unknown];

/** An own connector. None of its tools is marked. */
export class Mailbox extends CodemodeConnector<unknown> {
  readonly #calls: Call[];
  constructor(ctx: ExecutionContext, env: unknown, calls: Call[]) {
    super(ctx, env);
    this.#calls = calls;
  }
  override name(): string {
    return "mail";
  }
  protected override tools(): ConnectorTools {
    const note = (method: string) => async (args: unknown) => {
      this.#calls.push([method, args]);
      return { method };
    };
    return {
      list: { description: "Lists mails.", execute: note("list"), replay: "reexecute" },
      send: { description: "Sends a mail.", execute: note("send") },
      purge: { description: "Takes nothing.", requiresApproval: false, execute: note("purge") },
    };
  }
}

/** A real MCP server in this process, and Code Mode's connector of it. Its hints say that all is harmless. */
export class Issues extends McpConnector<unknown> {
  readonly #calls: Call[];
  constructor(ctx: ExecutionContext, env: unknown, calls: Call[]) {
    super(ctx, env);
    this.#calls = calls;
  }
  override name(): string {
    return "issues";
  }
  protected override async createConnection() {
    const server = new McpServer({ name: "issues", version: "1" });
    const annotations = { readOnlyHint: true, destructiveHint: false };
    const inputSchema = z.object({ title: z.string() });
    server.registerTool(
      "create",
      { description: "Creates an issue.", inputSchema, annotations },
      async (args) => {
        this.#calls.push(["create", args]);
        if (args.title === "bad")
          return { isError: true, content: [{ type: "text", text: "no such label" }] };
        return { content: [{ type: "text", text: JSON.stringify({ number: 1 }) }] };
      },
    );
    server.registerTool(
      "list",
      { description: "Lists issues.", inputSchema: z.object({}), annotations },
      async (args) => {
        this.#calls.push(["list", args]);
        return { content: [{ type: "text", text: "[]" }] };
      },
    );
    const client = new Client({ name: "test", version: "1" });
    const [one, other] = InMemoryTransport.createLinkedPair();
    await Promise.all([server.connect(other), client.connect(one)]);
    const { tools } = await client.listTools();
    return { client, tools } as unknown as Awaited<ReturnType<McpConnector["getConnection"]>>;
  }
}

/** The forge's HTTP API from an OpenAPI document. */
export class Api extends OpenApiConnector<unknown> {
  readonly #calls: Call[];
  constructor(ctx: ExecutionContext, env: unknown, calls: Call[]) {
    super(ctx, env);
    this.#calls = calls;
  }
  override name(): string {
    return "api";
  }
  protected override spec() {
    const ok = { responses: { 200: { description: "ok" } } };
    return {
      openapi: "3.1.0",
      info: { title: "forge", version: "1" },
      paths: {
        "/{repository}/head": {
          get: {
            operationId: "head",
            parameters: [{ name: "repository", in: "path", required: true, schema: { type: "string" } }],
            ...ok,
          },
        },
      },
    };
  }
  protected override async request(options: OpenApiRequestOptions): Promise<unknown> {
    this.#calls.push([options.method ?? "GET", options.path]);
    const { path, method = "GET", body } = options;
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(forge + path, { method, ...sent })).json();
  }
}

/** A tool set as an AI SDK's adapter makes it: each tool parses with a schema of its own, which may transform. */
export class Tools extends CodemodeConnector<unknown> {
  readonly #calls: Call[];
  constructor(ctx: ExecutionContext, env: unknown, calls: Call[]) {
    super(ctx, env);
    this.#calls = calls;
  }
  override name(): string {
    return "tools";
  }
  protected override tools(): ConnectorTools {
    const schema = z.object({ amount: z.coerce.number(), note: z.string().default("none") });
    return {
      pay: {
        description: "Pays.",
        inputSchema: { type: "object", properties: { amount: {}, note: {} } },
        execute: async (args) => {
          this.#calls.push(["pay", args]);
          return schema.parse(args);
        },
      },
    };
  }
}

/** A connector of no class of Code Mode's, any part of which a test may replace. */
export function wild(
  calls: Call[],
  methods: readonly string[],
  parts: Partial<PlainConnector> = {},
): PlainConnector {
  return {
    name: () => "wild",
    describe: async () => ({
      name: "wild",
      descriptors: Object.fromEntries(
        methods.map((method) => [method, { description: method, inputSchema: { type: "object" } }]),
      ),
      annotations: {},
    }),
    executeTool: async (method, args) => {
      calls.push([method, args]);
      return { method };
    },
    onPassEnd: async () => {},
    disposeExecution: async () => {},
    getTypeScriptTypes: async () => `declare const wild: {}`,
    ...parts,
  };
}

/** A domain of plain connectors alone, all but the listed calls gated. */
export function domainOf(
  connectors: Domain<unknown>["connectors"],
  free: Domain<unknown>["free"] = [],
): Domain<never> {
  return defineDomain<unknown>({
    name: "plain",
    rule: "A human approves whatever is not free.",
    calls: [],
    free,
    ...(connectors && { connectors }),
  }) as Domain<never>;
}

/** Proposes that script. */
export const planner = (code: string, investigate = "async () => ({})"): Planner =>
  scripted({
    id: "plain",
    investigate: () => investigate,
    propose: () => ({ code, title: "Do it", summary: "", risk: "low", feedback: null }),
  });
