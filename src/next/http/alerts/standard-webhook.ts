// Standard Webhooks: any sender's event as `{type, timestamp, data}`. `data` may name the alert, so that its end finds it.
// Source: github.com/standard-webhooks/standard-webhooks, "Payload structure".
import { z } from "zod";
import { keyField, type Notification, timeField, titleOf } from "./reported-alert.ts";

/** `id` is the webhook-id header: the event's own name, the same at every try of its delivery. */
export const standardWebhook = (id: string) =>
  z
    .looseObject({
      type: z.string().min(1).max(200),
      timestamp: timeField,
      data: z.looseObject({
        key: keyField.optional(),
        title: z.string().optional(),
        summary: z.string().optional(),
      }),
    })
    .transform(({ type, timestamp, data }, context): Notification => {
      // Without a name two alerts would be one, and the second would start nothing.
      const key = keyField.safeParse(data.key ?? id);
      if (!key.success) {
        context.addIssue({
          code: "custom",
          message: "expected a webhook-id of 1 to 500 characters, or data.key",
        });
        return z.NEVER;
      }
      const state = /[._-](resolved|ended|closed|recovered)$/i.test(type) ? "resolved" : "firing";
      const title = titleOf(data.title, data.summary, type);
      return [{ state, key: key.data, alert: null, title, firedAt: timestamp }];
    });
