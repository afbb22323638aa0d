// A plain connector behind the gate, by composition: whatever it is and however it marks its tools, only those that the domain
// lists as free run without a human. A tool that appears later is gated, too.
import {
  CodemodeConnector,
  type ConnectorDescription,
  type ExecutionEndStatus,
  type PassEndStatus,
  type ToolExecuteContext,
} from "@cloudflare/codemode";
import type { PlainConnector } from "../domain/index.ts";
import type { CallGate } from "./call-gate.ts";

/** Longest that a connector may take to say what it offers, in milliseconds. It is asked again at each approval. */
const DESCRIBE_WITHIN_MS = 10_000;

export class GatedConnector extends CodemodeConnector<unknown> {
  readonly #inner: PlainConnector;
  readonly #isFree: (method: string) => boolean;
  readonly #gate: CallGate;
  /** What it said last: an MCP server that is down now must not keep an approval from going on. */
  #described: ConnectorDescription | null = null;

  constructor(
    ctx: DurableObjectState,
    inner: PlainConnector,
    isFree: (method: string) => boolean,
    gate: CallGate,
  ) {
    super(ctx, {});
    this.#inner = inner;
    this.#isFree = isFree;
    this.#gate = gate;
  }

  override name(): string {
    return this.#inner.name();
  }

  protected override tools(): never {
    throw new Error("a gated connector has no tools of its own");
  }

  override async describe(): Promise<ConnectorDescription> {
    try {
      const told = (await soon(this.#inner.describe())) as ConnectorDescription;
      this.#described = { ...told, name: this.name(), annotations: this.#annotate(told) };
      return this.#described;
    } catch (error) {
      return (
        this.#described ?? {
          name: this.name(),
          descriptors: {},
          instructions: `not reachable: ${String(error)}`,
        }
      );
    }
  }

  /** Runs a free call; of a gated one, gives the result that the engine has, or refuses. */
  override async executeTool(method: string, args: unknown, context?: ToolExecuteContext): Promise<unknown> {
    if (this.#isFree(method)) return this.#inner.executeTool(method, args, context);
    return this.#gate.answer(this.name(), method, args, context?.executionId);
  }

  /** Nothing is undone behind the receipts' back. */
  override async revertAction(): Promise<boolean> {
    return false;
  }

  override onPassEnd(executionId: string, status: PassEndStatus): Promise<void> {
    return this.#inner.onPassEnd(executionId, status);
  }

  override disposeExecution(executionId: string, status: ExecutionEndStatus): Promise<void> {
    return this.#inner.disposeExecution(executionId, status);
  }

  override getTypeScriptTypes(): Promise<string> {
    return soon(this.#inner.getTypeScriptTypes());
  }

  #annotate({
    descriptors,
    annotations,
  }: ConnectorDescription): NonNullable<ConnectorDescription["annotations"]> {
    const replay = (method: string) => {
      const given =
        annotations && Object.hasOwn(annotations, method) ? annotations[method]?.replay : undefined;
      return given ? { replay: given } : {};
    };
    return Object.fromEntries(
      Object.keys(descriptors).map((method) => [
        method,
        this.#isFree(method) ? replay(method) : { requiresApproval: true },
      ]),
    );
  }
}

async function soon<Value>(work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${DESCRIBE_WITHIN_MS} ms`)),
      DESCRIBE_WITHIN_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
