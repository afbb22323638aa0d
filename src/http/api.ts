// The JSON API of a run. Each route reads its input, asks the run once, and answers; no rule of the run lives here.
import type { Context, Hono } from "hono";
import { digestOf, refuse } from "../receipt/index.ts";
import type { Env } from "../run/env.ts";
import type { DecisionRequest, RunResult } from "../run/run-api.ts";
import type { RunDurableObject } from "../run/run-durable-object.ts";
import { getRuns } from "./list-runs.ts";
import { watchRun } from "./live.ts";
import { type ProblemRefusal, problem } from "./problem.ts";
import { readJson } from "./read-body.ts";
import { receiptAt } from "./receipt-at.ts";
import { changesBody, decisionBody, readIdempotencyKey } from "./requests.ts";
import { resource } from "./resource.ts";
import { actorOf } from "./reviewer/identity.ts";
import { nameStarted, runStub, unknownRun } from "./run-stub.ts";
import { beginRun, readStart } from "./start-request.ts";

type Ctx = Context<{ Bindings: Env }>;

/** How long a start or a decision waits for the run to need a human or end, in milliseconds. */
export const ANSWER_WITHIN_MS = 2_000;

/** Adds the routes that a run answers. */
export function addApi(app: Hono<{ Bindings: Env }>): void {
  resource(app, "/api/runs", { GET: getRuns, POST: startRun });
  resource(app, "/api/runs/:run", { GET: (c) => ask(c, (run) => run.view()) });
  resource(app, "/api/runs/:run/receipts", { GET: (c) => ask(c, (run) => run.receipts()) });
  resource(app, "/api/runs/:run/receipts/:seq", { GET: getReceipt });
  resource(app, "/api/runs/:run/bundle", { GET: getBundle });
  resource(app, "/api/runs/:run/artifacts/:digest", { GET: getArtifact });
  resource(app, "/api/runs/:run/lineage", { GET: (c) => ask(c, (run) => run.lineage()) });
  resource(app, "/api/runs/:run/gate", { GET: (c) => ask(c, (run) => run.gate()) });
  resource(app, "/api/runs/:run/live", { GET: watchRun });
  resource(app, "/api/runs/:run/approve", { POST: (c) => decide(c, "approve") });
  resource(app, "/api/runs/:run/reject", { POST: (c) => decide(c, "reject") });
  resource(app, "/api/runs/:run/request-changes", { POST: requestChanges });
}

async function startRun(c: Ctx): Promise<Response> {
  const key = readIdempotencyKey(c.req.header("idempotency-key"));
  if (!key.ok) return fail(c, key.refusal);
  const request = await readStart(c.req.raw, actorOf(c), c.env, new Date());
  if (!request.ok) return fail(c, request.refusal);
  const run = nameStarted(request.value.startedBy, key.value);
  const view = await beginRun(c.env, run, request.value, patience(c));
  if (!view.ok) return fail(c, view.refusal);
  return Response.json(view.value, {
    status: 201,
    headers: { ...preferenceApplied(c), location: `/api/runs/${run}` },
  });
}

async function decide(c: Ctx, decision: "approve" | "reject"): Promise<Response> {
  const body = await readJson(c.req.raw, decisionBody);
  if (!body.ok) return fail(c, body.refusal);
  const { proposal, reason = "" } = body.value;
  return sendDecision(c, { decision, proposal, reason, reviewer: actorOf(c) });
}

async function requestChanges(c: Ctx): Promise<Response> {
  const body = await readJson(c.req.raw, changesBody);
  if (!body.ok) return fail(c, body.refusal);
  const { proposal, feedback } = body.value;
  return sendDecision(c, { decision: "request_changes", proposal, reason: feedback, reviewer: actorOf(c) });
}

async function sendDecision(c: Ctx, request: DecisionRequest): Promise<Response> {
  return ask(c, (run) => run.decide(request, patience(c)), preferenceApplied(c));
}

/** One receipt's envelope, to be kept as a file: exactly as the bundle holds it. */
async function getReceipt(c: Ctx): Promise<Response> {
  const stub = runStub(c.env, c.req.param("run") ?? "");
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

async function getBundle(c: Ctx): Promise<Response> {
  return ask(c, (run) => run.bundle(), {
    "content-disposition": `attachment; filename="${c.req.param("run")}.bundle.json"`,
  });
}

/** Exact bytes, as text or as opaque bytes; app.ts adds the policy that makes them inert. */
async function getArtifact(c: Ctx): Promise<Response> {
  const stub = runStub(c.env, c.req.param("run") ?? "");
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

/** Asks the run that the path names, and answers with what it says. */
async function ask<Value>(
  c: Ctx,
  question: (run: DurableObjectStub<RunDurableObject>) => Promise<RunResult<Value>>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const stub = runStub(c.env, c.req.param("run") ?? "");
  if (!stub) return fail(c, unknownRun());
  const answer = await question(stub);
  if (!answer.ok) return fail(c, answer.refusal);
  return Response.json(answer.value, { headers: { ...headers, "cache-control": "no-store" } });
}

function fail(c: Ctx, refusal: ProblemRefusal): Response {
  return problem(refusal, c.req.path);
}

/** RFC 7240: `Prefer: respond-async` asks not to wait. */
function prefersAsync(c: Ctx): boolean {
  // A quoted text is one value, whatever stands in it; an empty one is the same as none (§2).
  const preferences = (c.req.header("prefer") ?? "").replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return /(^|,)\s*respond-async\s*(=\s*(""\s*)?)?(;|,|$)/i.test(preferences);
}

function patience(c: Ctx) {
  return { waitMs: prefersAsync(c) ? 0 : ANSWER_WITHIN_MS };
}

function preferenceApplied(c: Ctx): Record<string, string> {
  return prefersAsync(c) ? { "preference-applied": "respond-async" } : {};
}

function isText(bytes: Uint8Array): boolean {
  try {
    return !new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).includes("\0");
  } catch {
    return false;
  }
}
