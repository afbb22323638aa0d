// The run without receipts: the same planner, scripts, sandbox, connectors, probes and file writes as RunDurableObject, and
// nothing of what makes them checkable. It keeps one row about itself, so that a human may take their time; it signs, links,
// verifies, fences, reports and recovers nothing. What it costs is what the work costs.
import { DurableObject } from "cloudflare:workers";
import type { PendingAction } from "@cloudflare/codemode";
import type { AlertBrief } from "../../src/agent/planner.ts";
import { readWriteFileArgs } from "../../src/chain/action.ts";
import {
  BrowserConnector,
  RunbooksConnector,
  WorkspaceConnector,
} from "../../src/codemode/read-connectors.ts";
import { RepositoryConnector, type WriteResult } from "../../src/codemode/repository-connector.ts";
import { runProbe } from "../../src/codemode/run-probe.ts";
import { SCRIPT_TIMEOUT_MS } from "../../src/codemode/sandbox.ts";
import { type Pass, ScriptRuntime } from "../../src/codemode/script-runtime.ts";
import type { Env } from "../../src/run/env.ts";
import { CHECKOUT_FILES } from "../../src/workload/checkout-source.ts";
import type { ProbeReport, Tally } from "../../src/workload/probe.ts";
import { BareRepository } from "./bare-repository.ts";
import { benchPlanner } from "./bench-planner.ts";

/** What a client is told: the call that waits for its approval, or what came of the run. */
export interface BareView {
  readonly pending: { readonly executionId: string; readonly seq: number; readonly args: string } | null;
  readonly outcome: { readonly before: Tally; readonly after: Tally } | null;
}

export class BareRunDurableObject extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;
  readonly #repository = new BareRepository(this.#sql);
  readonly #measure = (files: Readonly<Record<string, string>>) => runProbe(this.env.LOADER, files);
  readonly #connectors = [
    new BrowserConnector(this.ctx, {}, () => this.#measure(this.#repository.contents())),
    new RunbooksConnector(this.ctx, {}),
    new WorkspaceConnector(this.ctx, {}),
    new RepositoryConnector(this.ctx, {}, this.#repository, this.#measure, (_, args) => this.#write(args)),
  ];
  readonly #scripts = new ScriptRuntime(this.ctx, this.env.LOADER, this.#connectors, () => SCRIPT_TIMEOUT_MS);

  /** Measures, investigates, and runs the proposal until it waits for its approval. */
  async start(alert: AlertBrief): Promise<BareView> {
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec(
        "CREATE TABLE run (alert TEXT NOT NULL, measured TEXT, evidence TEXT, pending TEXT, outcome TEXT)",
      );
      this.#sql.exec("INSERT INTO run (alert) VALUES (?)", JSON.stringify(alert));
      this.#repository.seed(CHECKOUT_FILES);
    });
    this.#keep("measured", await this.#measure(this.#repository.contents()));
    const { code } = await benchPlanner.investigate(alert);
    const { calls: evidence } = await this.#scripts.execute(code);
    this.#keep("evidence", evidence);
    const plan = await benchPlanner.propose({ alert, evidence, feedback: null, earlier: [] });
    if (!plan.propose) throw new Error(plan.reason);
    return this.#answer(await this.#scripts.execute(plan.code));
  }

  /** Lets the call that waits go on, and measures what came of it once the script has ended. */
  async approve(): Promise<BareView> {
    const { pending } = this.#sql.exec<{ pending: string }>("SELECT pending FROM run").one();
    const { executionId }: PendingAction = JSON.parse(pending);
    return this.#answer(await this.#scripts.approve(executionId));
  }

  /** Bytes of this run's own database. */
  async storedBytes(): Promise<number> {
    return this.#sql.databaseSize;
  }

  async #answer(pass: Pass): Promise<BareView> {
    if (pass.status === "error") throw new Error(pass.error);
    const pending = pass.status === "paused" ? pass.pending : null;
    this.#keep("pending", pending);
    if (pending) {
      const { executionId, seq, args } = pending;
      return { pending: { executionId, seq, args: JSON.stringify(args) }, outcome: null };
    }
    const before = await this.#measure(this.#repository.originalContents());
    const after = await this.#measure(this.#repository.contents());
    this.#keep("outcome", { before, after } satisfies Record<string, ProbeReport>);
    return { pending: null, outcome: { before: before.tally, after: after.tally } };
  }

  async #write(received: unknown): Promise<WriteResult> {
    const args = readWriteFileArgs(received);
    if (!args.ok) throw new Error(args.refusal.message);
    const { path, content, before } = args.value;
    return this.ctx.storage.transactionSync(() => this.#repository.write(path, content, before));
  }

  #keep(column: "measured" | "evidence" | "pending" | "outcome", value: unknown): void {
    this.#sql.exec(`UPDATE run SET ${column} = ?`, JSON.stringify(value));
  }
}
