// Puts a run together around its verified chain: resources, measurer, connectors, script runtime and driver. Knows nothing of how it
// is hosted: the host keeps its alarm, tells the outside, and lends what is asked for here.
import { type FollowedRun, follow, isFree } from "../chain/index.ts";
import type { Domain, Planner } from "../domain/index.ts";
import { Driver } from "./driver.ts";
import { Measurer } from "./measuring.ts";
import type { Patience } from "./patience.ts";
import { PlannerAccount } from "./planner-account.ts";
import { OwnResources } from "./resources.ts";
import { type ChainKeys, RunChain } from "./run-chain.ts";
import type { Log, RunContext } from "./run-context.ts";
import type { RunRequest } from "./run-request.ts";
import { Scripts } from "./scripts.ts";
import type { RunStore } from "./store.ts";
import { StoredChain } from "./stored-chain.ts";
import { readWorld } from "./world.ts";

/** What a host lends to a run. Functions are asked at each use. */
export interface EngineHost {
  readonly ctx: DurableObjectState;
  /** The Worker's bindings, for the domain alone. */
  readonly env: unknown;
  readonly loader: WorkerLoader;
  readonly store: RunStore;
  readonly keys: ChainKeys;
  readonly domain: Domain<unknown>;
  readonly planner: () => Planner;
  readonly patience: Patience;
  readonly now: () => number;
  readonly scriptTimeoutMs: () => number;
  /** Enters a receipt in the deployment's log. Throws where it keeps none. */
  readonly anchor: Log["anchor"];
  /** The trust policies under which the runs before this one verify: its own first. */
  readonly trustPolicies: () => readonly unknown[];
}

/** A run that can go on. */
export interface Engine {
  readonly context: RunContext;
  readonly driver: Driver;
}

/**
 * Loads and verifies the stored chain and builds the run around it.
 * @throws {CorruptChainError} when the stored chain does not verify.
 */
export async function openEngine(host: EngineHost, run: string, request: RunRequest): Promise<Engine> {
  const { ctx, env, loader, store, keys, domain, patience, now } = host;
  const chain = await RunChain.load(run, store, keys, now);
  const measurer = new Measurer(domain, env, patience);
  const scripts = new Scripts({
    ctx,
    loader,
    env,
    domain,
    patience,
    scriptTimeoutMs: host.scriptTimeoutMs,
    // The alert comes before any script, so a run without one has never run any.
    isFirst: chain.state.count === 0,
    // The domain may have been deployed anew meanwhile; what was signed says what needs no human.
    isFree: (connector, method) => isFree(chain.state.policy ?? request.policy, { connector, method }),
    world: async () => (await readWorld(context)).all,
    measure: (contents) => measurer.measure(contents),
  });
  let lineage: Promise<readonly FollowedRun[] | null> | null = null;
  const context: RunContext = {
    request,
    chain,
    stored: new StoredChain(store, keys.trust),
    store,
    own: new OwnResources(store, domain),
    domain,
    env,
    planner: host.planner,
    account: new PlannerAccount(ctx.storage),
    scripts,
    measurer,
    patience,
    now,
    lineage: () => {
      lineage ??= followParents(store, request, host.trustPolicies());
      return lineage;
    },
    log: { anchor: host.anchor, waitsFor: [] },
    fresh: new Set(),
  };
  return { context, driver: new Driver(context) };
}

/** The runs before this one. They are verified again: what a planner is told comes from chains that verify. */
async function followParents(
  store: RunStore,
  { continues }: RunRequest,
  trustPolicies: readonly unknown[],
): Promise<readonly FollowedRun[] | null> {
  const bytes = continues && store.artifact(continues.bundle);
  if (!continues || !bytes) return null;
  const own = trustPolicies.filter((policy) => issuerOf(policy) === continues.issuer);
  const others = trustPolicies.filter((policy) => issuerOf(policy) !== continues.issuer);
  if (own.length === 0) return null;
  const { verdict, runs } = await follow(JSON.parse(new TextDecoder().decode(bytes)), [...own, ...others]);
  return verdict === "valid" ? runs : null;
}

function issuerOf(policy: unknown): unknown {
  return typeof policy === "object" && policy !== null && "issuer" in policy ? policy.issuer : undefined;
}
