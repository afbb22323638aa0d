// The scripts of a run: its domain's connectors behind the gate, and Code Mode's runtime over them. Put together at first use, so
// that a domain whose connectors cannot be made fails the step that wants them, and no other.
import { CallGate } from "../codemode/call-gate.ts";
import { connectorNames, DomainConnector } from "../codemode/domain-connector.ts";
import { GatedConnector } from "../codemode/gated-connector.ts";
import { type Pass, ScriptRuntime } from "../codemode/script-runtime.ts";
import { type Domain, freeCalls, type PlainConnector } from "../domain/index.ts";
import { inTime } from "./in-time.ts";
import type { Contents } from "./resources.ts";
import { withView } from "./resources.ts";
import type { Patience } from "./run-context.ts";

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
  /** The resources as they are, for free reads. */
  readonly world: () => Promise<Contents>;
}

/** A domain's connectors and the runtime over them. */
interface Assembled {
  readonly runtime: ScriptRuntime;
  readonly connectors: readonly (DomainConnector | GatedConnector)[];
  readonly plain: ReadonlyMap<string, PlainConnector>;
}

export class Scripts {
  readonly gate = new CallGate();
  readonly #host: ScriptHost;
  #assembled: Assembled | null = null;

  constructor(host: ScriptHost) {
    this.#host = host;
  }

  /** Runs a script from its start until it ends, fails, or waits at a gated call. Forgets all that ran before. */
  async execute(code: string): Promise<Pass> {
    const { runtime } = this.#assemble();
    await runtime.forgetAll();
    return runtime.execute(code);
  }

  get runtime(): ScriptRuntime {
    return this.#assemble().runtime;
  }

  /** The connectors' TypeScript declarations, for a planner. One that does not answer says so in a comment. */
  async declarations(): Promise<string> {
    const told = this.#assemble().connectors.map((connector) =>
      connector.getTypeScriptTypes().catch((error) => `// ${connector.name()}: ${String(error)}`),
    );
    return (await Promise.all(told)).join("\n\n");
  }

  /** The gated calls that the connectors offer now, as `connector.method`. */
  async gated(): Promise<string[]> {
    const described = await Promise.all(this.#assemble().connectors.map((connector) => connector.describe()));
    return described.flatMap(({ name, descriptors, annotations }) =>
      Object.keys(descriptors)
        .filter((method) => annotations?.[method]?.requiresApproval)
        .map((method) => `${name}.${method}`),
    );
  }

  /** The plain connector of a name, as the domain made it; null for one that the domain declares. */
  plain(name: string): PlainConnector | null {
    return this.#assemble().plain.get(name) ?? null;
  }

  #assemble(): Assembled {
    this.#assembled ??= this.#assembleAfresh();
    return this.#assembled;
  }

  #assembleAfresh(): Assembled {
    const { ctx, loader, env, domain, scriptTimeoutMs, isFirst } = this.#host;
    const declared = connectorNames(domain).map(
      (name) => new DomainConnector(ctx, name, domain, (...call) => this.#read(...call), this.gate),
    );
    const plain = domain.connectors?.({ env }) ?? [];
    const free = freeCalls(domain);
    const gated = plain.map((inner) => {
      const isFree = (method: string) =>
        free.some((call) => call.connector === inner.name() && call.method === method);
      return new GatedConnector(ctx, inner, isFree, this.gate);
    });
    const connectors = [...declared, ...gated];
    const names = connectors.map((connector) => connector.name());
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new Error(`the domain has two connectors of the name ${twice}`);
    const runtime = new ScriptRuntime(ctx, loader, connectors, scriptTimeoutMs, isFirst);
    return { runtime, connectors, plain: new Map(plain.map((inner) => [inner.name(), inner])) };
  }

  async #read(
    ...[connector, method, read, args]: Parameters<ConstructorParameters<typeof DomainConnector>[3]>
  ) {
    const { domain, env, patience, world } = this.#host;
    const contents = await world();
    return inTime(`${connector}.${method}`, patience.read, (signal) =>
      withView(domain, contents, async (resources) =>
        read.run(args as Readonly<Record<string, string>>, { env, signal, resources }),
      ),
    );
  }
}
