// What a step of the run works with. Built once per instance of the Durable Object, around one verified chain.
import type { FollowedRun } from "../chain/index.ts";
import type { Domain, Planner } from "../domain/index.ts";
import type { Digest } from "../receipt/index.ts";
import type { Measurer } from "./measuring.ts";
import type { OwnResources } from "./resources.ts";
import type { RunChain } from "./run-chain.ts";
import type { RunRequest } from "./run-request.ts";
import type { Scripts } from "./scripts.ts";
import type { RunStore } from "./store.ts";
import type { StoredChain } from "./stored-chain.ts";

/** How long the engine waits for others, in milliseconds. Tests shorten it. */
export interface Patience {
  /** A planner's answer. */
  readonly planner: number;
  /** A domain's `read`, `plan` or a call's `find`. */
  readonly read: number;
  readonly measure: number;
  /** A plain connector's word on what it offers. It is asked at each pass, and a dead server must not hold the run up. */
  readonly describe: number;
  readonly send: number;
  /** After a first failure; it doubles with each. */
  readonly retry: number;
}

/** The engine's patience with others. */
export const PATIENCE: Patience = {
  planner: 120_000,
  read: 30_000,
  measure: 60_000,
  describe: 10_000,
  send: 30_000,
  retry: 2_000,
};

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
  readonly scripts: Scripts;
  readonly measurer: Measurer;
  readonly patience: Patience;
  readonly now: () => number;
  /** The runs before this one, verified again, the newest first; null for a run that continues none. */
  readonly lineage: () => Promise<readonly FollowedRun[] | null>;
  /** Settling decisions that this instance signed: the others were signed before a restart. */
  readonly fresh: Set<Digest>;
}

/** Thrown by a step that came to nothing: it is tried again, a few times. The message is for the planner and the reviewer. */
export class StepFailure extends Error {
  override readonly name = "StepFailure";
}
