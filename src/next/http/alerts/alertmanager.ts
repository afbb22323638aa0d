// Prometheus Alertmanager's webhook, version 4, and Grafana's, which is the same but for additions.
// Sources: prometheus.io/docs/alerting/latest/configuration (webhook_config), and Grafana's "Configure webhook notifications".
import { z } from "zod";
import { keyField, type Notification, timeField, titleOf } from "./reported-alert.ts";

/** More would start a flood of runs at once; the senders' own setting is called `max_alerts`. */
const MAX_ALERTS = 50;

const texts = z.record(z.string(), z.string());

const alert = z.looseObject({
  status: z.enum(["firing", "resolved"]),
  labels: texts,
  annotations: texts.default({}),
  startsAt: timeField,
  fingerprint: keyField,
});

export const alertmanager = z
  .looseObject({
    // Alertmanager says "4"; Grafana says "1" for the same form.
    version: z.enum(["4", "1"]),
    groupKey: z.string(),
    alerts: z.array(alert).min(1).max(MAX_ALERTS, `expected at most ${MAX_ALERTS} alerts; set max_alerts`),
  })
  .transform(({ alerts }): Notification => {
    return alerts.map(({ status, labels, annotations, startsAt, fingerprint }) => ({
      state: status,
      // An alert that fires again after it was resolved has the same labels and another start.
      key: `${fingerprint} ${startsAt}`,
      // Some ends carry another start: Grafana's may have that of the end itself.
      alert: fingerprint,
      title: titleOf(annotations.summary, annotations.description, labels.alertname),
      firedAt: startsAt,
    }));
  });
