// The table of the API's operations. A test holds it to the routes: none is missing here, and none is there that is not.
import { z } from "zod";
import { alertmanager } from "../alerts/alertmanager.ts";
import { cloudflareForm } from "../alerts/cloudflare.ts";
import { standardWebhook } from "../alerts/standard-webhook.ts";
import { listQuery } from "../list-runs.ts";
import { changesBody, decisionBody, startBody } from "../requests.ts";
import {
  alertsTaken,
  bundle,
  envelope,
  gate,
  health,
  jwks,
  lineage,
  receiptList,
  runList,
  runView,
  trustPolicy,
} from "./answers.ts";
import type { Answer, Operation } from "./operation.ts";

const json = (status: number, description: string, schema: z.ZodType, type = "application/json"): Answer => ({
  status,
  description,
  content: { type, schema },
});

const prefer = z.object({
  prefer: z.string().optional().meta({ description: "`respond-async` answers at once (RFC 7240)." }),
});

const UNKNOWN = "There is no such run.";
const BODY = {
  400: "The body is no JSON.",
  413: "The body is over 64 KiB.",
  415: "The content type is not application/json.",
};

/** What every decision refuses. Nothing is signed then. */
const DECISION = {
  ...BODY,
  404: UNKNOWN,
  409: "Another proposal is open by now, or none, or the time to decide is over.",
  422: "The body is not of this form, or no revision is left.",
};

const decided = json(200, "The decision is signed. The run as it is, at most two seconds later.", runView);

/** What the sources send. Of a signed webhook a header says which event it is, and not its body. */
const NOTIFICATIONS = [
  cloudflareForm.meta({ id: "CloudflareNotification" }),
  alertmanager.meta({
    id: "AlertmanagerNotification",
    description: "Grafana's is the same but for additions.",
  }),
  standardWebhook("").meta({ id: "StandardWebhook" }),
] as const;

export const OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/api/runs",
    id: "startRun",
    tag: "Runs",
    summary: "Start a run",
    description:
      "Answers when the run needs a human or has ended, or after two seconds if it is still working; either way it goes on by itself. With `continues` it takes over from a finished run, whose chain is verified first; a bundle sent as `application/vnd.countersign.bundle+json;version=1` is continued in the same way.",
    headers: prefer.extend({
      "idempotency-key": z.string().optional().meta({
        description: "1 to 200 printable ASCII characters. The same key and body lead to the same run.",
      }),
    }),
    body: { type: "application/json", schema: startBody, required: false },
    answers: [json(201, "The run as it is. `Location` is its address.", runView)],
    refuses: {
      400: "The body is no JSON, or a header is malformed.",
      409: "The run to continue has not ended.",
      413: "The body is over 64 KiB, or the bundle over 2 MiB.",
      415: "The content type is neither application/json nor that of a bundle of version 1.",
      422: "The body is not of this form, the key was used with another one, or the run to continue is unknown or does not verify.",
    },
  },
  {
    method: "get",
    path: "/api/runs",
    id: "listRuns",
    tag: "Runs",
    summary: "List runs, newest first",
    description:
      "From an index that the runs report to. A run that has just changed may stand here a moment later; the run itself is never late.",
    query: listQuery,
    answers: [json(200, "One page of runs.", runList)],
    refuses: { 400: "The query has a name or a value that means nothing here." },
  },
  {
    method: "get",
    path: "/api/runs/{run}/live",
    id: "watchRun",
    tag: "Runs",
    summary: "Watch a run over a WebSocket",
    description: "Tells `{head, status}` on joining and at every receipt. Send nothing but `ping`.",
    answers: [{ status: 101, description: "The socket is open." }],
    refuses: { 404: UNKNOWN, 426: "The request is no WebSocket handshake." },
  },
  {
    method: "get",
    path: "/api/runs/{run}",
    id: "getRun",
    tag: "Runs",
    summary: "Look at a run",
    answers: [json(200, "The run as it is.", runView)],
    refuses: { 404: UNKNOWN },
  },
  {
    method: "post",
    path: "/api/runs/{run}/approve",
    id: "approve",
    tag: "Decisions",
    summary: "Approve the open proposal",
    description: "Executes exactly the action that the proposal names, and no other.",
    headers: prefer,
    body: { type: "application/json", schema: decisionBody, required: true },
    answers: [decided],
    refuses: DECISION,
  },
  {
    method: "post",
    path: "/api/runs/{run}/reject",
    id: "reject",
    tag: "Decisions",
    summary: "Reject the open proposal",
    description: "Ends the run without the write.",
    headers: prefer,
    body: { type: "application/json", schema: decisionBody, required: true },
    answers: [decided],
    refuses: DECISION,
  },
  {
    method: "post",
    path: "/api/runs/{run}/request-changes",
    id: "requestChanges",
    tag: "Decisions",
    summary: "Ask for another proposal",
    description: "The agent revises the proposal and the run waits again.",
    headers: prefer,
    body: { type: "application/json", schema: changesBody, required: true },
    answers: [decided],
    refuses: DECISION,
  },
  {
    method: "get",
    path: "/api/runs/{run}/lineage",
    id: "getLineage",
    tag: "Records",
    summary: "The runs before and after a run",
    answers: [json(200, "The lineage.", lineage)],
    refuses: { 404: UNKNOWN },
  },
  {
    method: "get",
    path: "/api/runs/{run}/receipts",
    id: "getReceipts",
    tag: "Records",
    summary: "Every receipt, with its statement to read",
    answers: [json(200, "The receipts, oldest first.", receiptList)],
    refuses: { 404: UNKNOWN },
  },
  {
    method: "get",
    path: "/api/runs/{run}/receipts/{seq}",
    id: "getReceipt",
    tag: "Records",
    summary: "One receipt's envelope, as a file",
    answers: [json(200, "The envelope, exactly as the bundle holds it.", envelope)],
    refuses: { 404: "There is no such run, or it has no receipt at this place." },
  },
  {
    method: "get",
    path: "/api/runs/{run}/bundle",
    id: "getBundle",
    tag: "Records",
    summary: "Everything that is needed to verify the run offline",
    answers: [json(200, "The bundle.", bundle)],
    refuses: { 404: UNKNOWN },
  },
  {
    method: "get",
    path: "/api/runs/{run}/artifacts/{digest}",
    id: "getArtifact",
    tag: "Records",
    summary: "The exact bytes of an artifact",
    description:
      "Text comes as text/plain, anything else as application/octet-stream; never as an active document.",
    answers: [
      {
        status: 200,
        description: "The bytes.",
        content: { type: "text/plain", schema: z.string() },
      },
    ],
    refuses: { 404: "There is no such run, or it names no such artifact." },
  },
  {
    method: "get",
    path: "/api/runs/{run}/gate",
    id: "getGate",
    tag: "Runs",
    summary: "Ask what a resuming agent may do now",
    description: "Always from storage, verified afresh. Where the chain does not verify, nothing is allowed.",
    answers: [json(200, "The gate.", gate)],
    refuses: { 404: UNKNOWN },
  },
  {
    method: "post",
    path: "/api/alerts/{source}",
    id: "raiseAlerts",
    tag: "Alerts",
    summary: "Take a notification from a monitoring system",
    description:
      "`source` is `cloudflare`, `alertmanager`, `grafana` or `webhook`, each with the body that its sender documents. A firing alert starts one run, however often it is repeated.",
    body: { type: "application/json", schema: z.union(NOTIFICATIONS), required: true },
    answers: [json(200, "What became of each alert.", alertsTaken)],
    refuses: {
      400: BODY[400],
      401: "The source's secret is set, and the request does not prove to know it.",
      404: "There is no such source.",
      413: BODY[413],
      422: "The body is not of the source's documented form.",
    },
  },
  {
    method: "get",
    path: "/.well-known/countersign.json",
    id: "getTrustPolicy",
    tag: "Deployment",
    summary: "The trust policy: whose keys sign here",
    query: z.object({
      issuer: z.string().optional().meta({
        description: "The name in the chains to be verified, where it is a former one of the deployment.",
      }),
    }),
    answers: [json(200, "The trust policy.", trustPolicy)],
    refuses: { 404: "The deployment neither bears nor bore this name." },
  },
  {
    method: "get",
    path: "/.well-known/jwks.json",
    id: "getJwks",
    tag: "Deployment",
    summary: "The same keys as a JWK set",
    answers: [json(200, "The keys.", jwks, "application/jwk-set+json")],
    refuses: {},
  },
  {
    method: "get",
    path: "/openapi.json",
    id: "getDocument",
    tag: "Deployment",
    summary: "This document",
    answers: [json(200, "OpenAPI 3.1.", z.looseObject({ openapi: z.literal("3.1.0") }))],
    refuses: {},
  },
  {
    method: "get",
    path: "/healthz",
    id: "getHealth",
    tag: "Deployment",
    summary: "Whether the deployment can work: its settings, keys and bindings, and the names of its runs",
    answers: [json(200, "It can work.", health)],
    refuses: { 503: "It cannot, or not with each stored run. `detail` says all that is missing or fails." },
  },
];
