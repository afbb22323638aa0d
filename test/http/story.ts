// What the document's examples tell: one run from its alert to its bundle with a revision in between, one that is rejected and
// continued, one that is undone, the alerts that monitoring systems send, and what is refused. Told once to capture them, and again to
// test them. What is particular to a domain, the deployment's demo says.
import type { ReceiptList, RunEntry, RunView } from "../../src/host/index.ts";
import { ALERTMANAGER, CLOUDFLARE, CLOUDFLARE_TEST, GRAFANA, STANDARD } from "../worker/alert-payloads.ts";
import { type Recorder, until } from "./recorder.ts";

/** What the deployment that is asked must be set to. */
export const SETTINGS = {
  ISSUER: "https://countersign.example",
  ALERT_SECRET_CLOUDFLARE: "the-secret-of-this-webhook",
};

/** What the story needs to know of a domain. */
export interface Demo {
  readonly alert: { readonly title: string; readonly [detail: string]: unknown };
  /** What a reviewer asks to be done otherwise. */
  readonly feedback: string;
  /** One of a run's own resources, and another content for it. */
  readonly resource: { readonly name: string; readonly content: unknown };
  /** Another call than the one that is proposed first. */
  readonly edit: (view: RunView) => { connector: string; method: string; args: unknown };
}

const UNKNOWN = { run: `run-${"0".repeat(24)}` };

/** Sends everything that is an example to a deployment without runs. */
export async function tell(recorder: Recorder, demo: Demo): Promise<void> {
  await tellDeployment(recorder);
  const approved = await tellApproval(recorder, demo);
  await tellRecords(recorder, approved);
  await tellUndoing(recorder, approved);
  await tellRejection(recorder, demo);
  await tellRefusals(recorder, approved);
  await tellAlerts(recorder);
}

async function tellDeployment(recorder: Recorder): Promise<void> {
  await recorder.record(200, "getTrustPolicy", "policy", "The keys that signed every example on this page");
  await recorder.record(200, "getJwks", "keys", "The same keys");
  await recorder.record(200, "getHealth", "healthy", "Ready");
  await recorder.record(200, "getDocument", "this", "This document, as it is served", {
    file: "/openapi.json",
  });
}

/** From an alert over a revision to the call. */
async function tellApproval(recorder: Recorder, { alert, feedback }: Demo): Promise<RunView> {
  const body = { alert: { ...alert, source: "pager", ticket: "OPS-1723" } };
  const headers = { "idempotency-key": "OPS-1723" };
  const started = await recorder.record<RunView>(201, "startRun", "alert", "On an alert of your own", {
    headers,
    body,
  });
  const { run } = started;
  const params = { run };
  await recorder.record(422, "startRun", "key-reused", "The same Idempotency-Key with another body", {
    headers,
    body: { alert: { title: "Search is slow" } },
  });
  await recorder.record(200, "getRun", "waiting", "It waits for a decision", { params });
  await recorder.record(200, "getGate", "waiting", "No decision yet, so no call", { params });
  const revised = await recorder.record<RunView>(
    200,
    "requestChanges",
    "revised",
    "A reviewer's words, and another proposal",
    { params, body: { proposal: started.pending?.proposal, feedback } },
  );
  await recorder.record(409, "approve", "stale", "The proposal that was seen is no longer the open one", {
    params,
    body: { proposal: started.pending?.proposal },
  });
  await recorder.record(422, "approve", "unnamed", "A decision has to name what was seen", {
    params,
    body: {},
  });
  await recorder.record(403, "approve", "role", "In a role that the reviewer does not hold", {
    params,
    body: { proposal: revised.pending?.proposal, role: "owner" },
  });
  await recorder.record(200, "getIntent", "approve", "What the reviewer's own key would sign", {
    params,
    query: "?decision=approve&reason=Reads+well.",
  });
  return recorder.record(200, "approve", "approved", "The open proposal, and its call", {
    params,
    body: { proposal: revised.pending?.proposal, reason: "Reads well." },
  });
}

/** What an ended run leaves behind. */
async function tellRecords(recorder: Recorder, { run }: RunView): Promise<void> {
  const params = { run };
  await recorder.record(200, "getRun", "ended", "It has ended", { params });
  await recorder.record(200, "getGate", "ended", "Approved and used up: nothing more may be called", {
    params,
  });
  await recorder.record(200, "getReceipts", "receipts", "A run with one revision, from alert to handoff", {
    params,
    file: "/examples/receipts.json",
  });
  await recorder.record(200, "getReceipt", "alert", "The first receipt", { params: { run, seq: "0" } });
  await recorder.record(404, "getReceipt", "none", "The run has no such receipt", {
    params: { run, seq: "99" },
  });
  await recorder.record(
    200,
    "getBundle",
    "bundle",
    "The same run, whole; it verifies under the trust policy on this page",
    { params, file: "/examples/bundle.json" },
  );
  const { receipts } = await recorder.read<ReceiptList>(`/api/runs/${run}/receipts`);
  const { sha256 = "" } = receipts[0]?.statement.subject.find(({ name }) => name === "policy")?.digest ?? {};
  await recorder.record(200, "getArtifact", "policy", "The policy that the run stands under", {
    params: { run, digest: sha256 },
  });
  await recorder.record(404, "getArtifact", "none", "The run names no such artifact", {
    params: { run, digest: `sha256:${"0".repeat(64)}` },
  });
}

/** A run that undoes what the first one did. */
async function tellUndoing(recorder: Recorder, { run }: RunView): Promise<void> {
  const { receipts } = await recorder.read<ReceiptList>(`/api/runs/${run}/receipts`);
  const execution = receipts.findLast(({ kind }) => kind === "execution")?.digest;
  await recorder.record(201, "revertRun", "undoing", "The call that undoes what was executed", {
    params: { run },
    body: { execution },
  });
  await recorder.record(422, "revertRun", "none", "The run has no such execution", {
    params: { run },
    body: { execution: receipts[0]?.digest },
  });
}

/** A run with an edit and a drift that is rejected, the run that continues it, and the list in which both stand. */
async function tellRejection(recorder: Recorder, { edit, resource, alert }: Demo): Promise<void> {
  const first = await recorder.record<RunView>(201, "startRun", "plain", "On an alert with a title", {
    body: { alert },
  });
  const params = { run: first.run };
  await recorder.record(409, "startRun", "unfinished", "The run to continue has not ended", {
    body: { continues: params },
  });
  const edited = await recorder.record<RunView>(
    200,
    "requestChanges",
    "edited",
    "The very call that the reviewer wants",
    { params, body: { proposal: first.pending?.proposal, edit: edit(first) } },
  );
  await recorder.record(204, "putResource", "drift", "Somebody else changes what the run found", {
    params: { ...params, resource: encodeURIComponent(resource.name) },
    body: { content: resource.content },
  });
  await recorder.record(200, "reject", "rejected", "Nothing is called, and the run ends", {
    params,
    body: { proposal: edited.pending?.proposal, reason: "Not in peak hours." },
  });
  const next = await recorder.record<RunView>(
    201,
    "startRun",
    "continuing",
    "Where a finished run handed on",
    {
      body: { continues: params },
    },
  );
  await recorder.record(200, "getLineage", "continuing", "Of the run that continues another", {
    params: { run: next.run },
  });
  // The list hears of a run a moment later than the run itself.
  await until(async () => {
    const { runs } = await recorder.read<{ runs: RunEntry[] }>("/api/runs?limit=1");
    return runs[0]?.head === next.head;
  });
  await recorder.record(200, "listRuns", "newest", "The newest run, and where the next page begins", {
    query: "?limit=1",
  });
}

async function tellRefusals(recorder: Recorder, { run }: RunView): Promise<void> {
  await recorder.record(400, "startRun", "malformed", "The body is no JSON", { body: "{" });
  await recorder.record(415, "startRun", "wrong-type", "A form instead of JSON", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "alert=flags",
  });
  await recorder.record(422, "startRun", "unknown-parent", "There is no such run to continue", {
    body: { continues: UNKNOWN },
  });
  await recorder.record(400, "listRuns", "unknown-name", "The query asks for what there is not", {
    query: "?colour=red",
  });
  await recorder.record(404, "getRun", "unknown", "There is no such run", { params: UNKNOWN });
  await recorder.record(409, "reject", "ended", "The run has ended", {
    params: { run },
    body: { proposal: `sha256:${"0".repeat(64)}` },
  });
  await recorder.record(426, "watchRun", "no-handshake", "A plain GET", { params: { run } });
}

/** Each source's documented form. */
async function tellAlerts(recorder: Recorder): Promise<void> {
  const cloudflare = { source: "cloudflare" };
  const headers = { "cf-webhook-auth": SETTINGS.ALERT_SECRET_CLOUDFLARE };
  const alert = (name: string, summary: string, params: { source: string }, body: object, more = {}) =>
    recorder.record(200, "raiseAlerts", name, summary, { params, body, headers: more });
  await recorder.record(401, "raiseAlerts", "unauthenticated", "Without the source's secret", {
    params: cloudflare,
    body: CLOUDFLARE,
  });
  await alert("cloudflare", "Cloudflare Notifications", cloudflare, CLOUDFLARE, headers);
  const end = { ...CLOUDFLARE, ts: CLOUDFLARE.ts + 600, alert_event: "ALERT_STATE_EVENT_END" };
  await alert("cloudflare-end", "The end of the same alert", cloudflare, end, headers);
  await alert("cloudflare-test", "Cloudflare's test message", cloudflare, CLOUDFLARE_TEST, headers);
  await alert(
    "alertmanager",
    "Prometheus Alertmanager: a group of two alerts",
    { source: "alertmanager" },
    ALERTMANAGER,
  );
  await alert("grafana", "Grafana", { source: "grafana" }, GRAFANA);
  await alert("webhook", "Standard Webhooks", { source: "webhook" }, STANDARD);
  await recorder.record(422, "raiseAlerts", "other-form", "Not of the source's documented form", {
    params: { source: "alertmanager" },
    body: { message: "Pricing is down" },
  });
  await recorder.record(404, "raiseAlerts", "unknown-source", "There is no such source", {
    params: { source: "pagerduty" },
    body: {},
  });
}
