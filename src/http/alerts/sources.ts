// The sources that may raise an alert: how each proves itself, and how its notifications are read.
import type { z } from "zod";
import type { Result } from "../../receipt/index.ts";
import type { Env } from "../../run/env.ts";
import type { EdgeCode } from "../problem.ts";
import { alertmanager } from "./alertmanager.ts";
import { byBearer, byCloudflareHeader, bySignature, type Method } from "./authenticate.ts";
import { cloudflare } from "./cloudflare.ts";
import type { Notification } from "./reported-alert.ts";
import { standardWebhook } from "./standard-webhook.ts";

interface Source {
  /** What a 401 asks for. Two of the ways have no scheme that is registered, and are named after who uses them. */
  readonly challenge: string;
  readonly secret: (env: Env) => string | undefined;
  readonly authenticate: (
    headers: Headers,
    secret: string | undefined,
    body: string,
  ) => Result<Method, EdgeCode>;
  readonly schema: (headers: Headers) => z.ZodType<Notification>;
}

const BEARER = 'Bearer realm="alerts"';

/** By the last part of the path that the source is configured with. */
export const SOURCES: ReadonlyMap<string, Source> = new Map([
  [
    "cloudflare",
    {
      challenge: 'Cloudflare-Webhook realm="alerts"',
      secret: (env) => env.ALERT_SECRET_CLOUDFLARE,
      authenticate: byCloudflareHeader,
      schema: () => cloudflare,
    },
  ],
  [
    "alertmanager",
    {
      challenge: BEARER,
      secret: (env) => env.ALERT_SECRET_ALERTMANAGER,
      authenticate: byBearer,
      schema: () => alertmanager,
    },
  ],
  [
    "grafana",
    {
      challenge: BEARER,
      secret: (env) => env.ALERT_SECRET_GRAFANA,
      authenticate: byBearer,
      schema: () => alertmanager,
    },
  ],
  [
    "webhook",
    {
      challenge: 'Standard-Webhooks realm="alerts"',
      secret: (env) => env.ALERT_SECRET_WEBHOOK,
      authenticate: bySignature,
      schema: (headers) => standardWebhook(headers.get("webhook-id") ?? ""),
    },
  ],
] satisfies [string, Source][]);
