// The three ways to start a run over the API: afresh, continuing a run of this deployment by its name, and continuing any run
// whose bundle is sent along. Which one is meant, the body and its type say; what a parent is worth, the run finds out.
import { BUNDLE_MEDIA_TYPE, type RunView, readBundle } from "../chain/index.ts";
import {
  type Actor,
  accept,
  canonicalize,
  digestOf,
  NotCanonicalError,
  type Result,
  refuse,
} from "../receipt/index.ts";
import type { Env } from "../run/env.ts";
import type { Patience, RunResult } from "../run/run-api.ts";
import type { ContinueRequest, RunRequest } from "../run/run-request.ts";
import type { EdgeCode, ProblemCode } from "./problem.ts";
import { parseJson, readJson, readText } from "./read-body.ts";
import { continueRequest, runRequest, type StartBody, startBody } from "./requests.ts";

/** Longest bundle accepted as a body, in bytes. Its canonical JSON must be shorter still to be bound as a parent. */
export const MAX_BUNDLE_BODY = 2 * 1024 * 1024;

/** Reads what a client asks for when it starts a run. */
export async function readStart(
  request: Request,
  startedBy: Actor,
  env: Env,
  now: Date,
): Promise<Result<RunRequest | ContinueRequest, ProblemCode>> {
  if (isBundle(request)) {
    const [, version = "1"] = /;\s*version="?([^;"]*)/i.exec(request.headers.get("content-type") ?? "") ?? [];
    if (version.trim() === "1") return readBundleStart(request, startedBy, env, now);
    return refuse("ERR_BODY_TYPE", `expected a bundle of version 1, got version ${version}`);
  }
  const body = await readJson(request, startBody, { optional: true });
  if (!body.ok) return body;
  return startRequest(body.value, startedBy, env, now);
}

/** Makes the request of a start, afresh or continuing a run of this deployment. */
export function startRequest(
  body: StartBody,
  startedBy: Actor,
  env: Env,
  now: Date,
): Result<RunRequest | ContinueRequest, EdgeCode> {
  const asked = runRequest(body, startedBy, env, now);
  const { continues } = body;
  return asked.ok && continues ? accept(continueRequest(asked.value, continues, body)) : asked;
}

/** Starts the run that was asked for. */
export async function beginRun(
  env: Env,
  run: string,
  request: RunRequest | ContinueRequest,
  patience: Patience,
): Promise<RunResult<RunView>> {
  const stub = env.RUN.getByName(run);
  return "parent" in request ? stub.continueFrom(run, request, patience) : stub.start(run, request, patience);
}

/** `application/vnd.countersign.bundle+json`, whatever its parameters: another version is then refused by name. */
function isBundle(request: Request): boolean {
  const [essence] = (request.headers.get("content-type") ?? "").split(";");
  return essence?.trim().toLowerCase() === BUNDLE_MEDIA_TYPE.split(";")[0];
}

async function readBundleStart(
  request: Request,
  startedBy: Actor,
  env: Env,
  now: Date,
): Promise<Result<ContinueRequest, ProblemCode>> {
  const body = await readText(request, MAX_BUNDLE_BODY);
  if (!body.ok) return body;
  const sent = parseJson(body.value);
  if (!sent.ok) return sent;
  const { value } = sent;
  const parsed = readBundle(value);
  if (!parsed.ok) return refuse("ERR_PARENT_BUNDLE", parsed.refusal.message);
  const asked = runRequest({}, startedBy, env, now);
  if (!asked.ok) return asked;
  try {
    const bundle = canonicalize(value);
    const digest = digestOf(new TextEncoder().encode(bundle));
    return accept(continueRequest({ ...asked.value, asked: digest }, { bundle }));
  } catch (error) {
    if (error instanceof NotCanonicalError) return refuse("ERR_PARENT_BUNDLE", error.message);
    throw error;
  }
}
