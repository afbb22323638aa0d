// What the HTTP edge is given, beside what a run needs: who may come in, which alerts are believed, and the bindings that only it uses.
import type { Context } from "hono";
import type { RunEnv, Settings } from "../host/index.ts";

/** Variables and secrets of the edge: texts, all of which may be missing. */
export interface EdgeSettings extends Settings {
  readonly READ_AUTH?: string;
  readonly REVIEWER_TOKENS?: string;
  readonly ACCESS_TEAM_DOMAIN?: string;
  readonly ACCESS_AUD?: string;
  readonly ACCESS_JWKS?: string;
  readonly ALERT_SECRET_CLOUDFLARE?: string;
  readonly ALERT_SECRET_ALERTMANAGER?: string;
  readonly ALERT_SECRET_GRAFANA?: string;
  readonly ALERT_SECRET_WEBHOOK?: string;
}

/** The Worker's bindings, as the edge names them. Runs and their list are asked for through the deployment's declaration. */
export interface EdgeEnv extends EdgeSettings, RunEnv {
  /** The pages' styles and scripts. */
  readonly ASSETS: Fetcher;
  /** Counts starts. */
  readonly START_LIMIT: RateLimit;
}

/** The context of a request. */
export type Ctx = Context<{ Bindings: EdgeEnv }>;
