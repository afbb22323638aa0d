// A Durable Object around one engine and nothing else: what a host does, at its least. Tests choose its domain and its planner.

import { DurableObject } from "cloudflare:workers";
import { createPrivateKey, sign } from "node:crypto";
import {
  type Bundle,
  createBundle,
  createTrustPolicy,
  readTrustPolicy,
  type TrustPolicy,
} from "../../src/chain/index.ts";
import { type Domain, type Json, type Planner, scripted } from "../../src/domain/index.ts";
import type { ContinuedRun, RevertRequest } from "../../src/engine/index.ts";
import {
  type ChainKeys,
  type DecisionRequest,
  decide,
  type Engine,
  OwnResources,
  openEngine,
  PATIENCE,
  type Patience,
  type PolicySettings,
  policyOf,
  RunStore,
  type Waiting,
} from "../../src/engine/index.ts";
import { publicJwk, type Role, type Signer, thumbprint } from "../../src/receipt/index.ts";

export { CodemodeRuntime } from "@cloudflare/codemode";
export { PlayedAi } from "./played-ai.ts";

export interface TestEnv {
  readonly RUN: DurableObjectNamespace<TestRun>;
  readonly LOADER: WorkerLoader;
  readonly FLAGS: KVNamespace;
}

const seeds: Readonly<Record<Role, Uint8Array>> = {
  agent: new Uint8Array(32).fill(1),
  human: new Uint8Array(32).fill(2),
  runtime: new Uint8Array(32).fill(3),
};

function nativeSigner(seed: Uint8Array): Signer {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return { kid: thumbprint(publicJwk(seed)), sign: (bytes) => new Uint8Array(sign(null, bytes, key)) };
}

/** The trust policy of a test run, with reviewers listed. */
export const trusting = (reviewers: TrustPolicy["reviewers"] = []): TrustPolicy =>
  createTrustPolicy(
    "https://engine.test",
    {
      agent: publicJwk(seeds.agent),
      human: publicJwk(seeds.human),
      runtime: publicJwk(seeds.runtime),
    },
    reviewers,
  );

const SETTINGS: PolicySettings = {
  decisionSeconds: 3600,
  revisions: 6,
  approvals: [{ role: "reviewer", count: 1 }],
  separateReviewer: false,
  reviewerKey: "optional",
  logged: "no",
};

/** What a test sets for a run. It outlives the instance, as a deployment's code does. */
export interface Setup {
  readonly domain: Domain<never>;
  readonly planner?: Planner;
  readonly patience?: Partial<Patience>;
  readonly trust?: TrustPolicy;
  readonly scriptTimeoutMs?: number;
}

const setups = new Map<string, Setup>();

export class TestRun extends DurableObject<TestEnv> {
  domain: Domain<unknown> = { name: "nothing", rule: "Nothing.", calls: [] };
  planner: Planner = scripted({
    id: "none",
    investigate: () => "async () => ({})",
    propose: () => ({ stop: "nothing" }),
  });
  patience: Patience = { ...PATIENCE, retry: 5 };
  trust: TrustPolicy = trusting();
  scriptTimeoutMs = 10_000;
  now = () => Date.now();
  readonly store = new RunStore(this.ctx.storage);
  #engine: Promise<Engine> | null = null;

  constructor(ctx: DurableObjectState, env: TestEnv) {
    super(ctx, env);
    const setup = setups.get(this.#name);
    if (setup) this.#apply(setup);
  }

  get #name(): string {
    return this.ctx.id.name ?? "run";
  }

  /** Sets what this run and every later instance of it work with. */
  configure(setup: Setup): void {
    setups.set(this.#name, setup);
    this.#apply(setup);
  }

  #apply({ domain, planner, patience, trust, scriptTimeoutMs }: Setup): void {
    this.domain = domain as Domain<unknown>;
    this.planner = planner ?? this.planner;
    this.patience = { ...this.patience, ...patience };
    this.trust = trust ?? this.trust;
    this.scriptTimeoutMs = scriptTimeoutMs ?? this.scriptTimeoutMs;
  }

  /** The run's tables, for a test that reaches into them. */
  get sql(): SqlStorage {
    return this.ctx.storage.sql;
  }

  get keys(): ChainKeys {
    const trust = readTrustPolicy(this.trust);
    if (!trust.ok) throw new Error(trust.refusal.message);
    const signers = {
      agent: nativeSigner(seeds.agent),
      human: nativeSigner(seeds.human),
      runtime: nativeSigner(seeds.runtime),
    };
    return { signers, trust: trust.value };
  }

  create(
    settings: Partial<PolicySettings> = {},
    more: {
      continues?: ContinuedRun;
      reverts?: RevertRequest;
      startedBy?: string;
      bundle?: Uint8Array;
      resources?: Iterable<readonly [string, Json]>;
    } = {},
  ): void {
    const { continues, reverts, startedBy = "monitor", bundle, resources } = more;
    const createdAt = new Date(this.now()).toISOString();
    this.store.transaction(() => {
      this.store.create(this.#name, {
        alert: { source: "test", title: "Something is wrong", firedAt: createdAt },
        policy: policyOf(this.domain, { ...SETTINGS, ...settings }),
        startedBy: { id: startedBy, method: "test" },
        createdAt,
        asked: "sha256:0000000000000000000000000000000000000000000000000000000000000000",
        ...(continues && { continues }),
        ...(reverts && { reverts }),
      });
      if (bundle) this.store.putArtifact(bundle);
      new OwnResources(this.store, this.domain).seed(
        resources ?? Object.entries(this.domain.resources ?? {}),
      );
    });
  }

  engine(): Promise<Engine> {
    const request = this.store.request();
    if (!request) throw new Error("expected a run that was created");
    this.#engine ??= openEngine(
      {
        ctx: this.ctx,
        env: this.env,
        loader: this.env.LOADER,
        store: this.store,
        keys: this.keys,
        domain: this.domain,
        planner: () => this.planner,
        patience: this.patience,
        now: () => this.now(),
        scriptTimeoutMs: () => this.scriptTimeoutMs,
        anchor: () => Promise.reject(new Error("these runs have no log")),
        trustPolicies: () => [this.trust],
      },
      request.run,
      request.body,
    );
    return this.#engine;
  }

  /** What a restart does to an instance: all that it remembers is gone. */
  forget(): void {
    this.#engine = null;
  }

  /** Drives until a human or nobody is waited for; times are slept through. */
  async drive(): Promise<Waiting> {
    for (;;) {
      const { driver } = await this.engine();
      const waiting = await driver.drive();
      if (waiting.for !== "time") return waiting;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, waiting.until - this.now())));
    }
  }

  async decide(decision: DecisionRequest["decision"], more: Partial<DecisionRequest> = {}) {
    const { context } = await this.engine();
    const proposal = context.chain.state.round?.proposal.digest;
    if (!proposal) throw new Error("expected a proposal");
    return decide(context, {
      decision,
      proposal,
      reason: "",
      reviewer: { id: "alice", method: "test" },
      ...more,
    });
  }

  async bundle(): Promise<Bundle> {
    const { context } = await this.engine();
    return createBundle(context.chain.run, context.chain.receipts, context.store.artifacts);
  }
}

export default { fetch: () => new Response("tests only") };
