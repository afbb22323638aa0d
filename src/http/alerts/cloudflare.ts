// Cloudflare Notifications: the generic webhook, which Workers Observability and every other alert type share.
// Source: developers.cloudflare.com/notifications/reference/webhook-payload-schema
import { z } from "zod";
import { textField } from "../../receipt/fields.ts";
import { keyField, type Notification, secondsField, titleOf } from "./reported-alert.ts";

/** What Cloudflare sends when a webhook is saved: words, and nothing that names an alert. */
const test = z.strictObject({ text: z.string().regex(/test message sent from https:\/\/cloudflare\.com/i) });

/** Not every alert type has each of these; an empty one is none. */
const nameField = keyField.or(z.literal("")).optional();

/** Words that may have to name an alert. */
const wordsField = textField(2_000).optional();

const notification = z.looseObject({
  text: z.string().optional(),
  name: wordsField,
  policy_name: wordsField,
  ts: secondsField,
  alert_type: textField(200).optional(),
  policy_id: nameField,
  alert_correlation_id: nameField,
  alert_event: z.string().max(100).optional(),
});

export const cloudflare = z.union([
  test.transform((): Notification => "test"),
  notification.transform((sent): Notification => {
    const { alert_type, alert_event = "", ts, text, name, policy_name } = sent;
    // Alerts that have no course, only moments, carry no correlation id; then every moment is an alert of its own.
    const policy = sent.policy_id || policy_name || name;
    const key = sent.alert_correlation_id || [policy, alert_type, ts].join(" ");
    const state = /_END$/.test(alert_event) ? "resolved" : "firing";
    return [{ state, key, title: titleOf(text, policy_name, name, alert_type), firedAt: ts }];
  }),
]);
