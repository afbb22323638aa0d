// What the Worker is given: bindings, plain variables and secrets, as wrangler.toml declares them.
import type { RunDurableObject } from "./run-durable-object.ts";

export interface Env {
  readonly RUN: DurableObjectNamespace<RunDurableObject>;
  /** The desk's list of runs. */
  readonly INDEX: D1Database;
  readonly LOADER: WorkerLoader;
  readonly ASSETS: Fetcher;
  readonly ISSUER?: string;
  readonly DECISION_SECONDS?: string;
  readonly REVISIONS?: string;
  readonly RETIRED_KEYS?: string;
  readonly WEBHOOK_URL?: string;
  readonly WEBHOOK_SECRET?: string;
  readonly ALERT_SECRET_CLOUDFLARE?: string;
  readonly ALERT_SECRET_ALERTMANAGER?: string;
  readonly ALERT_SECRET_GRAFANA?: string;
  readonly ALERT_SECRET_WEBHOOK?: string;
  readonly AGENT_SIGNING_KEY?: string;
  readonly HUMAN_SIGNING_KEY?: string;
  readonly RUNTIME_SIGNING_KEY?: string;
}
