// The scripts of a run: its domain's connectors behind the gate, and Code Mode's runtime over them. Put together at first use, so
// that a domain whose connectors cannot be made fails the step that wants them, and no other.
import { CallGate } from "../codemode/call-gate.ts";
import { connectorNames, DomainConnector } from "../codemode/domain-connector.ts";
import { GatedConnector } from "../codemode/gated-connector.ts";
import { type Pass, ScriptRuntime } from "../codemode/script-runtime.ts";
import type { Domain, Measurement, PlainConnector } from "../domain/index.ts";
import { inTime, wordsOf } from "./in-time.ts";
import type { Patience } from "./patience.ts";
import type { Contents } from "./resources.ts";
import { withView } from "./resources.ts";
import { StepFailure } from "./step-failure.ts";
import { quote } from "./texts.ts";

/** What scripts need of the host. */
export interface ScriptHost {
  readonly ctx: DurableObjectState;
  readonly loader: WorkerLoader;
  readonly env: unknown;
  readonly domain: Domain<unknown>;
  readonly patience: Patience;
  readonly scriptTimeoutMs: () => number;
  /** Whether no script was ever run here before. */
  readonly isFirst: boolean;
  /** Whether the policy that the run stands under lets a call run without a human. */
  readonly isFree: (connector: string, method: string) => boolean;
  /** The resources as they are, for free reads. */
  readonly world: () => Promise<Contents>;
  readonly measure: (contents: Contents) => Promise<Measurement | null>;
}

/** A domain's connectors and the runtime over them. */
interface Assembled {
  readonly runtime: ScriptRuntime;
  readonly declared: readonly DomainConnector[];
  readonly gated: readonly GatedConnector[];
}

export class Scripts {
  readonly gate = new CallGate();
  readonly #host: ScriptHost;
  #assembled: Assembled | null = null;

  constructor(host: ScriptHost) {
    this.#host = host;
  }

  /**
   * Runs a script from its start until it ends, fails, or waits at a gated call. Forgets all that ran before.
   * @throws {StepFailure} for what is no script: nothing of it ran, and only its author can do anything about it.
   */
  async execute(code: string): Promise<Pass> {
    const { runtime } = this.#assemble();
    await runtime.forgetAll();
    const pass = await runtime.execute(code);
    const fault = pass.status === "error" ? syntaxFault(pass.error) : null;
    if (fault !== null) {
      throw new StepFailure(
        `The script is not JavaScript that can run: ${quote(fault)}. Expected one async () => { … }, without types, imports and further exports.`,
      );
    }
    return pass;
  }

  get runtime(): ScriptRuntime {
    return this.#assemble().runtime;
  }

  /** Makes the connectors anew where one was never reached: such a one may keep the connection that failed. */
  renew(): void {
    if (this.#assembled?.gated.some(({ isLost }) => isLost)) this.#assembled = null;
  }

  /** The connectors' TypeScript declarations, for a planner. One that does not answer says so in a comment. */
  async declarations(): Promise<string> {
    const told = this.#connectors().map((connector) =>
      connector.getTypeScriptTypes().catch((error) => `// ${connector.name()}: ${wordsOf(error)}`),
    );
    return (await Promise.all(told)).join("\n\n");
  }

  /** The gated calls that the connectors offer now, as `connector.method`. */
  async gated(): Promise<string[]> {
    const described = await Promise.all(this.#connectors().map((connector) => connector.describe()));
    return described.flatMap(({ name, descriptors, annotations }) =>
      Object.keys(descriptors)
        .filter((method) => annotations && Object.hasOwn(annotations, method))
        .map((method) => `${name}.${method}`),
    );
  }

  /** The plain connector of a name, as the domain made it; null for one that the domain declares. */
  plain(name: string): PlainConnector | null {
    return this.#assemble().gated.find((connector) => connector.name() === name)?.inner ?? null;
  }

  #connectors(): readonly (DomainConnector | GatedConnector)[] {
    const { declared, gated } = this.#assemble();
    return [...declared, ...gated];
  }

  #assemble(): Assembled {
    this.#assembled ??= this.#assembleAfresh();
    return this.#assembled;
  }

  #assembleAfresh(): Assembled {
    const { ctx, loader, env, domain, patience, scriptTimeoutMs, isFirst, isFree } = this.#host;
    const declared = connectorNames(domain).map(
      (name) => new DomainConnector(ctx, name, domain, (...call) => this.#read(...call), this.gate),
    );
    const plain: unknown = domain.connectors?.({ env, ctx: contextOf(ctx) }) ?? [];
    if (!Array.isArray(plain) || !plain.every(isConnector)) {
      throw new Error("expected the domain's connectors() to give Code Mode connectors");
    }
    const gated = plain.map((inner) => new GatedConnector(ctx, inner, isFree, this.gate, patience));
    const connectors = [...declared, ...gated];
    const names = connectors.map((connector) => connector.name());
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new Error(`the domain has two connectors of the name ${twice}`);
    const runtime = new ScriptRuntime(ctx, loader, connectors, scriptTimeoutMs, isFirst);
    return { runtime, declared, gated };
  }

  async #read(
    ...[connector, method, read, args]: Parameters<ConstructorParameters<typeof DomainConnector>[3]>
  ) {
    const { domain, env, patience, world, measure, isFree } = this.#host;
    if (!isFree(connector, method))
      throw new Error(`${connector}.${method} is not free in this run's policy`);
    const contents = await world();
    return inTime(`${connector}.${method}`, patience.read, (signal) =>
      withView(domain, contents, async (resources) =>
        read.run(args as Readonly<Record<string, string>>, {
          env,
          signal,
          resources,
          measure: () => measure(contents),
        }),
      ),
    );
  }
}

/** What keeps the sandbox from being loaded at all; what a script throws is told in other words. */
function syntaxFault(error: string): string | null {
  return /^Failed to start Worker:\s+Uncaught SyntaxError: (.*)/.exec(error)?.[1] ?? null;
}

/** What a connector's constructor asks for, and no way to the run's storage. */
function contextOf(ctx: DurableObjectState): ExecutionContext {
  return {
    waitUntil: (work: Promise<unknown>) => ctx.waitUntil(work),
    passThroughOnException: () => {},
    props: {},
  } as ExecutionContext;
}

function isConnector(value: unknown): value is PlainConnector {
  return (
    typeof value === "object" &&
    value !== null &&
    ["name", "describe", "executeTool"].every((name) => typeof Reflect.get(value, name) === "function")
  );
}
