// An agent of your own under signed receipts: it asks to set a feature flag, a human decides on exactly that call, and the
// run ends as a bundle that `countersign-verify` calls valid. This file is HTTP and wiring; flag-run.ts is the run.
//
// In a project of its own it needs wrangler, which asks for Node 22, and beside `countersign` what it imports: @cloudflare/codemode
// with its peer `ai`. Here, from the root of the source:
//
//   npm run setup && cp .dev.vars examples/sign-your-connector/
//   npx wrangler dev --config examples/sign-your-connector/wrangler.toml
//   curl -X POST localhost:8787/run-1/start       # answers the proposal and the call that waits
//   curl -X POST "localhost:8787/run-1/approve?proposal=sha256:…"
//   curl localhost:8787/run-1/bundle > bundle.json && curl localhost:8787/run-1/trust > trust.json
import { DurableObject } from "cloudflare:workers";
import { createCodemodeRuntime, DynamicWorkerExecutor } from "@cloudflare/codemode";
import { FlagRun } from "./flag-run.ts";
import { FLAGS_AT_FIRST, type Flags, FlagsConnector, probe } from "./flags.ts";
import { SignedRun } from "./signed-run.ts";

export { CodemodeRuntime } from "@cloudflare/codemode";

export interface Env {
  readonly AGENT: DurableObjectNamespace<FlagAgent>;
  readonly LOADER: WorkerLoader;
  readonly AGENT_SIGNING_KEY: string;
  readonly HUMAN_SIGNING_KEY: string;
  readonly RUNTIME_SIGNING_KEY: string;
}

/** One run, and the flags that it is about. */
export class FlagAgent extends DurableObject<Env> {
  #opening: Promise<FlagRun> | null = null;

  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, name = "", what] = pathname.split("/");
    this.#opening ??= this.#open(name);
    const run = await this.#opening.catch((error: unknown) => `this run cannot go on: ${error}`);
    if (typeof run === "string") return Response.json({ detail: run }, { status: 500 });
    switch (`${request.method} ${what}`) {
      case "POST start":
        return answer(await run.start());
      case "POST approve":
        return answer(await run.decide(searchParams.get("proposal"), "approve"));
      case "POST reject":
        return answer(await run.decide(searchParams.get("proposal"), "reject"));
      case "GET bundle":
        return Response.json(run.signed.bundle());
      case "GET trust":
        return Response.json(run.signed.trustPolicy);
      default:
        return new Response("Not found", { status: 404 });
    }
  }

  async #open(name: string): Promise<FlagRun> {
    const { AGENT_SIGNING_KEY: agent, HUMAN_SIGNING_KEY: human, RUNTIME_SIGNING_KEY: runtime } = this.env;
    const { storage } = this.ctx;
    const signed = await SignedRun.open(name, "https://flags.example", storage, { agent, human, runtime });
    const flags = {
      read: () => storage.kv.get<Flags>("flags") ?? FLAGS_AT_FIRST,
      write: (next: Flags) => storage.kv.put("flags", next),
    };
    const connector = new FlagsConnector(this.ctx, {
      read: flags.read,
      probe: () => probe(flags.read()),
      set: (executionId, args) => run.set(executionId, args),
    });
    const executor = new DynamicWorkerExecutor({ loader: this.env.LOADER, globalOutbound: null });
    const scripts = createCodemodeRuntime({ ctx: this.ctx, executor, connectors: [connector] });
    const run = new FlagRun(signed, scripts, flags);
    return run;
  }
}

function answer(result: object | string): Response {
  return typeof result === "string"
    ? Response.json({ detail: result }, { status: 409 })
    : Response.json(result);
}

export default {
  fetch(request, env) {
    const [, run = ""] = new URL(request.url).pathname.split("/");
    return env.AGENT.getByName(run).fetch(request);
  },
} satisfies ExportedHandler<Env>;
