// What a run was started with. It is the first row of a run's storage, so that a crash before the first receipt loses nothing.
import type { Policy } from "../chain/index.ts";
import type { AlertBrief, Call } from "../domain/index.ts";
import type { Actor, Digest } from "../receipt/index.ts";

/** The run that a new one continues, and the SHA-256 of the bundle of it that was verified. */
export interface ContinuedRun {
  readonly run: string;
  readonly handoff: Digest;
  readonly issuer: string;
  readonly bundle: string;
}

/** The call of the continued run that this one undoes, and the call that undoes it. */
export interface RevertRequest {
  readonly execution: Digest;
  readonly call: Call;
}

/** A request to start a run. `createdAt` is an instant; `asked` is the digest of what the client sent. */
export interface RunRequest {
  readonly alert: AlertBrief;
  /** The exact bytes that a monitoring system sent, in base64; they become the alert's artifact. */
  readonly received?: string;
  readonly policy: Policy;
  readonly startedBy: Actor;
  readonly createdAt: string;
  readonly asked: Digest;
  readonly continues?: ContinuedRun;
  readonly reverts?: RevertRequest;
}
