// `POST /api/alerts/:source`: a firing alert starts one run, however often it is repeated; its end is noted on that run.
// The run signs the notification exactly as it was received.

import {
  CANNOT_OPEN,
  deploymentOf,
  type RunApi,
  type RunResult,
  type StartRequest,
} from "../../host/index.ts";
import {
  type Actor,
  accept,
  canonicalBytes,
  type Digest,
  digestOf,
  type Refusal,
  type Result,
  refuse,
  toBase64,
} from "../../receipt/index.ts";
import type { Ctx } from "../edge-env.ts";
import { askIndex } from "../list-runs.ts";
import { type EdgeCode, type ProblemRefusal, problem } from "../problem.ts";
import { checkSchema, parseJson, readText } from "../read-body.ts";
import { isOpenToAll } from "../reviewer/auth-settings.ts";
import { nameRun } from "../run-stub.ts";
import { countStart, RETRY_AFTER } from "../start-limit.ts";
import type { Notification, ReportedAlert } from "./reported-alert.ts";
import { SOURCES } from "./sources.ts";

/** What became of one reported alert. `run` is null for the end of an alert that started no run here. */
interface AlertTaken {
  readonly key: string;
  readonly state: "firing" | "resolved";
  readonly run: string | null;
}

interface Received {
  readonly source: string;
  readonly body: string;
  /** Of the exact body. */
  readonly digest: Digest;
  readonly startedBy: Actor;
  readonly notification: Notification;
}

/** Takes a notification: a run for each alert that fires, and a note for each that is over. */
export async function raiseAlerts(c: Ctx): Promise<Response> {
  const received = await receive(c);
  if (!received.ok) return refuseAlert(c, received.refusal);
  const { notification } = received.value;
  if (notification === "test") return Response.json({ alerts: [] });
  const taken: AlertTaken[] = [];
  for (const alert of notification) {
    const outcome = await take(c, received.value, alert);
    if (!outcome.ok) return refuseAlert(c, outcome.refusal);
    taken.push(outcome.value);
  }
  return Response.json({ alerts: taken }, { headers: { "cache-control": "no-store" } });
}

/** Of several alerts, those before it have been taken; sent again, the notification goes on from there. */
function refuseAlert(c: Ctx, refusal: ProblemRefusal): Response {
  const { challenge = "" } = SOURCES.get(c.req.param("source") ?? "") ?? {};
  const headers: Partial<Record<ProblemRefusal["code"], Record<string, string>>> = {
    ERR_TOO_MANY_STARTS: { "retry-after": RETRY_AFTER },
    ERR_ALERT_UNAUTHENTICATED: { "www-authenticate": challenge },
  };
  return problem(refusal, c.req.path, headers[refusal.code] ?? {});
}

/** Reads, authenticates and parses, in this order: nothing is made of a body whose sender is not known. */
async function receive(c: Ctx): Promise<Result<Received, EdgeCode>> {
  const name = c.req.param("source") ?? "";
  const source = SOURCES.get(name);
  if (!source) {
    return refuse(
      "ERR_NOT_FOUND",
      `expected one of the sources ${[...SOURCES.keys()].join(", ")}, got ${name}`,
    );
  }
  const variable = `ALERT_SECRET_${name.toUpperCase()}`;
  const set = source.secret(c.env);
  // No header can carry the line break that a secret from a pipe ends with.
  const secret = set?.trim();
  if (set && !secret) return refuse("ERR_ALERT_SECRET", `${variable}: expected a secret, got white space`);
  if (!secret && !isOpenToAll(c.env)) {
    return refuse(
      "ERR_ALERT_SECRET",
      `expected the secret ${variable}: only an open demo takes alerts from anybody`,
    );
  }
  const body = await readText(c.req.raw);
  if (!body.ok) return withHint(body, source.whenTooLarge);
  const method = source.authenticate(c.req.raw.headers, secret, body.value);
  if (!method.ok) return method;
  // The run signs the bytes; what is read from them must be all that they say.
  const sent = parseJson(body.value);
  if (!sent.ok) return sent;
  const notification = checkSchema(sent.value, source.schema(c.req.raw.headers, body.value));
  if (!notification.ok) return notification;
  const startedBy = { id: name, method: method.value };
  const digest = digestOf(new TextEncoder().encode(body.value));
  return accept({ source: name, body: body.value, digest, startedBy, notification: notification.value });
}

/** A refusal, with what to do about it where it is that the body is too large. */
function withHint(refused: { ok: false; refusal: Refusal<EdgeCode> }, hint: string | undefined) {
  const { code, message } = refused.refusal;
  return code === "ERR_BODY_TOO_LARGE" && hint ? refuse(code, `${message}: ${hint}`) : refused;
}

function take(c: Ctx, received: Received, alert: ReportedAlert) {
  return alert.state === "resolved" ? takeEnd(c, received, alert) : takeFiring(c, received, alert);
}

/** Notes an end at the run of its firing: the one that it names, or else the open one of its alert. */
async function takeEnd(c: Ctx, { source }: Received, { key, alert, state }: ReportedAlert) {
  const note = { kind: "alert_resolved", at: new Date().toISOString(), by: source } as const;
  const run = runOf(source, key);
  const noted = await alertRun(c, run).note(note);
  if (!noted.ok && !SETTLED.has(noted.refusal.code)) return noted;
  const isNamed = noted.ok || noted.refusal.code !== "ERR_RUN_UNKNOWN";
  const named = accept<AlertTaken>({ key, state, run: isThere(noted) ? run : null });
  if (alert === null) return named;
  const end = { alert: `${source} ${alert}`, end: key, run: isNamed ? run : null };
  const ended = await askIndex(c.env, (index) => index.endFiring(end));
  if (isNamed) return named;
  // Sent again, the end finds its run once the list can be asked.
  if (!ended.ok) return ended;
  if (ended.value === null) return named;
  const open = ended.value;
  const notedThere = await alertRun(c, open.run).note(note);
  if (!notedThere.ok && !SETTLED.has(notedThere.refusal.code)) return notedThere;
  return accept<AlertTaken>({ key: open.key, state, run: isThere(notedThere) ? open.run : null });
}

/** Starts the run of a firing, or notes at the one that is there what was taken for a repeat. */
async function takeFiring(c: Ctx, received: Received, reported: ReportedAlert) {
  const { source, startedBy, digest } = received;
  const { key, alert, state, firedAt } = reported;
  const run = runOf(source, key);
  const stub = alertRun(c, run);
  const at = new Date().toISOString();
  const known = await stub.note({ kind: "alert_repeated", at, by: `${source} ${digest}` });
  const isNew = !known.ok && known.refusal.code === "ERR_RUN_UNKNOWN";
  // Of a sender who proves nothing every run counts as a visitor's does; an alert that is repeated starts none.
  const counted = isNew && startedBy.method === "open" ? await countStart(c) : accept(null);
  if (!counted.ok) return counted;
  // The run goes on by itself; a monitoring system waits for no agent.
  const started = await stub.start(run, requestOf(received, reported), { waitMs: 0 });
  // An alert that goes on firing after its run was deleted starts no second run of the same name.
  if (!started.ok && !SETTLED.has(started.refusal.code)) return started;
  const isHere = isThere(started);
  // If the list cannot be asked, an end that does not name its firing will find no run. No start fails for that.
  if (isHere && alert !== null) {
    await askIndex(c.env, (index) => index.enterFiring({ alert: `${source} ${alert}`, key, run, firedAt }));
  }
  return accept<AlertTaken>({ key, state, run: isHere ? run : null });
}

function alertRun(c: Ctx, run: string): RunApi {
  return deploymentOf(c.env).runs.getByName(run);
}

/** The run that a firing starts, by the source's own name for it. */
function runOf(source: string, key: string): string {
  return nameRun(`alert ${source} ${key}`);
}

/** What a run may say after which the next alert's turn has come: there is none, or none that can go on. */
const SETTLED: ReadonlySet<string> = new Set(["ERR_RUN_UNKNOWN", "ERR_RUN_GONE", ...CANNOT_OPEN]);

/** Whether the alert's run is there. One that can no longer be opened is: it says so itself, and starts no second time. */
function isThere(answer: RunResult<unknown>): boolean {
  return answer.ok || CANNOT_OPEN.has(answer.refusal.code);
}

/** Two notifications of one alert ask for the same thing, whatever else has changed in them: the first is what counts. */
function requestOf({ source, body, startedBy }: Received, alert: ReportedAlert): StartRequest {
  const { key, title, firedAt } = alert;
  return {
    alert: { source, title, firedAt },
    received: toBase64(new TextEncoder().encode(body)),
    startedBy,
    createdAt: new Date().toISOString(),
    asked: digestOf(canonicalBytes({ source, key })),
  };
}
