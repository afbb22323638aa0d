// What the Worker is given: bindings, plain variables and secrets, as wrangler.toml declares them.
import type { RunDurableObject } from "./run-durable-object.ts";
import type { RunIndex } from "./run-index.ts";

export interface Env extends Settings {
  readonly RUN: DurableObjectNamespace<RunDurableObject>;
  /** The desk's list of runs. */
  readonly INDEX: DurableObjectNamespace<RunIndex>;
  readonly LOADER: WorkerLoader;
  readonly ASSETS: Fetcher;
  /** How many runs one starter, or one address, may start in a while. */
  readonly START_LIMIT: RateLimit;
}

/** Variables and secrets: texts, all of which may be missing. */
export interface Settings {
  readonly ISSUER?: string;
  readonly DECISION_SECONDS?: string;
  readonly REVISIONS?: string;
  readonly RETENTION_DAYS?: string;
  readonly RETIRED_KEYS?: string;
  readonly FORMER_ISSUERS?: string;
  readonly WEBHOOK_URL?: string;
  readonly WEBHOOK_SECRET?: string;
  readonly ALERT_SECRET_CLOUDFLARE?: string;
  readonly ALERT_SECRET_ALERTMANAGER?: string;
  readonly ALERT_SECRET_GRAFANA?: string;
  readonly ALERT_SECRET_WEBHOOK?: string;
  /** Who may start and decide, who may read, and whether a starter may decide: see src/http/reviewer/auth-settings.ts. */
  readonly REVIEW_AUTH?: string;
  readonly READ_AUTH?: string;
  readonly SEPARATE_REVIEWER?: string;
  readonly REVIEWER_TOKENS?: string;
  readonly ACCESS_TEAM_DOMAIN?: string;
  readonly ACCESS_AUD?: string;
  readonly ACCESS_JWKS?: string;
  readonly TRUSTED_ISSUERS?: string;
  readonly AGENT_SIGNING_KEY?: string;
  readonly HUMAN_SIGNING_KEY?: string;
  readonly RUNTIME_SIGNING_KEY?: string;
}
