// The pages of a run: start it, show it, decide on it. Each asks the run, then shows what its receipts say.
import type { Context } from "hono";
import { z } from "zod";
import { digestField, textField } from "../receipt/fields.ts";
import { accept, LIMITS, type Result } from "../receipt/index.ts";
import { trustPath, underName } from "../run/deployment-names.ts";
import type { Env } from "../run/env.ts";
import { loadSigningKeys } from "../run/signing-keys.ts";
import { type RefusedDecision, RunPage } from "../view/run-page.tsx";
import { readStory } from "../view/story.ts";
import { ANSWER_WITHIN_MS } from "./api.ts";
import { errorPage } from "./error-page.tsx";
import { htmlResponse } from "./html.ts";
import { type EdgeCode, type ProblemCode, statusOf } from "./problem.ts";
import { checkSchema, readForm } from "./read-body.ts";
import { runRequest } from "./requests.ts";
import { decidingOf } from "./reviewer/deciding.ts";
import { actorOf } from "./reviewer/identity.ts";
import { nameRun, runStub, unknownRun } from "./run-stub.ts";
import { beginRun, startRequest } from "./start-request.ts";

type Ctx = Context<{ Bindings: Env }>;

const PATIENCE = { waitMs: ANSWER_WITHIN_MS };

const decisionForm = z.object({
  proposal: digestField,
  decision: z.enum(["approve", "reject", "request_changes"]),
  reason: textField(LIMITS.reason),
});

/** `POST /runs`: starts a run and goes to its page. */
export async function startRun(c: Ctx): Promise<Response> {
  const form = await readForm(c.req.raw);
  if (!form.ok) return errorPage(form.refusal);
  const request = runRequest({ alert: { source: "desk" } }, actorOf(c), c.env, new Date());
  if (!request.ok) return errorPage(request.refusal);
  const run = nameRun(null);
  const started = await c.env.RUN.getByName(run).start(run, request.value, PATIENCE);
  return started.ok ? c.redirect(`/runs/${run}`, 303) : errorPage(started.refusal);
}

/** `POST /runs/:run/continue`: starts a run that goes on from this one, and goes to its page. */
export async function continueRun(c: Ctx): Promise<Response> {
  const parent = c.req.param("run") ?? "";
  if (!runStub(c.env, parent)) return errorPage(unknownRun());
  const asked = startRequest({ continues: { run: parent } }, actorOf(c), c.env, new Date());
  if (!asked.ok) return errorPage(asked.refusal);
  const run = nameRun(null);
  const started = await beginRun(c.env, run, asked.value, PATIENCE);
  return started.ok ? c.redirect(`/runs/${run}`, 303) : errorPage(started.refusal);
}

/** `GET /runs/:run`. */
export function showRun(c: Ctx): Promise<Response> {
  return runPage(c, null);
}

/** `GET /runs/:run/decision`: where a reload of a refused decision leads. */
export async function backToRun(c: Ctx): Promise<Response> {
  return c.redirect(`/runs/${encodeURIComponent(c.req.param("run") ?? "")}`, 303);
}

/** `POST /runs/:run/decision`: signs a decision and goes back to the run, or shows the run with why not. */
export async function decideOnRun(c: Ctx): Promise<Response> {
  const stub = runStub(c.env, c.req.param("run") ?? "");
  if (!stub) return errorPage(unknownRun());
  const form = await readForm(c.req.raw);
  if (!form.ok) return errorPage(form.refusal);
  const { reason, request } = readDecision(form.value);
  if (!request.ok) return runPage(c, { ...request.refusal, reason });
  const decided = await stub.decide({ ...request.value, reviewer: actorOf(c) }, PATIENCE);
  if (decided.ok) return c.redirect(`/runs/${c.req.param("run")}`, 303);
  return runPage(c, { ...decided.refusal, reason });
}

/** The decision in a form, and the words in it as typed, so that a refusal does not lose them. */
function readDecision(form: Readonly<Record<string, string>>): {
  reason: string;
  request: Result<z.infer<typeof decisionForm>, EdgeCode | "ERR_DECISION_REASON">;
} {
  // A form sends line breaks as CRLF; the box, and its limit, count them as one character.
  const reason = (form.reason ?? "").replaceAll("\r\n", "\n");
  const request = checkSchema({ ...form, reason }, decisionForm);
  if (request.ok && request.value.decision === "request_changes" && reason.trim() === "") {
    const message = "expected a request for changes to say what to change";
    return { reason, request: { ok: false, refusal: { code: "ERR_DECISION_REASON", message } } };
  }
  return { reason, request };
}

type Refused = RefusedDecision & { readonly code: ProblemCode };

async function runPage(c: Ctx, refused: Refused | null): Promise<Response> {
  const shown = await readRun(c.env, c.req.param("run") ?? "");
  if (!shown.ok) return errorPage(shown.refusal);
  const { story, lineage, notes, keys, trust } = shown.value;
  const now = new Date().toISOString();
  const { origin } = new URL(c.req.url);
  return htmlResponse(
    <RunPage
      story={story}
      lineage={lineage}
      notes={notes}
      keys={keys}
      origin={origin}
      trust={trust}
      now={now}
      deciding={decidingOf(c)}
      refused={refused}
    />,
    refused ? statusOf(refused.code) : 200,
  );
}

/** A run's story from one answer of the run, so that no part of it is newer than another; and what stands beside its chain. */
export async function readRun(env: Env, run: string) {
  const stub = runStub(env, run);
  if (!stub) return { ok: false as const, refusal: unknownRun() };
  const keys = loadSigningKeys(env);
  if (!keys.ok) return keys;
  // First, for a chain that does not verify has a bundle, and no story.
  const lineage = await stub.lineage();
  if (!lineage.ok) return lineage;
  const bundle = await stub.bundle();
  if (!bundle.ok) return bundle;
  const story = readStory(bundle.value);
  if (!story.ok) return story;
  const over = await stub.lastNote("alert_resolved");
  if (!over.ok) return over;
  const repeated = await stub.lastNote("alert_repeated");
  if (!repeated.ok) return repeated;
  const listed = new Map(keys.value.trustPolicy.keys.map(({ kid, x }) => [kid, x]));
  const issuer = story.value.alert?.receipt.statement.predicate.issuer ?? keys.value.present;
  const trust = trustPath(underName(keys.value, issuer));
  const notes = { over: over.value, repeated: repeated.value };
  return accept({ story: story.value, lineage: lineage.value, notes, keys: listed, trust });
}
