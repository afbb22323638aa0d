// The calls of one pass over a script, on their way to the host: plain data, one at a time, so many and no more, and none once
// the pass is over. It never says whether a call may happen; Code Mode and the write gate do.
import type { ConnectorBinding, ResolvedProvider } from "@cloudflare/codemode";
import { canonicalize } from "../receipt/index.ts";

/** How much one pass may ask for. */
export interface CallLimits {
  readonly calls: number;
  readonly traffic: number;
  readonly question: number;
}

/** Code Mode's two halves of `codemode.step`: the first gives a place in the log, the second takes what belongs there. */
const STEP_DECIDE = "__stepDecide";
const STEP_RECORD = "__stepRecord";

export class ScriptCalls {
  readonly #limits: CallLimits;
  /** Places in the log at which this pass has begun a step that it has not recorded. */
  readonly #openSteps = new Set<unknown>();
  readonly #ended = Promise.withResolvers<string>();
  #last: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #traffic = 0;
  #closed = false;

  constructor(limits: CallLimits) {
    this.#limits = limits;
  }

  /** Resolves with the reason when the script has asked for too much: its pass is then over. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  /** A connector as the script may reach it. */
  guardConnector({ name, binding }: ConnectorBinding): ConnectorBinding {
    return {
      name,
      binding: {
        callTool: (method, args) =>
          this.#pass([method, args ?? null], () => {
            // Over RPC anything may come: a list of one name passes for that name, and Code Mode prints what it is not.
            if (typeof method !== "string" || !/^\w{1,64}$/.test(method)) {
              throw new Error(`${name}: expected the name of a method`);
            }
            return binding.callTool(method, args);
          }),
      },
    };
  }

  /** Code Mode's own functions as the script may reach them. */
  guardProvider(provider: ResolvedProvider): ResolvedProvider {
    const guarded = Object.entries(provider.fns).map(([name, fn]) => [
      name,
      (...args: unknown[]) => this.#pass(args, () => this.#ask(name, fn, args)),
    ]);
    return { ...provider, fns: Object.fromEntries(guarded) };
  }

  /** Ends the pass: calls that still wait are refused, and the one under way is waited for. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  async #ask(name: string, fn: (...args: unknown[]) => Promise<unknown>, args: unknown[]): Promise<unknown> {
    const [first] = args;
    if (name === STEP_RECORD) {
      // Without this, a script could put an answer of its own into the log in place of a connector's.
      if (!this.#openSteps.delete(first))
        throw new Error(`codemode.step: no step is open at ${String(first)}`);
      return fn(...args);
    }
    if (JSON.stringify(args).length > this.#limits.question) {
      throw new Error(`codemode.${name}: expected at most ${this.#limits.question} characters`);
    }
    const answer = await fn(...args);
    if (name === STEP_DECIDE && isStepDecision(answer) && answer.kind === "execute") {
      this.#openSteps.add(answer.seq);
    }
    return answer;
  }

  /**
   * Lets one call through when those before it are done. It counts from when it comes, for until its turn it is held whole. A call of
   * a pass that is over gets no answer: nothing waits for it.
   */
  async #pass(sent: readonly unknown[], work: () => Promise<unknown>): Promise<unknown> {
    this.#calls += 1;
    if (this.#calls > this.#limits.calls)
      this.#end(`expected at most ${this.#limits.calls} calls of one script`);
    if (!this.#closed) this.#count(sent);
    const done = this.#last.then(async () => (this.#closed ? null : { answer: await this.#carry(work) }));
    this.#last = done.catch(() => {});
    const carried = await done;
    return carried ? carried.answer : new Promise(() => {});
  }

  #count(sent: readonly unknown[]): void {
    this.#traffic += this.#spell(sent).length;
    if (this.#traffic <= this.#limits.traffic) return;
    const reason = `expected at most ${this.#limits.traffic} characters in all calls of one script`;
    this.#end(reason);
    throw new Error(reason);
  }

  async #carry(work: () => Promise<unknown>): Promise<unknown> {
    const answer = await work();
    this.#traffic += JSON.stringify(answer ?? null).length;
    return answer;
  }

  /** A script that sends anything but plain JSON is over, whatever it catches: a stub's properties would be calls into the sandbox. */
  #spell(sent: readonly unknown[]): string {
    try {
      return canonicalize(sent);
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  #end(reason: string): void {
    this.#closed = true;
    this.#ended.resolve(reason);
  }
}

function isStepDecision(answer: unknown): answer is { kind: string; seq: number } {
  return typeof answer === "object" && answer !== null && "kind" in answer && "seq" in answer;
}
