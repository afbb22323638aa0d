// From the name of a run to the Durable Object that is that run.
import { deploymentOf, type RunApi, type RunCode } from "../host/index.ts";
import { type Actor, type Refusal, sha256Hex } from "../receipt/index.ts";
import type { EdgeEnv } from "./edge-env.ts";

/** What a run may be called. */
export const RUN_NAME = /^run-[0-9a-f]{24}$/;

/** A new run's name: unguessable, or the one that an Idempotency-Key always leads to. */
export function nameRun(key: string | null): string {
  const bytes =
    key === null
      ? crypto.getRandomValues(new Uint8Array(12))
      : new TextEncoder().encode(`idempotency:${key}`);
  const hex =
    key === null ? [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("") : sha256Hex(bytes);
  return `run-${hex.slice(0, 24)}`;
}

/** The name of a run that somebody starts: the one that their own key leads to. One starter's key never leads to another's run. */
export function nameStarted({ method, id }: Actor, key: string | null): string {
  return nameRun(key === null ? null : JSON.stringify([method, id, key]));
}

/** True for a name that a run can have. */
export function isRunName(run: string): boolean {
  return RUN_NAME.test(run);
}

/** The run's Durable Object, or null for a name that no run can have. */
export function runStub(env: EdgeEnv, run: string): RunApi | null {
  return isRunName(run) ? deploymentOf(env).runs.getByName(run) : null;
}

export function unknownRun(): Refusal<RunCode> {
  return { code: "ERR_RUN_UNKNOWN", message: "there is no such run" };
}
