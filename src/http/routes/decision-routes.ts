// A reviewer's word on the open proposal, and the bytes that their own key would sign for it.

import type { DecisionRequest } from "../../host/index.ts";
import { ask, fail, preferenceApplied, waits } from "../ask-run.ts";
import type { Ctx } from "../edge-env.ts";
import * as answers from "../openapi/answers.ts";
import { checkSchema, MAX_DECISION_BODY, parseJson, readJson } from "../read-body.ts";
import { changesBody, decisionBody, editSchema, intentQuery } from "../requests.ts";
import { actorOf } from "../reviewer/identity.ts";
import { json, type Route } from "../route.ts";
import { BODY, prefer, UNKNOWN } from "./refusals.ts";

/** What every decision refuses. Nothing is signed then. */
const REFUSES = {
  400: BODY[400],
  403: "The reviewer may not decide so: the role is not theirs, they started the run, or the key is not theirs.",
  404: UNKNOWN,
  409: "Another proposal is open by now, or none, the time to decide is over, or the role has its approvals.",
  413: "The body is over 1 MiB.",
  415: BODY[415],
  422: "The body is not of this form, no revision is left, or the signature does not hold.",
};

const decided = json(
  200,
  "The decision is signed, or stood already in the same words. The run as it is, at most two seconds later.",
  answers.runView,
);

const shared = {
  method: "post",
  tag: "Decisions",
  headers: prefer,
  answers: [decided],
  refuses: REFUSES,
} as const;

export const DECISION_ROUTES: readonly Route[] = [
  {
    ...shared,
    path: "/api/runs/{run}/approve",
    id: "approve",
    summary: "Approve the open proposal",
    description:
      "Once every approval that the policy asks for is given, exactly the action that the proposal names is executed, and no other.",
    body: { type: "application/json", schema: decisionBody, required: true },
    handle: (c) => decide(c, "approve"),
  },
  {
    ...shared,
    path: "/api/runs/{run}/reject",
    id: "reject",
    summary: "Reject the open proposal",
    description: "Ends the run without the call.",
    body: { type: "application/json", schema: decisionBody, required: true },
    handle: (c) => decide(c, "reject"),
  },
  {
    ...shared,
    path: "/api/runs/{run}/request-changes",
    id: "requestChanges",
    summary: "Ask for another proposal",
    description:
      "The agent proposes anew and the run waits again. With `edit` that very call is proposed, in the reviewer's name.",
    body: { type: "application/json", schema: changesBody, required: true },
    handle: requestChanges,
  },
  {
    method: "get",
    path: "/api/runs/{run}/intent",
    id: "getIntent",
    tag: "Decisions",
    summary: "The bytes that a reviewer's own key signs for a decision",
    query: intentQuery,
    answers: [json(200, "The intent.", answers.intent)],
    refuses: {
      400: "The query has a name or a value that means nothing here.",
      401: "Nobody is signed in whose decision it would be.",
      403: "The reviewer holds several of the run's roles, or none, and names none.",
      404: UNKNOWN,
      409: "No decision is due.",
      422: "The edit is no call that could be proposed.",
    },
    handle: getIntent,
  },
];

async function decide(c: Ctx, decision: "approve" | "reject"): Promise<Response> {
  const body = await readJson(c.req.raw, decisionBody, { max: MAX_DECISION_BODY });
  if (!body.ok) return fail(c, body.refusal);
  const { reason = "", ...rest } = body.value;
  return sendDecision(c, { decision, reason, reviewer: actorOf(c), ...rest });
}

async function requestChanges(c: Ctx): Promise<Response> {
  const body = await readJson(c.req.raw, changesBody, { max: MAX_DECISION_BODY });
  if (!body.ok) return fail(c, body.refusal);
  const { feedback, ...rest } = body.value;
  return sendDecision(c, { decision: "request_changes", reason: feedback, reviewer: actorOf(c), ...rest });
}

function sendDecision(c: Ctx, request: DecisionRequest): Promise<Response> {
  return ask(c, (run) => run.decide(request, waits(c)), preferenceApplied(c));
}

async function getIntent(c: Ctx): Promise<Response> {
  const identity = c.get("identity");
  if (!identity) {
    return fail(c, { code: "ERR_SIGN_IN_REQUIRED", message: "expected somebody who has signed in" });
  }
  const query = intentQuery.safeParse(c.req.query());
  if (!query.success) {
    const [issue] = query.error.issues;
    return fail(c, { code: "ERR_QUERY", message: `${issue?.path.join(".") || "query"}: ${issue?.message}` });
  }
  const { edit: text, reason = "", ...rest } = query.data;
  const parsed = text === undefined ? null : parseJson(text);
  if (parsed && !parsed.ok) return fail(c, { ...parsed.refusal, code: "ERR_QUERY" });
  const edit = parsed ? checkSchema(parsed.value, editSchema) : null;
  if (edit && !edit.ok) return fail(c, { ...edit.refusal, code: "ERR_QUERY" });
  const asked = { ...rest, reason, reviewer: identity.actor, ...(edit && { edit: edit.value }) };
  return ask(c, (run) => run.intent(asked));
}
