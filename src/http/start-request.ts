// The four ways to start a run over the API: afresh, continuing a run of this deployment by its name, continuing any run whose bundle
// is sent along, and undoing an execution. Which one is meant, the body and its type say; what a parent is worth, the run finds out.
import { BUNDLE_MEDIA_TYPE, readBundle } from "../chain/index.ts";
import {
  declaredButton,
  deploymentOf,
  type ParentRequest,
  type RunResult,
  type RunView,
  type StartRequest,
  type Waits,
} from "../host/index.ts";
import {
  type Actor,
  accept,
  canonicalBytes,
  type Digest,
  digestOf,
  NotCanonicalError,
  type Result,
  refuse,
} from "../receipt/index.ts";
import type { EdgeEnv } from "./edge-env.ts";
import type { EdgeCode, ProblemCode } from "./problem.ts";
import { parseJson, readJson, readText } from "./read-body.ts";
import { type StartBody, startBody } from "./requests.ts";

/** Longest bundle accepted as a body, in bytes. Its canonical JSON must be shorter still to be bound as a parent. */
export const MAX_BUNDLE_BODY = 2 * 1024 * 1024;

/** Title of a run that is started with nothing to name it, where the deployment names no alert of its own. */
const BY_HAND = "Started by hand";

/** The version of bundles that are read here. */
const BUNDLE_VERSION = "2";

/** What a client asks for who starts a run: the request, and the run that it goes on from or undoes something of. */
export interface Start {
  readonly request: StartRequest;
  readonly parent: ParentRequest | null;
  readonly reverts?: { readonly run: string; readonly execution: Digest };
}

/** Reads what a client asks for when it starts a run. */
export async function readStart(
  request: Request,
  startedBy: Actor,
  now: Date,
): Promise<Result<Start, ProblemCode>> {
  if (isBundle(request)) {
    const [, version = BUNDLE_VERSION] =
      /;\s*version="?([^;"]*)/i.exec(request.headers.get("content-type") ?? "") ?? [];
    if (version.trim() === BUNDLE_VERSION) return readBundleStart(request, startedBy, now);
    return refuse("ERR_BODY_TYPE", `expected a bundle of version ${BUNDLE_VERSION}, got version ${version}`);
  }
  const body = await readJson(request, startBody, { optional: true });
  return body.ok ? startOf(body.value, startedBy, now) : body;
}

/** What a client means by a body: a start afresh, or one that continues a run of this deployment. */
export function startOf(body: StartBody, startedBy: Actor, now: Date): Result<Start, EdgeCode> {
  const asked = digestOfBody(body);
  if (!asked.ok) return asked;
  const { continues, alert = {} } = body;
  const named = continues ? alert : { source: "api", title: declaredButton()?.title ?? BY_HAND, ...alert };
  return accept({ request: requestOf(named, startedBy, now, asked.value), parent: continues ?? null });
}

/** A start that undoes an execution of a finished run of this deployment. */
export function revertStart(run: string, execution: Digest, startedBy: Actor, now: Date): Start {
  const asked = digestOf(canonicalBytes({ reverts: { run, execution } }));
  return { request: requestOf({}, startedBy, now, asked), parent: { run }, reverts: { run, execution } };
}

/** Starts the run that was asked for. */
export function beginRun(
  env: EdgeEnv,
  run: string,
  { request, parent, reverts }: Start,
  waits: Waits,
): Promise<RunResult<RunView>> {
  const stub = deploymentOf(env).runs.getByName(run);
  if (reverts) return stub.revert(run, request, reverts.run, reverts.execution, waits);
  return parent ? stub.continueFrom(run, request, parent, waits) : stub.start(run, request, waits);
}

function requestOf(alert: StartRequest["alert"], startedBy: Actor, now: Date, asked: Digest): StartRequest {
  return { alert, startedBy, createdAt: now.toISOString(), asked };
}

function digestOfBody(body: unknown): Result<Digest, EdgeCode> {
  try {
    return accept(digestOf(canonicalBytes(body)));
  } catch (error) {
    if (error instanceof NotCanonicalError) return refuse("ERR_BODY_SCHEMA", error.message);
    throw error;
  }
}

/** `application/vnd.countersign.bundle+json`, whatever its parameters: another version is then refused by name. */
function isBundle(request: Request): boolean {
  const [essence] = (request.headers.get("content-type") ?? "").split(";");
  return essence?.trim().toLowerCase() === BUNDLE_MEDIA_TYPE.split(";")[0];
}

async function readBundleStart(
  request: Request,
  startedBy: Actor,
  now: Date,
): Promise<Result<Start, ProblemCode>> {
  const body = await readText(request, MAX_BUNDLE_BODY);
  if (!body.ok) return body;
  const sent = parseJson(body.value);
  if (!sent.ok) return sent;
  const { value } = sent;
  const parsed = readBundle(value);
  if (!parsed.ok) return refuse("ERR_PARENT_BUNDLE", parsed.refusal.message);
  try {
    const bytes = canonicalBytes(value);
    return accept({
      request: requestOf({}, startedBy, now, digestOf(bytes)),
      parent: { bundle: new TextDecoder().decode(bytes) },
    });
  } catch (error) {
    if (error instanceof NotCanonicalError) return refuse("ERR_PARENT_BUNDLE", error.message);
    throw error;
  }
}
