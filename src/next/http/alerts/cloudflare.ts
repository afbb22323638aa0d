// Cloudflare Notifications: the generic webhook, which Workers Observability and every other alert type share.
// Source: developers.cloudflare.com/notifications/reference/webhook-payload-schema
import { z } from "zod";
import { textField } from "../../receipt/fields.ts";
import { type Digest, digestOf } from "../../receipt/index.ts";
import { keyField, type Notification, type ReportedAlert, secondsField, titleOf } from "./reported-alert.ts";

/** What Cloudflare sends when a webhook is saved: words, and nothing that names an alert. */
const test = z.strictObject({ text: z.string().regex(/test message sent from https:\/\/cloudflare\.com/i) });

/** Not every alert type has each of these; an empty one is none. */
const nameField = keyField.or(z.literal("")).optional();

/** Words that may have to name an alert. */
const wordsField = textField(2_000).optional();

/** A member that differs from type to type: where it is of another form than here, it says nothing here. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const details = z.looseObject({
  status: maybe(z.string()),
  new_status: maybe(z.string()),
  health_check_id: maybe(keyField),
  health_check_name: maybe(keyField),
  episode: maybe(z.looseObject({ id: maybe(keyField) })),
});

const notification = z.looseObject({
  text: z.string().optional(),
  name: wordsField,
  policy_name: wordsField,
  ts: secondsField,
  alert_type: textField(200).optional(),
  policy_id: nameField,
  alert_correlation_id: nameField,
  alert_event: z.string().max(100).optional(),
  data: maybe(details),
});

/** What Cloudflare sends, for the API's description: `data` may hold anything. */
export const cloudflareForm = z.union([test, notification.omit({ data: true })]);

/** A notification, whose exact text tells two alerts apart that nothing else in them does. */
export const cloudflare = (body: string) =>
  z.unknown().transform((sent, context): Notification => {
    // Not a union: of one that fits nothing zod names no field.
    if (test.safeParse(sent).success) return "test";
    const read = notification.safeParse(sent);
    if (read.success) return [reported(read.data, digestOf(new TextEncoder().encode(body)))];
    for (const { path, message } of read.error.issues) context.addIssue({ code: "custom", path, message });
    return z.NEVER;
  });

function reported(sent: z.infer<typeof notification>, digest: Digest): ReportedAlert {
  const { alert_type, ts, text, name, policy_name, data } = sent;
  const policy = sent.policy_id || policy_name || name;
  const episode = data?.episode?.id;
  // Alerts that have no course, only moments, have neither; then every notification is an alert of its own.
  const key = sent.alert_correlation_id || episode || [policy, alert_type, ts, digest].join(" ");
  const subject = data?.health_check_id ?? data?.health_check_name;
  const alert = episode ?? [policy, alert_type, ...(subject === undefined ? [] : [subject])].join(" ");
  const title = titleOf(text, policy_name, name, alert_type);
  return { state: isOver(sent) ? "resolved" : "firing", key, alert, title, firedAt: ts };
}

/** Alert types differ in how they say that it is over: by an event, by a status of their own, or by the new state of what they watch. */
function isOver({ alert_event = "", data }: z.infer<typeof notification>): boolean {
  return (
    /_END$/.test(alert_event) ||
    /^normal$/i.test(data?.status ?? "") ||
    /^healthy$/i.test(data?.new_status ?? "")
  );
}
