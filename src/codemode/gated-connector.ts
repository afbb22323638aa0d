// A plain connector behind the gate, by composition: whatever it is and however it marks its tools, only those that are free run
// without a human. A tool that appears later is gated, too. It is somebody else's code: none of its answers is waited for for ever.
import {
  CodemodeConnector,
  type ConnectorDescription,
  type ExecutionEndStatus,
  type PassEndStatus,
  type ToolExecuteContext,
} from "@cloudflare/codemode";
import type { PlainConnector } from "../domain/index.ts";
import type { CallGate } from "./call-gate.ts";

/** How long a plain connector may take, in milliseconds: to say what it offers (it is asked at each pass), and for a free call. */
export interface ConnectorPatience {
  readonly describe: number;
  readonly read: number;
}

export class GatedConnector extends CodemodeConnector<unknown> {
  /** The connector itself, for the engine: it calls an approved tool, and nobody else may. */
  readonly inner: PlainConnector;
  readonly #name: string;
  readonly #isFree: (connector: string, method: string) => boolean;
  readonly #gate: CallGate;
  readonly #patience: ConnectorPatience;
  /** What it said last: an MCP server that is down now must not keep an approval from going on. */
  #described: ConnectorDescription | null = null;
  #isLost = false;

  constructor(
    ctx: DurableObjectState,
    inner: PlainConnector,
    isFree: (connector: string, method: string) => boolean,
    gate: CallGate,
    patience: ConnectorPatience,
  ) {
    super(ctx, {});
    this.inner = inner;
    // Asked once: what is free goes by this name.
    this.#name = inner.name();
    this.#isFree = isFree;
    this.#gate = gate;
    this.#patience = patience;
  }

  /** Whether it could not be reached when it was asked last, and never before. */
  get isLost(): boolean {
    return this.#isLost;
  }

  override name(): string {
    return this.#name;
  }

  protected override tools(): never {
    throw new Error("a gated connector has no tools of its own");
  }

  override async describe(): Promise<ConnectorDescription> {
    try {
      const told = await this.#soon(this.#patience.describe, () => this.inner.describe());
      this.#described = this.#redescribe(told as ConnectorDescription);
      this.#isLost = false;
      return this.#described;
    } catch (error) {
      this.#isLost = this.#described === null;
      return (
        this.#described ?? {
          name: this.#name,
          descriptors: {},
          instructions: `not reachable: ${String(error)}`,
        }
      );
    }
  }

  /** Runs a free call; of a gated one, gives the result that the engine has, or refuses. */
  override async executeTool(method: string, args: unknown, context?: ToolExecuteContext): Promise<unknown> {
    if (this.#isFree(this.#name, method)) {
      return this.#soon(this.#patience.read, () => this.inner.executeTool(method, args, context));
    }
    return this.#gate.answer(this.#name, method, args, context?.executionId);
  }

  /** Nothing is undone behind the receipts' back. */
  override async revertAction(): Promise<boolean> {
    return false;
  }

  override onPassEnd(executionId: string, status: PassEndStatus): Promise<void> {
    return this.#soon(this.#patience.describe, () => this.inner.onPassEnd(executionId, status));
  }

  override disposeExecution(executionId: string, status: ExecutionEndStatus): Promise<void> {
    return this.#soon(this.#patience.describe, () => this.inner.disposeExecution(executionId, status));
  }

  override async getTypeScriptTypes(): Promise<string> {
    return String(await this.#soon(this.#patience.describe, () => this.inner.getTypeScriptTypes()));
  }

  /**
   * What it offers, with our marks in place of its own. A free call may not ask to be run again at each replay: Code Mode then keeps
   * no result of it, and there would be no evidence of what it answered.
   */
  #redescribe({ instructions, descriptors }: ConnectorDescription): ConnectorDescription {
    const gated = Object.keys(descriptors).filter((method) => !this.#isFree(this.#name, method));
    return {
      name: this.#name,
      ...(typeof instructions === "string" && { instructions }),
      descriptors,
      annotations: Object.fromEntries(gated.map((method) => [method, { requiresApproval: true }])),
    };
  }

  async #soon<Value>(ms: number, work: () => Promise<Value>): Promise<Value> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.#name} did not answer within ${ms / 1000} s`)), ms);
    });
    try {
      return await Promise.race([Promise.resolve().then(work), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
