// What a run leaves behind: receipts, artifacts, its bundle and lineage; and what somebody else changes under it.
import { z } from "zod";
import { digestOf, refuse } from "../../receipt/index.ts";
import { ask, fail, runOf } from "../ask-run.ts";
import type { Ctx } from "../edge-env.ts";
import * as answers from "../openapi/answers.ts";
import { checkSchema, MAX_DECISION_BODY, readJson } from "../read-body.ts";
import { receiptAt } from "../receipt-at.ts";
import { resourceBody, resourceName } from "../requests.ts";
import { json, type Route } from "../route.ts";
import { unknownRun } from "../run-stub.ts";
import { BODY, UNKNOWN } from "./refusals.ts";

const read = { method: "get", tag: "Records", refuses: { 404: UNKNOWN } } as const;

export const RECORD_ROUTES: readonly Route[] = [
  {
    ...read,
    path: "/api/runs/{run}/lineage",
    id: "getLineage",
    summary: "The runs before and after a run",
    answers: [json(200, "The lineage.", answers.lineage)],
    handle: (c) => ask(c, (run) => run.lineage()),
  },
  {
    ...read,
    path: "/api/runs/{run}/receipts",
    id: "getReceipts",
    summary: "Every receipt, with its statement to read",
    answers: [json(200, "The receipts, oldest first.", answers.receiptList)],
    handle: (c) => ask(c, (run) => run.receipts()),
  },
  {
    ...read,
    path: "/api/runs/{run}/receipts/{seq}",
    id: "getReceipt",
    summary: "One receipt's envelope, as a file",
    answers: [json(200, "The envelope, exactly as the bundle holds it.", answers.envelope)],
    refuses: { 404: "There is no such run, or it has no receipt at this place." },
    handle: getReceipt,
  },
  {
    ...read,
    path: "/api/runs/{run}/bundle",
    id: "getBundle",
    summary: "Everything that is needed to verify the run offline",
    answers: [json(200, "The bundle.", answers.bundle)],
    handle: (c) =>
      ask(c, (run) => run.bundle(), {
        "content-disposition": `attachment; filename="${c.req.param("run")}.bundle.json"`,
      }),
  },
  {
    ...read,
    path: "/api/runs/{run}/artifacts/{digest}",
    id: "getArtifact",
    summary: "The exact bytes of an artifact",
    description:
      "Text comes as text/plain, anything else as application/octet-stream; never as an active document.",
    answers: [
      { status: 200, description: "The bytes.", content: { type: "text/plain", schema: z.string() } },
    ],
    refuses: { 404: "There is no such run, or it names no such artifact." },
    handle: getArtifact,
  },
  {
    method: "put",
    path: "/api/runs/{run}/resources/{resource}",
    id: "putResource",
    tag: "Records",
    summary: "Change one of the run's own resources, as somebody else would",
    description:
      "Signs nothing. A proposal that was previewed before is then refused when it is approved, for it no longer finds what its preview found.",
    body: { type: "application/json", schema: resourceBody, required: true },
    answers: [{ status: 204, description: "It stands there now." }],
    refuses: {
      400: BODY[400],
      404: UNKNOWN,
      409: "The run has made a call or ended.",
      413: "The body is over 1 MiB.",
      415: BODY[415],
      422: "The body is not of this form, or the domain holds no such content there.",
    },
    handle: putResource,
  },
];

/** One receipt's envelope, to be kept as a file: exactly as the bundle holds it. */
async function getReceipt(c: Ctx): Promise<Response> {
  const stub = runOf(c);
  if (!stub) return fail(c, unknownRun());
  const listed = await stub.receipts();
  const receipt = listed.ok ? receiptAt(listed.value.receipts, c.req.param("seq")) : listed;
  if (!receipt.ok) return fail(c, receipt.refusal);
  const { seq, kind, envelope } = receipt.value;
  const name = `${c.req.param("run")}.receipt-${seq}.${kind}.json`;
  return Response.json(envelope, {
    headers: { "content-disposition": `attachment; filename="${name}"`, "cache-control": "no-store" },
  });
}

/** Exact bytes, as text or as opaque bytes; app.ts adds the policy that makes them inert. */
async function getArtifact(c: Ctx): Promise<Response> {
  const stub = runOf(c);
  const digest = (c.req.param("digest") ?? "").replace(/^sha256:/, "");
  if (!stub) return fail(c, unknownRun());
  if (!/^[0-9a-f]{64}$/.test(digest)) {
    return fail(c, refuse("ERR_NOT_FOUND", "expected sha256:<64 lower-case hex digits>").refusal);
  }
  const bytes = await stub.artifact(digest);
  if (!bytes.ok) return fail(c, bytes.refusal);
  return new Response(bytes.value, {
    headers: {
      "content-type": isText(bytes.value) ? "text/plain; charset=utf-8" : "application/octet-stream",
      "content-disposition": `inline; filename="${digest}.txt"`,
      "cache-control": "public, max-age=31536000, immutable",
      etag: `"${digestOf(bytes.value)}"`,
    },
  });
}

async function putResource(c: Ctx): Promise<Response> {
  const stub = runOf(c);
  if (!stub) return fail(c, unknownRun());
  const name = checkSchema(c.req.param("resource"), resourceName);
  if (!name.ok) return fail(c, name.refusal);
  const body = await readJson(c.req.raw, resourceBody, { max: MAX_DECISION_BODY });
  if (!body.ok) return fail(c, body.refusal);
  const put = await stub.putResource(name.value, body.value.content);
  return put.ok ? new Response(null, { status: 204 }) : fail(c, put.refusal);
}

function isText(bytes: Uint8Array): boolean {
  try {
    return !new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).includes("\0");
  } catch {
    return false;
  }
}
