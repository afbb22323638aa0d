// The port: all that a user of this writes. A domain never signs and never decides, and cannot forget the gate.
import type * as z from "zod";
import type { AnyGatedCall, Call, CallContext } from "./call.ts";
import type { Json } from "./json.ts";
import type { Resources } from "./resources.ts";

/** What a measurement counted. `failed` is at most `total`; names differ and have 1 to 100 characters. */
export interface Check {
  readonly name: string;
  readonly total: number;
  readonly failed: number;
}

/** What was measured: the counts that are signed, and details for whoever looks closer. */
export interface Measurement {
  readonly checks: readonly Check[];
  readonly report: Json;
}

/** What a free read gets: bindings, a signal, and a view of the resources as they are. */
export interface ReadContext<Env> extends CallContext<Env> {
  readonly resources: Resources;
}

/** What a read of a script gets besides: what {@link Domain.measure} says of these resources. Equal ones of a `pure` domain are measured once. */
export interface ScriptReadContext<Env> extends ReadContext<Env> {
  measure(): Promise<Measurement | null>;
}

/** A read that scripts make without a human. Its arguments are an object of texts, unless it was declared with {@link read}. */
export interface Read<Env> {
  readonly description: string;
  readonly args?: z.ZodType;
  run(args: Readonly<Record<string, string>>, context: ScriptReadContext<Env>): unknown;
}

/**
 * Declares a read with arguments of any form.
 * @example
 * const page = read({
 *   description: "A page of orders.", args: z.strictObject({ page: z.int() }),
 *   run: ({ page }, { env }) => env.DB.prepare("SELECT * FROM orders LIMIT 20 OFFSET ?").bind(page * 20).all(),
 * });
 */
export function read<Args, Env = Cloudflare.Env>(declared: {
  readonly description: string;
  readonly args: z.ZodType<Args>;
  run(args: Args, context: ScriptReadContext<Env>): unknown;
}): Read<Env> {
  const { description, args } = declared;
  return { description, args, run: (given, context) => declared.run(args.parse(given), context) };
}

/** A Code Mode connector as it comes: an own one, `McpConnector`, `OpenApiConnector`. The shape of `CodemodeConnector`. */
export interface PlainConnector {
  name(): string;
  describe(): Promise<{
    readonly name: string;
    readonly instructions?: string;
    readonly descriptors: object;
    readonly annotations?: object;
  }>;
  executeTool(method: string, args: unknown, context?: { executionId: string }): Promise<unknown>;
  onPassEnd(
    executionId: string,
    status: "completed" | "error" | "rejected" | "rolled_back" | "paused",
  ): Promise<void>;
  disposeExecution(
    executionId: string,
    status: "completed" | "error" | "rejected" | "rolled_back",
  ): Promise<void>;
  getTypeScriptTypes(): Promise<string>;
}

/** What plain connectors are constructed with: `new GitHub(ctx, env)`. `ctx` reaches nothing of the run. */
export interface ConnectorContext<Env> {
  readonly env: Env;
  readonly ctx: ExecutionContext;
}

/** What an agent changes, and what a human needs to see of it. */
export interface Domain<Env> {
  /** 1 to 100 characters; signed into every chain. */
  readonly name: string;
  /** The rule in a sentence, for people. */
  readonly rule: string;
  readonly calls: readonly AnyGatedCall<Env>[];
  /** Prefixes of the resources that hold JSON values; all others hold texts. */
  readonly json?: readonly string[];
  /** The run's own resources, as a run finds them. */
  readonly resources?: Readonly<Record<string, Json>>;
  /** Resources of the outside that measurements look at. */
  readonly watch?: readonly string[];
  /** What stands at a resource of the outside; null where nothing does. */
  read?(resource: string, context: CallContext<Env>): Promise<unknown> | unknown;
  /** Free calls, by connector and method. */
  readonly reads?: Readonly<Record<string, Readonly<Record<string, Read<Env>>>>>;
  /**
   * Plain connectors, constructed anew for each run. Whatever of theirs is not in {@link free} is gated. What a tool's own schema makes
   * of its arguments is the tool's: approved is what was sent.
   */
  connectors?(context: ConnectorContext<Env>): readonly PlainConnector[];
  /** The calls of plain connectors that run without a human. */
  readonly free?: readonly { readonly connector: string; readonly method: string }[];
  /** Measures the state of things in a view. Null where nothing can be said. */
  measure?(context: ReadContext<Env>): Promise<Measurement | null> | Measurement | null;
  /** True when {@link measure} is a function of its view alone. */
  readonly pure?: boolean;
  /** One plain line for a call that ran ("Read 7 source files"). */
  describe?(call: Call & { readonly result: Json }): string | null;
  /** Feedback that the page offers as chips. */
  readonly suggestions?: readonly string[];
}

/**
 * Defines a domain. `Env` is the Worker's bindings.
 * @throws {TypeError} when a call stands twice, is free and gated at once, has a name that no script can write, or effects that
 *   nothing can look at.
 * @example
 * const flags = defineDomain<Env>({
 *   name: "flags", rule: "A human approves every change of a flag.", calls: [setFlag],
 *   json: ["flag:"], read: (resource, { env }) => env.FLAGS.get(resource.slice(5), "json"),
 * });
 */
export function defineDomain<Env = Cloudflare.Env>(domain: Domain<Env>): Domain<Env> {
  const names = [...domain.calls, ...freeCalls(domain)].map(
    ({ connector, method }) => `${connector}.${method}`,
  );
  const odd = names.find((name) => !/^[A-Za-z_]\w{0,63}\.[A-Za-z_]\w{0,63}$/.test(name));
  if (odd !== undefined) {
    throw new TypeError(
      `${domain.name}: expected connector and method to be names that a script can write, got ${odd}`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw new TypeError(`${domain.name}: expected each call once, got ${twice} twice`);
  const unread = domain.calls.find(
    ({ remote, effects }) => remote && !domain.read && effects.some(({ before }) => before !== "unknown"),
  );
  if (unread) {
    throw new TypeError(
      `${domain.name}: ${unread.connector}.${unread.method} has a before to look at: expected read(), or "unknown"`,
    );
  }
  return domain;
}

/** Every call of a domain that needs no human. */
export function freeCalls(domain: Pick<Domain<never>, "reads" | "free">): readonly {
  readonly connector: string;
  readonly method: string;
}[] {
  const reads = Object.entries(domain.reads ?? {}).flatMap(([connector, methods]) =>
    Object.keys(methods).map((method) => ({ connector, method })),
  );
  return [...reads, ...(domain.free ?? [])];
}
