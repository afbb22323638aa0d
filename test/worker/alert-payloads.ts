// Notifications as their senders' documentation gives them, but for names and times.

/** A Workers Observability alert. */
export const CLOUDFLARE = {
  name: "Pricing errors",
  text: "Worker pricing is answering 5xx on 19 % of requests",
  data: {
    account: { id: "9035f53656c247e895c5a6939ae8a0e0", name: "Example" },
    config: { id: "5f1c2a", name: "Pricing errors" },
    episode: {
      id: "9b0e41",
      first_failed: "2026-11-23T02:11:00Z",
      first_fired: "2026-11-23T02:13:20Z",
      last_failed: "2026-11-23T02:13:00Z",
      summary: "19 % of requests fail",
    },
    status: "PENDING",
  },
  ts: 1_795_400_000,
  account_id: "9035f53656c247e895c5a6939ae8a0e0",
  policy_id: "749b911ea5d04344a58e45edd099b328",
  policy_name: "Pricing errors",
  alert_type: "workers_observability_alert",
  alert_correlation_id: "000eaa907ed24e78946d3a93adb2ae57",
  alert_event: "ALERT_STATE_EVENT_START",
};

/** An alert of another type, with only what every generic webhook is said to carry. */
export const CLOUDFLARE_GENERIC = {
  name: "Origin health",
  text: "Health check pricing-origin is unhealthy",
  data: { health_check_name: "pricing-origin", new_status: "Unhealthy", reason: "HTTP 503" },
  ts: 1_795_400_000,
  policy_name: "Origin health",
  alert_correlation_id: "",
  alert_event: "ALERT_STATE_EVENT_START",
};

export const CLOUDFLARE_TEST = {
  text: "Hello World! This is a test message sent from https://cloudflare.com. If you can see this, your webhook is configured properly.",
};

const ALERT = {
  status: "firing",
  labels: { alertname: "PricingErrors", job: "pricing", severity: "critical" },
  annotations: { summary: "Pricing is answering 5xx", description: "More than 10 % of requests for 5 min" },
  startsAt: "2026-11-23T10:12:45.828123+01:00",
  endsAt: "0001-01-01T00:00:00Z",
  generatorURL: "http://prometheus.example.org:9090/graph?g0.expr=pricing_errors",
  fingerprint: "1a30ba71cca2921f",
};

export const ALERTMANAGER = {
  receiver: "countersign",
  status: "firing",
  alerts: [ALERT, { ...ALERT, labels: { ...ALERT.labels, job: "cart" }, fingerprint: "bc97ff14869b13e3" }],
  groupLabels: { alertname: "PricingErrors" },
  commonLabels: { alertname: "PricingErrors", severity: "critical" },
  commonAnnotations: ALERT.annotations,
  externalURL: "http://prometheus.example.org:9093",
  version: "4",
  groupKey: '{}/{severity="critical"}:{alertname="PricingErrors"}',
  truncatedAlerts: 0,
};

export const GRAFANA = {
  ...ALERTMANAGER,
  version: "1",
  orgId: 1,
  alerts: [
    {
      ...ALERT,
      silenceURL: "https://grafana.example.org/alerting/silence/new",
      dashboardURL: "",
      panelURL: "",
      values: { B: 44.2, C: 1 },
    },
  ],
  title: "[FIRING:1] PricingErrors",
  state: "alerting",
  message: "**Firing**",
};

export const STANDARD = {
  type: "pricing.errors.firing",
  timestamp: "2026-11-23T09:12:45.828Z",
  data: { key: "pricing-errors-17", title: "Pricing is answering 5xx", region: "weur" },
};
