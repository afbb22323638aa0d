// The pages of a run: start it, show it, decide on it, go on from it. Each asks the run once, then shows what its receipts say.
import { declaredButton, loadSigningKeys, type RunStory } from "../../host/index.ts";
import { digestField } from "../../receipt/fields.ts";
import { accept, type Result } from "../../receipt/index.ts";
import { type RefusedDecision, RunPage } from "../../view/run-page.tsx";
import { ANSWER_WITHIN_MS, runOf } from "../ask-run.ts";
import type { Ctx } from "../edge-env.ts";
import { type ProblemCode, type ProblemRefusal, statusOf } from "../problem.ts";
import { checkSchema, MAX_DECISION_BODY, readForm } from "../read-body.ts";
import { decidingOf } from "../reviewer/deciding.ts";
import { actorOf } from "../reviewer/identity.ts";
import { nameRun, unknownRun } from "../run-stub.ts";
import { beginRun, revertStart, type Start, startOf } from "../start-request.ts";
import { readDecision } from "./decision-form.ts";
import { errorPage } from "./error-page.tsx";
import { htmlResponse } from "./html.ts";

const WAITS = { waitMs: ANSWER_WITHIN_MS };

/** A form spells a byte in up to three. */
const MAX_DECISION_FORM = 3 * MAX_DECISION_BODY;

/** `POST /runs`: starts a run and goes to its page. */
export async function startRun(c: Ctx): Promise<Response> {
  const form = await readForm(c.req.raw);
  if (!form.ok) return errorPage(form.refusal);
  const button = declaredButton();
  const alert = { source: "desk", ...(button && { title: button.title }) };
  const asked = startOf({ alert }, actorOf(c), new Date());
  return asked.ok ? goToNewRun(c, asked.value) : errorPage(asked.refusal);
}

/** `POST /runs/:run/continue`: starts a run that goes on from this one, and goes to its page. */
export async function continueRun(c: Ctx): Promise<Response> {
  if (!runOf(c)) return errorPage(unknownRun());
  const asked = startOf({ continues: { run: c.req.param("run") ?? "" } }, actorOf(c), new Date());
  return asked.ok ? goToNewRun(c, asked.value) : errorPage(asked.refusal);
}

/** `POST /runs/:run/revert`: starts a run that undoes an execution of this one, and goes to its page. */
export async function revertRun(c: Ctx): Promise<Response> {
  if (!runOf(c)) return errorPage(unknownRun());
  const form = await readForm(c.req.raw);
  if (!form.ok) return errorPage(form.refusal);
  const execution = checkSchema(form.value.execution, digestField);
  if (!execution.ok) return errorPage(execution.refusal);
  return goToNewRun(c, revertStart(c.req.param("run") ?? "", execution.value, actorOf(c), new Date()));
}

async function goToNewRun(c: Ctx, start: Start): Promise<Response> {
  const run = nameRun(null);
  const started = await beginRun(c.env, run, start, WAITS);
  return started.ok ? c.redirect(`/runs/${run}`, 303) : errorPage(started.refusal);
}

/** `GET /runs/:run`. */
export function showRun(c: Ctx): Promise<Response> {
  return runPage(c, null);
}

/** Where a reload of a refused form leads. */
export async function backToRun(c: Ctx): Promise<Response> {
  return c.redirect(`/runs/${encodeURIComponent(c.req.param("run") ?? "")}`, 303);
}

/** `POST /runs/:run/decision`: signs a decision and goes back to the run, or shows the run with why not. */
export async function decideOnRun(c: Ctx): Promise<Response> {
  const stub = runOf(c);
  if (!stub) return errorPage(unknownRun());
  const form = await readForm(c.req.raw, MAX_DECISION_FORM);
  if (!form.ok) return errorPage(form.refusal);
  const { reason, edit, request } = await readDecision(stub, form.value);
  if (!request.ok) return runPage(c, { ...request.refusal, reason, edit });
  const decided = await stub.decide({ ...request.value, reviewer: actorOf(c) }, WAITS);
  if (decided.ok) return c.redirect(`/runs/${c.req.param("run")}`, 303);
  return runPage(c, { ...decided.refusal, reason, edit });
}

type Refused = RefusedDecision & { readonly code: ProblemCode };

async function runPage(c: Ctx, refused: Refused | null): Promise<Response> {
  const read = await readStory(c);
  if (!read.ok) return errorPage(read.refusal);
  const { story, keys } = read.value;
  return htmlResponse(
    <RunPage
      story={story}
      deciding={decidingOf(c)}
      refused={refused}
      origin={new URL(c.req.url).origin}
      now={new Date().toISOString()}
      keys={keys}
    />,
    refused ? statusOf(refused.code) : 200,
  );
}

/** What a run's pages are made from: its story, from one answer of the run, and the deployment's public keys by their ids. */
export async function readStory(
  c: Ctx,
): Promise<
  | Extract<Result<{ story: RunStory; keys: ReadonlyMap<string, string> }>, { ok: true }>
  | { ok: false; refusal: ProblemRefusal }
> {
  const stub = runOf(c);
  if (!stub) return { ok: false, refusal: unknownRun() };
  const keys = loadSigningKeys(c.env);
  if (!keys.ok) return keys;
  const story = await stub.story();
  if (!story.ok) return story;
  const listed = new Map(keys.value.trustPolicy.keys.map(({ kid, x }) => [kid, x]));
  return accept({ story: story.value, keys: listed });
}
