// What a step of the run works with. Built once per instance of the Durable Object, around one verified chain.
import type { FollowedRun, LogLeaf } from "../chain/index.ts";
import type { Domain, Planner } from "../domain/index.ts";
import type { Digest } from "../receipt/index.ts";
import type { Measurer } from "./measuring.ts";
import type { Patience } from "./patience.ts";
import type { PlannerAccount } from "./planner-account.ts";
import type { OwnResources } from "./resources.ts";
import type { RunChain } from "./run-chain.ts";
import type { RunRequest } from "./run-request.ts";
import type { Scripts } from "./scripts.ts";
import type { RunStore } from "./store.ts";
import type { StoredChain } from "./stored-chain.ts";

export interface RunContext {
  readonly request: RunRequest;
  readonly chain: RunChain;
  /** The rows, verified anew before each effect. */
  readonly stored: StoredChain;
  readonly store: RunStore;
  readonly own: OwnResources;
  readonly domain: Domain<unknown>;
  /** The Worker's bindings, for the domain alone. */
  readonly env: unknown;
  readonly planner: () => Planner;
  readonly account: PlannerAccount;
  readonly scripts: Scripts;
  readonly measurer: Measurer;
  readonly patience: Patience;
  readonly now: () => number;
  /** The runs before this one, verified again, the newest first; null for a run that continues none. */
  readonly lineage: () => Promise<readonly FollowedRun[] | null>;
  /** The deployment's log. */
  readonly log: Log;
  /** Settling decisions that this instance signed: the others were signed before a restart. */
  readonly fresh: Set<Digest>;
}

/** The log, as a run asks it. What it answers is checked before it counts. */
export interface Log {
  /** Enters a receipt, once however often it is asked, and waits a little for its proof. Throws where there is no log to ask. */
  anchor(
    leaf: LogLeaf,
  ): Promise<{ readonly proof: string } | { readonly proof: null; readonly waitsFor: readonly string[] }>;
  /** Whom the approval at the head still waits for, as this instance knows: witnesses by name, or why there is nobody to ask. */
  waitsFor: readonly string[];
}
