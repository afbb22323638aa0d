// `POST /api/alerts/:source`: a firing alert starts one run, however often it is repeated; its end is noted on that run.
// The run signs the notification exactly as it was received.
import type { Context, Hono } from "hono";
import type { Policy } from "../../chain/index.ts";
import {
  type Actor,
  accept,
  canonicalBytes,
  digestOf,
  type Result,
  refuse,
  toBase64,
} from "../../receipt/index.ts";
import type { Env } from "../../run/env.ts";
import type { RunResult } from "../../run/run-api.ts";
import type { RunRequest } from "../../run/run-request.ts";
import { readPolicySettings } from "../policy-settings.ts";
import { type EdgeCode, type ProblemRefusal, problem } from "../problem.ts";
import { checkSchema, parseJson, readText } from "../read-body.ts";
import { resource } from "../resource.ts";
import { isOpenToAll } from "../reviewer/auth-settings.ts";
import { nameRun } from "../run-stub.ts";
import { countStart, RETRY_AFTER } from "../start-limit.ts";
import type { Notification, ReportedAlert } from "./reported-alert.ts";
import { SOURCES } from "./sources.ts";

type Ctx = Context<{ Bindings: Env }>;

/** What became of one reported alert. `run` is null for the end of an alert that started no run here. */
interface AlertTaken {
  readonly key: string;
  readonly state: "firing" | "resolved";
  readonly run: string | null;
}

export function addAlerts(app: Hono<{ Bindings: Env }>): void {
  resource(app, "/api/alerts/:source", { POST: raiseAlerts });
}

interface Received {
  readonly source: string;
  readonly body: string;
  readonly startedBy: Actor;
  readonly notification: Notification;
}

async function raiseAlerts(c: Ctx): Promise<Response> {
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
  const secret = source.secret(c.env);
  if (!secret && !isOpenToAll(c.env)) {
    const variable = `ALERT_SECRET_${name.toUpperCase()}`;
    return refuse(
      "ERR_ALERT_SECRET",
      `expected the secret ${variable}: only an open demo takes alerts from anybody`,
    );
  }
  const body = await readText(c.req.raw);
  if (!body.ok) return body;
  const method = source.authenticate(c.req.raw.headers, secret, body.value);
  if (!method.ok) return method;
  // The run signs the bytes; what is read from them must be all that they say.
  const sent = parseJson(body.value);
  if (!sent.ok) return sent;
  const notification = checkSchema(sent.value, source.schema(c.req.raw.headers));
  if (!notification.ok) return notification;
  const startedBy = { id: name, method: method.value };
  return accept({ source: name, body: body.value, startedBy, notification: notification.value });
}

async function take(c: Ctx, received: Received, alert: ReportedAlert) {
  const { key, state } = alert;
  const run = nameRun(`alert ${received.source} ${key}`);
  const stub = c.env.RUN.getByName(run);
  if (state === "resolved") {
    const noted = await stub.note({
      kind: "alert_resolved",
      at: new Date().toISOString(),
      by: received.source,
    });
    if (!noted.ok && !SETTLED.has(noted.refusal.code)) return noted;
    return accept<AlertTaken>({ key, state, run: isThere(noted) ? run : null });
  }
  // Of a sender who proves nothing every run counts as a visitor's does; an alert that is repeated starts none.
  if (received.startedBy.method === "open") {
    const known = await stub.view();
    const isNew = !known.ok && known.refusal.code === "ERR_RUN_UNKNOWN";
    const counted = isNew ? await countStart(c) : accept(null);
    if (!counted.ok) return counted;
  }
  const policy = readPolicySettings(c.env);
  if (!policy.ok) return policy;
  // The run goes on by itself; a monitoring system waits for no agent.
  const started = await stub.start(run, requestOf(policy.value, received, alert), { waitMs: 0 });
  // An alert that goes on firing after its run was deleted starts no second run of the same name.
  if (!started.ok && !SETTLED.has(started.refusal.code)) return started;
  return accept<AlertTaken>({ key, state, run: isThere(started) ? run : null });
}

/** What a run may say after which the next alert's turn has come: there is none, or none that can go on. */
const SETTLED: ReadonlySet<string> = new Set(["ERR_RUN_UNKNOWN", "ERR_RUN_GONE", "ERR_CHAIN_CORRUPT"]);

/** Whether the alert's run is there. One whose chain no longer verifies is: it says so itself, and starts no second time. */
function isThere(answer: RunResult<unknown>): boolean {
  return answer.ok || answer.refusal.code === "ERR_CHAIN_CORRUPT";
}

/** Two notifications of one alert ask for the same thing, whatever else has changed in them: the first is what counts. */
function requestOf(policy: Policy, { source, body, startedBy }: Received, alert: ReportedAlert): RunRequest {
  const { key, title, firedAt } = alert;
  return {
    alert: { source, title, firedAt },
    received: toBase64(new TextEncoder().encode(body)),
    policy,
    startedBy,
    createdAt: new Date().toISOString(),
    asked: digestOf(canonicalBytes({ source, key })),
  };
}
