// What a run was started with. It is the first row of a run's storage, so that a crash before the first receipt loses nothing.

import type { Policy } from "../chain/index.ts";
import type { Actor, Digest } from "../receipt/index.ts";

/** The alert as it was given: plain JSON, of which three fields are read and all are kept. */
export interface GivenAlert {
  readonly source: string;
  readonly title: string;
  readonly firedAt: string;
  readonly [detail: string]: unknown;
}

/** The run that a new one continues, and the SHA-256 of the bundle of it that was verified. */
export interface ContinuedRun {
  readonly run: string;
  readonly handoff: Digest;
  readonly issuer: string;
  readonly bundle: string;
}

/** A request to start a run. `createdAt` is an instant; `asked` is the digest of what the client sent. */
export interface RunRequest {
  readonly alert: GivenAlert;
  /** The exact bytes that a monitoring system sent, in base64; they become the alert's artifact. */
  readonly received?: string;
  readonly policy: Policy;
  readonly startedBy: Actor;
  readonly createdAt: string;
  readonly asked: Digest;
  readonly continues?: ContinuedRun;
}

/** A request to continue a finished run: one of this deployment by its name, or any by the JSON text of its bundle. */
export interface ContinueRequest extends Omit<RunRequest, "alert" | "continues"> {
  /** What the client said of the alert; the rest comes from the parent. */
  readonly alert: Readonly<Record<string, unknown>>;
  readonly parent: { readonly run: string } | { readonly bundle: string };
}
