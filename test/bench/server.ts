// The Worker that the benchmark loads: (a) the product as it is, and beside it (b) the bare run, over the same HTTP.
// Served by `wrangler dev`, never deployed.

import type { CheckoutEnv } from "../../src/checkout/domain.ts";
import type { AlertBrief } from "../../src/domain/index.ts";
import type { RunEnv } from "../../src/host/index.ts";
import product, { CheckoutRun as Run } from "../../src/index.ts";
import type { BareRunDurableObject } from "./bare-run.ts";
import { benchPlanner } from "./bench-planner.ts";
import { answerList, type LongIndex } from "./long-index.ts";

// Wrangler's debugger sends each line from process to process and prints it, which takes longer than to sign a receipt.
console.log = () => {};

declare const gc: () => void;

export { CodemodeRuntime, LogDurableObject } from "../../src/index.ts";
export { BareRunDurableObject } from "./bare-run.ts";
export { LongIndex as RunIndex } from "./long-index.ts";

/** The product's run, whose planner also knows the benchmark's long script, and which says how much it stores. */
export class CheckoutRun extends Run {
  override planner = benchPlanner;

  /** Bytes of this run's own database. */
  async storedBytes(): Promise<number> {
    return this.ctx.storage.sql.databaseSize;
  }
}

interface BenchEnv extends RunEnv, CheckoutEnv {
  readonly RUN: DurableObjectNamespace<CheckoutRun>;
  readonly INDEX: DurableObjectNamespace<LongIndex>;
  readonly BARE: DurableObjectNamespace<BareRunDurableObject>;
}

export default {
  async fetch(request: Request, env: BenchEnv, ctx: ExecutionContext): Promise<Response> {
    const [, side, run = "", what] = new URL(request.url).pathname.split("/");
    if (side === "collect-garbage") return Response.json(gc() ?? null);
    if (side === "list") return answerList(env.INDEX.getByName("runs"), await request.json());
    if (side === "stored") return Response.json(await env.RUN.getByName(run).storedBytes());
    if (side !== "bare") return product.fetch(request, env, ctx);
    const bare = env.BARE.getByName(run);
    if (what === "stored") return Response.json(await bare.storedBytes());
    if (what === "approve") return Response.json(await bare.approve());
    return Response.json(await bare.start(await request.json<AlertBrief>()));
  },
};
