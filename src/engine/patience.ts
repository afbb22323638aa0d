// How long the engine waits for what is not its own.

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
