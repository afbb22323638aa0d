// The sources that may raise an alert: how each proves itself, and how its notifications are read.
import type { z } from "zod";
import type { Result } from "../../receipt/index.ts";
import type { EdgeSettings } from "../edge-env.ts";
import type { EdgeCode } from "../problem.ts";
import { alertmanager } from "./alertmanager.ts";
import { byBearer, byCloudflareHeader, bySignature, type Method } from "./authenticate.ts";
import { cloudflare } from "./cloudflare.ts";
import type { Notification } from "./reported-alert.ts";
import { standardWebhook } from "./standard-webhook.ts";

interface Source {
  /** What a 401 asks for. Two of the ways have no scheme that is registered, and are named after who uses them. */
  readonly challenge: string;
  /** The secret as it is set. */
  readonly secret: (env: EdgeSettings) => string | undefined;
  readonly authenticate: (
    headers: Headers,
    secret: string | undefined,
    body: string,
  ) => Result<Method, EdgeCode>;
  /** How a notification is read, given what else came with it: its headers and exact body. */
  readonly schema: (headers: Headers, body: string) => z.ZodType<Notification>;
  /** What to do about a notification that is too long. */
  readonly whenTooLarge?: string;
}

const BEARER = 'Bearer realm="alerts"';
const FEWER_ALERTS = "a group of alerts was too long; set max_alerts at the sender to fewer, such as 10";

/** By the last part of the path that the source is configured with. */
export const SOURCES: ReadonlyMap<string, Source> = new Map([
  [
    "cloudflare",
    {
      challenge: 'Cloudflare-Webhook realm="alerts"',
      secret: (env) => env.ALERT_SECRET_CLOUDFLARE,
      authenticate: byCloudflareHeader,
      schema: (_, body) => cloudflare(body),
    },
  ],
  [
    "alertmanager",
    {
      challenge: BEARER,
      secret: (env) => env.ALERT_SECRET_ALERTMANAGER,
      authenticate: byBearer,
      schema: () => alertmanager,
      whenTooLarge: FEWER_ALERTS,
    },
  ],
  [
    "grafana",
    {
      challenge: BEARER,
      secret: (env) => env.ALERT_SECRET_GRAFANA,
      authenticate: byBearer,
      schema: () => alertmanager,
      whenTooLarge: FEWER_ALERTS,
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
