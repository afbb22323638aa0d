// Code Mode's durable runtime, in the words that the run needs. One handle for all connectors of a run.
// It reports what the runtime holds and did; whether a call may happen is never decided here.
import {
  type CodemodeConnector,
  type CodemodeRuntimeHandle,
  createCodemodeRuntime,
  type PendingAction,
  type ProxyToolOutput,
} from "@cloudflare/codemode";
import { signedArguments } from "./call-gate.ts";
import { createSandbox } from "./sandbox.ts";

/** Code Mode's own name for its runtime, which is also what it calls the facet that holds the storage. */
const RUNTIME = "default";

/** A connector call that finished, as the durable log recorded it. */
export interface RecordedCall {
  readonly connector: string;
  readonly method: string;
  readonly args: unknown;
  readonly result: unknown;
}

/** How a pass over a script ended, with every finished connector call of the execution so far. */
export type Pass = {
  readonly executionId: string;
  readonly calls: readonly RecordedCall[];
} & (
  | { readonly status: "completed"; readonly result: unknown }
  | { readonly status: "paused"; readonly pending: PendingAction | null }
  | { readonly status: "error"; readonly error: string }
);

/** The runtime of one run's scripts. */
export class ScriptRuntime {
  readonly #ctx: DurableObjectState;
  readonly #handle: CodemodeRuntimeHandle;
  /**
   * The call at which an execution waits, as this instance has seen it; null when all have ended, undefined when only a look can
   * tell, as after a restart. Nobody else drives them.
   */
  #waiting: PendingAction | null | undefined;

  /**
   * @param timeoutMs asked for at each pass.
   * @param isFirst whether no script was ever run here before, by this instance or another.
   */
  constructor(
    ctx: DurableObjectState,
    loader: WorkerLoader,
    connectors: CodemodeConnector[],
    timeoutMs: () => number,
    isFirst = false,
  ) {
    this.#waiting = isFirst ? null : undefined;
    this.#ctx = ctx;
    const executor = createSandbox(loader, timeoutMs);
    this.#handle = createCodemodeRuntime({ ctx, executor, connectors, name: RUNTIME });
  }

  /** Deletes everything that Code Mode has ever stored for this run. */
  discard(): void {
    this.#ctx.facets.delete(`codemode:${RUNTIME}`);
  }

  /** Runs a script from its start until it ends, fails, or waits at a gated call. */
  async execute(code: string): Promise<Pass> {
    // A tool keeps what its connectors said of themselves when it was first used: a new one asks them again.
    return this.#watch(() => this.#handle.tool().execute({ code }, undefined));
  }

  /** Resumes a paused execution whose call was made: the gated connector gives the script its result. */
  async approve(executionId: string): Promise<Pass> {
    return this.#watch(() => this.#handle.approve({ executionId }));
  }

  /** Ends a paused execution without its call. False when it was no longer waiting. */
  reject(executionId: string, seq: number): Promise<boolean> {
    this.#waiting = undefined;
    return this.#handle.reject({ executionId, seq });
  }

  /** The call at which an execution waits, or null. Code Mode holds at most one at a time. */
  async pending(executionId: string): Promise<PendingAction | null> {
    if (this.#waiting === undefined) {
      const [pending] = await this.#handle.pending(executionId);
      return pending ? withArguments(pending) : null;
    }
    return this.#waiting?.executionId === executionId ? this.#waiting : null;
  }

  /**
   * Deletes every execution, unless all have ended: passes whose host died stay `running` for ever and can be neither resumed
   * nor approved. Call it only before a fresh script, when no receipt names an execution that is still to go on.
   */
  async forgetAll(): Promise<void> {
    if (this.#waiting === null) return;
    for (const { id } of await this.#handle.executions()) await this.#handle.deleteExecution(id);
    this.#waiting = null;
  }

  /** Deletes one execution: it is not resumed any more, whatever state its host left it in. */
  async forget(executionId: string): Promise<void> {
    await this.#handle.deleteExecution(executionId);
    if (this.#waiting?.executionId === executionId) this.#waiting = null;
  }

  async #watch(run: () => Promise<ProxyToolOutput>): Promise<Pass> {
    this.#waiting = undefined;
    const pass = toPass(await run());
    if (pass.status === "completed") this.#waiting = null;
    if (pass.status === "paused" && pass.pending) this.#waiting = pass.pending;
    return pass;
  }
}

function withArguments(pending: PendingAction): PendingAction {
  return { ...pending, args: signedArguments(pending.args) };
}

function toPass(output: ProxyToolOutput): Pass {
  const { executionId } = output;
  const calls = (output.calls ?? []).flatMap((entry) =>
    entry?.state === "applied" && !entry.connector.startsWith("__")
      ? [{ connector: entry.connector, method: entry.method, args: entry.args, result: entry.result }]
      : [],
  );
  switch (output.status) {
    case "completed":
      return { status: "completed", executionId, calls, result: output.result };
    case "paused": {
      const [pending] = output.pending;
      return { status: "paused", executionId, calls, pending: pending ? withArguments(pending) : null };
    }
    case "error":
      return { status: "error", executionId, calls, error: output.error };
  }
}
