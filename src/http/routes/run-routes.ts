// Starting runs, finding them, and looking at one.
import { ask, fail, preferenceApplied, runOf, waits } from "../ask-run.ts";
import type { Ctx } from "../edge-env.ts";
import { getRuns, listQuery } from "../list-runs.ts";
import { watchRun } from "../live.ts";
import * as answers from "../openapi/answers.ts";
import { problem } from "../problem.ts";
import { readJson } from "../read-body.ts";
import { readIdempotencyKey, revertBody, startBody } from "../requests.ts";
import { actorOf } from "../reviewer/identity.ts";
import { json, type Route } from "../route.ts";
import { nameStarted, unknownRun } from "../run-stub.ts";
import { beginRun, readStart, revertStart, type Start } from "../start-request.ts";
import { BODY, starting, UNKNOWN } from "./refusals.ts";

export const RUN_ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/api/runs",
    id: "startRun",
    tag: "Runs",
    summary: "Start a run",
    description:
      "Answers when the run needs a human or has ended, or after two seconds if it is still working; either way it goes on by itself. With `continues` it takes over from a finished run of the same domain, whose chain is verified first; a bundle sent as `application/vnd.countersign.bundle+json;version=2` is continued in the same way.",
    headers: starting,
    body: { type: "application/json", schema: startBody, required: false },
    answers: [json(201, "The run as it is. `Location` is its address.", answers.runView)],
    refuses: {
      400: "The body is no JSON, or a header is malformed.",
      409: "The run to continue has not ended.",
      413: "The body is over 64 KiB, or the bundle over 2 MiB.",
      415: "The content type is neither application/json nor that of a bundle of version 2.",
      422: "The body is not of this form, the key was used with another one, or the run to continue is unknown, of another domain, or does not verify.",
    },
    handle: startRun,
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
    answers: [json(200, "One page of runs.", answers.runList)],
    refuses: { 400: "The query has a name or a value that means nothing here." },
    handle: getRuns,
  },
  {
    method: "get",
    path: "/api/runs/{run}",
    id: "getRun",
    tag: "Runs",
    summary: "Look at a run",
    answers: [json(200, "The run as it is.", answers.runView)],
    refuses: { 404: UNKNOWN },
    handle: (c) => ask(c, (run) => run.view()),
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
    handle: watchRun,
  },
  {
    method: "get",
    path: "/api/runs/{run}/gate",
    id: "getGate",
    tag: "Runs",
    summary: "Ask what a resuming agent may do now",
    description: "Always from storage, verified afresh. Where the chain does not verify, nothing is allowed.",
    answers: [json(200, "The gate.", answers.gate)],
    refuses: { 404: UNKNOWN },
    handle: (c) => ask(c, (run) => run.gate()),
  },
  {
    method: "post",
    path: "/api/runs/{run}/revert",
    id: "revertRun",
    tag: "Runs",
    summary: "Start a run that undoes an execution of this one",
    description:
      "The run must have ended, and its domain must know the call that undoes the other. That call is proposed in the name of whoever asks, and decided on like any other.",
    headers: starting,
    body: { type: "application/json", schema: revertBody, required: true },
    answers: [json(201, "The new run as it is. `Location` is its address.", answers.runView)],
    refuses: {
      400: "The body is no JSON, or a header is malformed.",
      404: UNKNOWN,
      409: "The run has not ended.",
      413: BODY[413],
      415: BODY[415],
      422: "The body is not of this form, the run has no such execution, or it cannot be undone.",
    },
    handle: revertRun,
  },
];

async function startRun(c: Ctx): Promise<Response> {
  const start = await readStart(c.req.raw, actorOf(c), new Date());
  return start.ok ? answerStart(c, start.value) : fail(c, start.refusal);
}

async function revertRun(c: Ctx): Promise<Response> {
  if (!runOf(c)) return fail(c, unknownRun());
  const body = await readJson(c.req.raw, revertBody);
  if (!body.ok) return fail(c, body.refusal);
  return answerStart(c, revertStart(c.req.param("run") ?? "", body.value.execution, actorOf(c), new Date()));
}

async function answerStart(c: Ctx, start: Start): Promise<Response> {
  const key = readIdempotencyKey(c.req.header("idempotency-key"));
  if (!key.ok) return fail(c, key.refusal);
  const run = nameStarted(start.request.startedBy, key.value);
  const view = await beginRun(c.env, run, start, waits(c));
  if (!view.ok) return problem(view.refusal, c.req.path);
  return Response.json(view.value, {
    status: 201,
    headers: { ...preferenceApplied(c), location: `/api/runs/${run}` },
  });
}
