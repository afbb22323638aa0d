// Who may raise an alert: whoever proves to know the source's secret, or anyone while none is set.
// Secrets are compared by their HMACs under a key made on the spot, so that timing tells nothing.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { isWebhookSecret, SECRET_FORM } from "../../host/index.ts";
import { accept, type Result, refuse } from "../../receipt/index.ts";
import type { EdgeCode } from "../problem.ts";

export type Method = "open" | "secret" | "signature";

/** Cloudflare sends the webhook's secret in a header of its own. */
export function byCloudflareHeader(headers: Headers, secret: string | undefined): Result<Method, EdgeCode> {
  if (!secret) return accept("open");
  return sameText(headers.get("cf-webhook-auth") ?? "", secret)
    ? accept("secret")
    : refused("the cf-webhook-auth header that was configured with the webhook");
}

/** Alertmanager and Grafana send what their `authorization` setting holds. */
export function byBearer(headers: Headers, secret: string | undefined): Result<Method, EdgeCode> {
  if (!secret) return accept("open");
  const [, given = ""] = /^Bearer +(.+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  return sameText(given, secret) ? accept("secret") : refused("Authorization: Bearer <the source's secret>");
}

/** Standard Webhooks: an HMAC over id, timestamp and exact body, at most five minutes old. */
export function bySignature(
  headers: Headers,
  secret: string | undefined,
  body: string,
): Result<Method, EdgeCode> {
  if (!secret) return accept("open");
  if (!isWebhookSecret(secret)) {
    return refuse("ERR_ALERT_SECRET", `ALERT_SECRET_WEBHOOK: expected ${SECRET_FORM}`);
  }
  try {
    new Webhook(secret).verify(body, Object.fromEntries(headers), { jsonParse: false });
    return accept("signature");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused(`webhook-id, webhook-timestamp and webhook-signature that verify (${why})`);
  }
}

function refused(expected: string) {
  return refuse("ERR_ALERT_UNAUTHENTICATED", `expected ${expected}`);
}

function sameText(given: string, expected: string): boolean {
  const key = randomBytes(32);
  const mac = (text: string) => createHmac("sha256", key).update(text).digest();
  return timingSafeEqual(mac(given), mac(expected));
}
