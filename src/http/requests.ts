// What clients may send, as schemas, and how a start request becomes the run's own.
import { z } from "zod";
import { digestField, instantField, runField, textField } from "../receipt/fields.ts";
import {
  type Actor,
  accept,
  canonicalize,
  digestOf,
  LIMITS,
  NotCanonicalError,
  type Result,
  refuse,
} from "../receipt/index.ts";
import type { Env } from "../run/env.ts";
import type { ContinueRequest, RunRequest } from "../run/run-request.ts";
import { readPolicySettings } from "./policy-settings.ts";
import type { EdgeCode } from "./problem.ts";

/** `POST /api/runs`. Of an alert three members are read; any others are kept in the alert's artifact. */
export const startBody = z.strictObject({
  alert: z
    .looseObject({
      source: textField(200, 1).exactOptional(),
      title: textField(LIMITS.title, 1).exactOptional(),
      firedAt: instantField.exactOptional(),
    })
    .optional(),
  continues: z.strictObject({ run: runField }).optional(),
});
export type StartBody = z.infer<typeof startBody>;

/** `POST …/approve` and `…/reject`. */
export const decisionBody = z.strictObject({
  proposal: digestField,
  reason: textField(LIMITS.reason).optional(),
});

/** `POST …/request-changes`. */
export const changesBody = z.strictObject({
  proposal: digestField,
  feedback: textField(LIMITS.reason).refine(
    (text) => text.trim() !== "",
    "expected words that say what to change",
  ),
});

const QUOTED_KEY = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const BARE_KEY = /^[\w!#$%&'*+.^`|~:/=@-]+$/;

/**
 * Reads an `Idempotency-Key`: 1 to 200 printable ASCII characters as an RFC 8941 string, or without its quotes, as most
 * clients send it. Null when there is none.
 */
export function readIdempotencyKey(field: string | undefined): Result<string | null, EdgeCode> {
  if (field === undefined) return accept(null);
  const quoted = QUOTED_KEY.exec(field)?.[1]?.replace(/\\(.)/g, "$1");
  const key = quoted ?? (BARE_KEY.test(field) ? field : "");
  if (isIdempotencyKey(key)) return accept(key);
  return refuse("ERR_HEADER", 'expected one Idempotency-Key: "1 to 200 printable ASCII characters"');
}

/** An idempotency key where it needs no spelling of its own: 1 to 200 printable ASCII characters. */
export function isIdempotencyKey(key: string): boolean {
  return /^[\x20-\x7e]{1,200}$/.test(key);
}

/** What an alert says of which the client said nothing: that it was raised by hand, and where. */
const DEFAULT_ALERT = { source: "api", title: "Checkout is answering 5xx" } as const;

/** Makes the run's request from what a client sent, who sent it, the deployment's policy and the clock. */
export function runRequest(
  body: StartBody,
  startedBy: Actor,
  env: Env,
  now: Date,
): Result<RunRequest, EdgeCode> {
  const policy = readPolicySettings(env);
  if (!policy.ok) return policy;
  const createdAt = now.toISOString();
  try {
    const asked = digestOf(new TextEncoder().encode(canonicalize(body)));
    const alert = { firedAt: createdAt, ...DEFAULT_ALERT, ...body.alert };
    return accept({ alert, policy: policy.value, startedBy, createdAt, asked });
  } catch (error) {
    if (error instanceof NotCanonicalError) return refuse("ERR_BODY_SCHEMA", error.message);
    throw error;
  }
}

/** Turns a request into one that continues a run. Of the alert only what the client said is kept; the parent says the rest. */
export function continueRequest(
  { alert: _, ...request }: RunRequest,
  parent: ContinueRequest["parent"],
  { alert = {} }: StartBody = {},
): ContinueRequest {
  return { ...request, alert, parent };
}
