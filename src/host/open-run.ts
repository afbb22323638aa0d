// Puts a run together around its engine: outbox, retention, upkeep and sockets. Built once per instance of the Durable Object, and
// again after each restart.
import { runStatus } from "../chain/index.ts";
import type { Domain, Planner } from "../domain/index.ts";
import {
  anchorReceipt,
  type Engine,
  logEvent,
  openEngine,
  PATIENCE,
  type RunContext,
  type RunRequest,
  type RunStore,
} from "../engine/index.ts";
import { decodeEnvelope, readStatement } from "../receipt/index.ts";
import { UnlistedIssuerError } from "./cannot-open.ts";
import { deploymentOf, type RunEnv } from "./env.ts";
import type { LiveSockets } from "./live-sockets.ts";
import { logOf } from "./log-of.ts";
import { noteAtParent } from "./note-at-parent.ts";
import { Outbox, postReceipt } from "./outbox.ts";
import { Retention } from "./retention.ts";
import { runEntry } from "./run-entry.ts";
import type { Message, SideStore } from "./side-store.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { parentPolicies } from "./take-over.ts";
import { underName } from "./under-name.ts";
import { Upkeep } from "./upkeep.ts";
import { eventFacts, hasReceiver, isStillDue, readReceiver, sendEvent } from "./webhook.ts";

/** A run that can go on. */
export interface OpenRun {
  readonly context: RunContext;
  readonly upkeep: Upkeep;
  readonly retention: Retention;
  /** The deployment's keys, under the name that the run's chain bears. */
  readonly keys: SigningKeys;
}

/** What the Durable Object lends to a run. Functions are asked at each use, so that tests can exchange what they answer. */
export interface RunHost {
  readonly ctx: DurableObjectState;
  readonly env: RunEnv;
  readonly store: RunStore;
  readonly side: SideStore;
  readonly live: LiveSockets;
  readonly domain: Domain<unknown>;
  readonly planner: () => Planner;
  readonly now: () => number;
  readonly scriptTimeoutMs: () => number;
}

/**
 * Loads and verifies the stored chain and builds the run around it.
 * @throws {CorruptChainError} when the stored chain does not verify.
 * @throws {UnlistedIssuerError} when it bears a name that the deployment does not list.
 */
export async function openRun(
  host: RunHost,
  run: string,
  request: RunRequest,
  keys: SigningKeys,
): Promise<OpenRun> {
  const { ctx, env, store, side, live, now } = host;
  const named = underName(keys, storedIssuer(store) ?? keys.present);
  if (!keys.issuers.has(named.trust.issuer)) throw new UnlistedIssuerError(run, named.trust.issuer);
  const engine = await openEngine(
    {
      ctx,
      env,
      loader: env.LOADER,
      store,
      keys: named,
      domain: host.domain,
      planner: host.planner,
      patience: PATIENCE,
      now,
      scriptTimeoutMs: host.scriptTimeoutMs,
      anchor: async (leaf) => {
        const log = logOf(env);
        if (!log) throw new Error("this deployment keeps no log, or the binding of the log is missing");
        return log.anchor(leaf, WITNESSED_WITHIN_MS);
      },
      trustPolicies: () => {
        const policies = parentPolicies(env, keys);
        return policies.ok ? [...policies.value.values()] : [keys.trustPolicy];
      },
    },
    run,
    request,
  );
  const { context, driver } = engine;
  const outbox = new Outbox(run, side, couriersOf(host, engine, keys), now);
  const index = () => deploymentOf(env).index;
  const retention = new Retention(ctx.storage, context, index, live, env.RETENTION_DAYS, side, outbox);
  const alarm = await ctx.storage.getAlarm();
  const upkeep = new Upkeep(ctx.storage, context, driver, outbox, retention, alarm);
  const asked = request.policy.approvals.reduce((sum, { count }) => sum + count, 0);
  const audience = { toReceiver: hasReceiver(env), asksSeveral: asked > 1, hasLog: logOf(env) !== null };
  context.chain.onAppend = (receipt, state) => postReceipt(side, receipt, state, audience);
  context.chain.onCommit = (states) => {
    upkeep.arm();
    for (const state of states) live.announce({ head: state.head, status: runStatus(state) });
    // While the run goes on by itself, what it would tell is out of date at once. If that takes long, the alarm tells it.
    if (driver.waiting().for === "nothing") return;
    const { count, last, head } = context.chain.state;
    logEvent("receipts_signed", { run, count, last, head });
    ctx.waitUntil(upkeep.deliver());
  };
  upkeep.arm();
  // The list may have been lost, or never have heard of the run: it fills again by itself.
  if (context.chain.state.count > 0 && !retention.isOver()) {
    side.putMessage({ id: "index", topic: "index", seq: context.chain.state.count - 1, due: now() });
    ctx.waitUntil(upkeep.deliver());
  }
  return { context, upkeep, retention, keys: named };
}

/** How long the log waits for witnesses before it answers whom it still waits for, in milliseconds. */
const WITNESSED_WITHIN_MS = 2_000;

function couriersOf({ env, now }: RunHost, { context }: Engine, keys: SigningKeys) {
  const { chain, request } = context;
  return {
    index: () =>
      deploymentOf(env).index.report(runEntry(chain.run, request.createdAt, chain.state), chain.issuer),
    log: async ({ seq }: Message) => {
      const receipt = chain.receipts[seq];
      const waitsFor = receipt ? await anchorReceipt(context, receipt) : null;
      if (waitsFor) throw new Error(`the log waits for ${waitsFor.join(", ")}`);
    },
    parent: () => noteAtParent(deploymentOf(env).runs, context, keys.issuers),
    webhook: async ({ seq }: Message) => {
      const receiver = readReceiver(env);
      const receipt = chain.receipts[seq];
      if (!receiver || !receipt || !isStillDue(chain.state, receipt, now())) return;
      await sendEvent(receiver, keys.present, receipt, eventFacts(chain.state, receipt), new Date(now()));
    },
  };
}

/** The name that the stored chain bears, which only chooses the trust policy that it then has to satisfy; null before it has one. */
export function storedIssuer(store: RunStore): string | null {
  const [first] = store.envelopeRows();
  if (first === undefined) return null;
  try {
    const envelope = decodeEnvelope(JSON.parse(first));
    const statement = envelope.ok ? readStatement(envelope.value.payload) : envelope;
    return statement.ok && statement.value.kind === "alert"
      ? statement.value.statement.predicate.issuer
      : null;
  } catch {
    return null;
  }
}
