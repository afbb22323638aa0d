// The run without receipts: the same domain, planner, scripts, sandbox, probes and writes as the product's run, and nothing of what
// makes them checkable. It keeps one row about itself, so that a human may take their time; it signs, links, verifies, fences,
// reports and recovers nothing. What it costs is what the work costs.
import { DurableObject } from "cloudflare:workers";
import * as z from "zod";
import { type CheckoutEnv, checkout } from "../../src/checkout/domain.ts";
import { digestOfText, FILE, filesOf } from "../../src/checkout/repository.ts";
import { runProbe } from "../../src/checkout/run-probe.ts";
import { CallGate } from "../../src/codemode/call-gate.ts";
import { connectorNames, DomainConnector } from "../../src/codemode/domain-connector.ts";
import { type Pass, ScriptRuntime } from "../../src/codemode/script-runtime.ts";
import type { AlertBrief, Json, Measurement, PlannerAnswer, Situation } from "../../src/domain/index.ts";
import { ResourceView } from "../../src/engine/resources.ts";
import { BareResources } from "./bare-resources.ts";
import { benchPlanner } from "./bench-planner.ts";

/** Longest pass of a script, in milliseconds: the product's. */
const SCRIPT_TIMEOUT_MS = 20_000;

const writeSchema = z.object({ path: z.string(), content: z.string(), before: z.string().nullable() });
const pendingSchema = z.object({ executionId: z.string(), seq: z.number(), args: writeSchema });

/** What a client is told: whether a call waits for its approval, or what came of the run. */
export interface BareView {
  readonly pending: z.infer<typeof pendingSchema> | null;
  /** The last measurement's checks. */
  readonly outcome: Measurement["checks"] | null;
}

/** Lets every call that was resumed go on. What it answers is what the product's calls answer. */
class OpenGate extends CallGate {
  override answer(): unknown {
    return null;
  }
}

export class BareRunDurableObject extends DurableObject<CheckoutEnv> {
  readonly #sql = this.ctx.storage.sql;
  readonly #resources = new BareResources(this.#sql);
  readonly #connectors = connectorNames(checkout).map(
    (name) =>
      new DomainConnector(
        this.ctx,
        name,
        checkout,
        async (_connector, _method, read, args) =>
          read.run(args as Readonly<Record<string, string>>, {
            env: this.env,
            signal: new AbortController().signal,
            resources: viewOf(this.#resources.contents()),
            measure: async () =>
              JSON.parse(this.#sql.exec<{ measured: string }>("SELECT measured FROM run").one().measured),
          }),
        new OpenGate(),
      ),
  );
  readonly #scripts = new ScriptRuntime(
    this.ctx,
    this.env.LOADER,
    this.#connectors,
    () => SCRIPT_TIMEOUT_MS,
    true,
  );

  /** Measures, investigates, and runs the proposal until it waits for its approval. */
  async start(alert: AlertBrief): Promise<BareView> {
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec(
        "CREATE TABLE run (alert TEXT NOT NULL, measured TEXT, evidence TEXT, pending TEXT, rehearsed TEXT, outcome TEXT)",
      );
      this.#sql.exec("INSERT INTO run (alert) VALUES (?)", JSON.stringify(alert));
      this.#resources.seed(checkout.resources ?? {});
    });
    this.#keep("measured", await this.#measure(this.#resources.contents()));
    const first = await this.#ask(alert, []);
    if (!("investigate" in first)) throw new Error(JSON.stringify(first));
    const { calls } = await this.#scripts.execute(first.investigate);
    this.#keep("evidence", calls);
    const items = calls.map(({ connector, method, args, result }) => ({
      connector,
      method,
      args: args as Json,
      result: result as Json,
    }));
    const second = await this.#ask(alert, [{ code: first.investigate, summary: "", items }]);
    if (!("propose" in second)) throw new Error(JSON.stringify(second));
    return this.#answer(await this.#scripts.execute(second.propose.code));
  }

  /** Makes the call that waits, lets the script go on, and measures what came of it once the script has ended. */
  async approve(): Promise<BareView> {
    const { pending } = this.#sql.exec<{ pending: string }>("SELECT pending FROM run").one();
    const { executionId, args } = pendingSchema.parse(JSON.parse(pending));
    this.ctx.storage.transactionSync(() => this.#write(args));
    return this.#answer(await this.#scripts.approve(executionId));
  }

  /** Bytes of this run's own database. */
  async storedBytes(): Promise<number> {
    return this.#sql.databaseSize;
  }

  async #ask(alert: AlertBrief, evidence: Situation["evidence"]): Promise<PlannerAnswer> {
    const declarations = await Promise.all(this.#connectors.map((one) => one.getTypeScriptTypes()));
    return benchPlanner.next({
      rule: "",
      alert,
      declarations: declarations.join("\n\n"),
      gated: ["repository.write_file"],
      evidence,
      proposals: [],
      lastFailure: null,
      lastScript: null,
      spent: { calls: 0, tokens: 0, seconds: 0 },
      inherited: null,
    });
  }

  async #answer(pass: Pass): Promise<BareView> {
    if (pass.status === "error") throw new Error(pass.error);
    if (pass.status === "paused") {
      const pending = pendingSchema.parse(pass.pending);
      this.#keep("pending", pending);
      const { path, content } = pending.args;
      this.#keep("rehearsed", await this.#measure(this.#resources.contents().set(`${FILE}${path}`, content)));
      return { pending, outcome: null };
    }
    this.#keep("pending", null);
    const outcome = await this.#measure(this.#resources.contents());
    this.#keep("outcome", outcome);
    return { pending: null, outcome: outcome.checks };
  }

  #write({ path, content, before }: z.infer<typeof writeSchema>): void {
    const now = this.#resources.get(`${FILE}${path}`);
    if ((now === null ? null : digestOfText(now)) !== before)
      throw new Error(`${path} has changed since it was read`);
    this.#resources.put(`${FILE}${path}`, content);
  }

  #measure(contents: ReadonlyMap<string, Json>): Promise<Measurement> {
    return runProbe(this.env.LOADER, filesOf(viewOf(contents)));
  }

  #keep(column: "measured" | "evidence" | "pending" | "rehearsed" | "outcome", value: unknown): void {
    this.#sql.exec(`UPDATE run SET ${column} = ?`, JSON.stringify(value));
  }
}

function viewOf(contents: ReadonlyMap<string, Json>): ResourceView {
  return new ResourceView(contents, () => false);
}
