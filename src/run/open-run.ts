// Puts a run together around its verified chain: repository, gate, connectors, script runtime, driver, outbox and upkeep.
// Built once per instance of the Durable Object, and again after each restart.
import type { Planner } from "../agent/planner.ts";
import { runStatus } from "../chain/index.ts";
import { BrowserConnector, RunbooksConnector, WorkspaceConnector } from "../codemode/read-connectors.ts";
import { RepositoryConnector } from "../codemode/repository-connector.ts";
import { runProbe } from "../codemode/run-probe.ts";
import { ScriptRuntime } from "../codemode/script-runtime.ts";
import { Driver, waitingFor } from "./driver.ts";
import type { Env } from "./env.ts";
import { IndexReport } from "./index-report.ts";
import { noteAtParent } from "./lineage.ts";
import type { LiveSockets } from "./live-sockets.ts";
import { logEvent } from "./log.ts";
import { Outbox, postReceipt } from "./outbox.ts";
import { Retention } from "./retention.ts";
import { RunChain } from "./run-chain.ts";
import type { RunContext } from "./run-context.ts";
import type { RunIndexStub } from "./run-index-stub.ts";
import { RunRepository } from "./run-repository.ts";
import type { RunRequest } from "./run-request.ts";
import type { OutboxRow } from "./run-rows.ts";
import type { RunStore } from "./run-store.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { Tries } from "./tries.ts";
import { restsUntil, Upkeep } from "./upkeep.ts";
import { eventFacts, hasReceiver, isStillDue, readReceiver, sendEvent } from "./webhook.ts";
import { WriteGate } from "./write-gate.ts";

/** Connectors get no bindings: what they may reach is handed to them one function at a time. */
const NO_ENV = {};

/** A run that can go on. */
export interface OpenRun {
  readonly context: RunContext;
  readonly upkeep: Upkeep;
  readonly retention: Retention;
}

/** What the Durable Object lends to a run. Functions are asked at each use, so that tests can exchange what they answer. */
export interface RunHost {
  readonly ctx: DurableObjectState;
  readonly env: Env;
  readonly loader: WorkerLoader;
  readonly store: RunStore;
  readonly live: LiveSockets;
  readonly index: () => RunIndexStub;
  readonly retentionDays: string | undefined;
  readonly planner: () => Planner;
  readonly now: () => number;
  readonly scriptTimeoutMs: () => number;
  readonly plannerWithinMs: () => number;
}

/**
 * Loads and verifies the stored chain and builds the run around it.
 * @throws {CorruptChainError} when the stored chain does not verify.
 * @throws {UnlistedIssuerError} when it verifies under a name that the deployment does not list.
 */
export async function openRun(
  host: RunHost,
  run: string,
  request: RunRequest,
  keys: SigningKeys,
): Promise<OpenRun> {
  const { ctx, env, loader, store, live, index, now } = host;
  const chain = await RunChain.load(run, store, keys, now);
  const repository = new RunRepository(store);
  const gate = new WriteGate(store, repository, chain.keys);
  const measure = (files: Readonly<Record<string, string>>) => runProbe(loader, files);
  const connectors = [
    new BrowserConnector(ctx, NO_ENV, () => measure(repository.contents())),
    new RunbooksConnector(ctx, NO_ENV),
    new WorkspaceConnector(ctx, NO_ENV),
    new RepositoryConnector(ctx, NO_ENV, repository, measure, (id, args) => gate.write(id, args)),
  ];
  // The alert comes before any script, so a run without one has never run any.
  const scripts = new ScriptRuntime(ctx, loader, connectors, host.scriptTimeoutMs, chain.state.count === 0);
  const context: RunContext = {
    request,
    chain,
    store,
    repository,
    gate,
    scripts,
    get planner() {
      return host.planner();
    },
    get plannerWithinMs() {
      return host.plannerWithinMs();
    },
    tries: new Tries(ctx.storage.sql, now),
    measure,
    now,
  };
  const tell = async ({ seq }: OutboxRow) => {
    const receiver = readReceiver(env);
    const receipt = chain.receipts[seq];
    if (!receiver || !receipt || !isStillDue(chain.state, receipt, now())) return;
    const facts = eventFacts(chain.state, receipt);
    await sendEvent(receiver, keys.trust.issuer, receipt, facts, new Date(now()));
  };
  const parent = () => noteAtParent(env, context, keys.issuers);
  const outbox = new Outbox(store, { webhook: tell, parent }, now);
  const retention = new Retention(ctx.storage, context, index, live, host.retentionDays);
  const alarm = await ctx.storage.getAlarm();
  // The alarm is left to what the run itself waits for once nothing more is to be told. A run that is kept for ever has none then.
  const isTold = waitingFor(context).for !== "nothing" && alarm === restsUntil(context, retention);
  const report = new IndexReport(context, isTold, (entry) => index().report(entry, chain.issuer));
  const upkeep = new Upkeep(ctx.storage, context, new Driver(context), [report, outbox], retention, alarm);
  const toReceiver = hasReceiver(env);
  chain.onAppend = (receipt) => postReceipt(store, receipt, toReceiver);
  chain.onCommit = (states) => {
    upkeep.afterCommit();
    for (const state of states) live.announce({ head: state.head, status: runStatus(state) });
    // While the run goes on by itself, what it would tell is out of date at once. If that takes long, the alarm tells it.
    if (waitingFor(context).for === "nothing") return;
    const { count, last, head } = chain.state;
    logEvent("receipts_signed", { run, count, last, head });
    ctx.waitUntil(upkeep.deliver());
  };
  ctx.waitUntil(upkeep.resume());
  return { context, upkeep, retention };
}
