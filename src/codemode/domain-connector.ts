// What a domain declares, as Code Mode connectors: free reads that run, and gated calls that pause and then ask the gate.
import { CodemodeConnector, type ConnectorTool, type ConnectorTools } from "@cloudflare/codemode";
import * as z from "zod";
import type { AnyGatedCall, Domain, Read } from "../domain/index.ts";
import type { CallGate } from "./call-gate.ts";

/** Runs a free read with arguments that were checked. */
export type RunRead = (
  connector: string,
  method: string,
  read: Read<unknown>,
  args: unknown,
) => Promise<unknown>;

const texts = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string"),
  "expected an object of texts",
);

/** One connector of a domain: its reads and its gated calls under one name. */
export class DomainConnector extends CodemodeConnector<unknown> {
  readonly #name: string;
  readonly #reads: Readonly<Record<string, Read<unknown>>>;
  readonly #calls: readonly AnyGatedCall<unknown>[];
  readonly #run: RunRead;
  readonly #gate: CallGate;

  constructor(
    ctx: DurableObjectState,
    name: string,
    { reads, calls }: Pick<Domain<unknown>, "reads" | "calls">,
    run: RunRead,
    gate: CallGate,
  ) {
    // Connectors get no bindings: what they may reach is handed to them one function at a time.
    super(ctx, {});
    this.#name = name;
    this.#reads = reads?.[name] ?? {};
    this.#calls = calls.filter(({ connector }) => connector === name);
    this.#run = run;
    this.#gate = gate;
  }

  override name(): string {
    return this.#name;
  }

  protected override tools(): ConnectorTools {
    const reads = Object.entries(this.#reads).map(
      ([method, read]) => [method, this.#readTool(method, read)] as const,
    );
    const calls = this.#calls.map((call) => [call.method, this.#callTool(call)] as const);
    return Object.fromEntries([...reads, ...calls]);
  }

  #readTool(method: string, read: Read<unknown>): ConnectorTool {
    const schema = read.args ?? texts;
    return {
      description: read.description,
      inputSchema: read.args
        ? jsonSchema(read.args)
        : { type: "object", additionalProperties: { type: "string" } },
      execute: (args) => {
        const parsed = schema.safeParse(args ?? {});
        if (!parsed.success) throw new Error(argumentFault(`${this.#name}.${method}`, parsed.error));
        return this.#run(this.#name, method, read, args ?? {});
      },
    };
  }

  #callTool({ method, description, args }: AnyGatedCall<unknown>): ConnectorTool {
    return {
      description: `${description} A human approves the exact call first.`,
      inputSchema: jsonSchema(args),
      requiresApproval: true,
      execute: (given, context) => this.#gate.answer(this.#name, method, given, context?.executionId),
    };
  }
}

/** The names of the connectors that a domain's reads and calls make up. */
export function connectorNames({
  reads,
  calls,
}: Pick<Domain<unknown>, "reads" | "calls">): readonly string[] {
  return [...new Set([...Object.keys(reads ?? {}), ...calls.map(({ connector }) => connector)])];
}

/** What is wrong with a script's arguments, as an error may quote it: Code Mode prints errors to the log, one line each. */
export function argumentFault(call: string, error: z.ZodError): string {
  const issue = error.issues[0];
  const place = issue?.path.map(String).join(".") || "arguments";
  return `${call}: ${place}: ${issue?.message ?? "do not fit"}`
    .slice(0, 600)
    .replace(/[\p{Cc}\u2028\u2029]/gu, " ");
}

function jsonSchema(schema: z.ZodType): NonNullable<ConnectorTool["inputSchema"]> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    unrepresentable: "any",
    io: "input",
    target: "draft-7",
  });
  // JSON Schema of draft 7 is what both name it; only their types differ.
  return rest as NonNullable<ConnectorTool["inputSchema"]>;
}
