// Errors on the wire: RFC 9457 problem details with a stable code. The one place where a code becomes a status.
import type { Finding, RunCode } from "../host/index.ts";
import type { Refusal } from "../receipt/index.ts";
import type { AuthCode } from "./reviewer/review-auth.ts";

/** Codes that the edge itself gives, before a run is asked. */
export type EdgeCode =
  | "ERR_ALERT_SECRET"
  | "ERR_ALERT_UNAUTHENTICATED"
  | "ERR_BODY_JSON"
  | "ERR_BODY_SCHEMA"
  | "ERR_BODY_TYPE"
  | "ERR_BODY_TOO_LARGE"
  | "ERR_HEADER"
  | "ERR_HOST"
  | "ERR_METHOD"
  | "ERR_NOT_FOUND"
  | "ERR_CROSS_SITE"
  | "ERR_QUERY"
  | "ERR_UPGRADE"
  | "ERR_INDEX_UNAVAILABLE"
  | "ERR_TOO_MANY_STARTS"
  | "ERR_UNAVAILABLE"
  | "ERR_WEBHOOK_CONFIG"
  | "ERR_INTERNAL";

export type ProblemCode = RunCode | EdgeCode | AuthCode;

const TITLES: Readonly<Record<number, string>> = {
  400: "Malformed request",
  401: "Not authenticated",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "Not at this moment",
  410: "Gone",
  413: "Too large",
  415: "Unsupported content type",
  422: "Cannot be used",
  426: "Upgrade required",
  429: "Too many",
  500: "Internal error",
  503: "Not available",
};

/** The HTTP status of a code. Chain codes that no client can cause are defects of ours, so they are 500. */
export function statusOf(code: ProblemCode): number {
  switch (code) {
    case "ERR_BODY_JSON":
    case "ERR_HEADER":
    case "ERR_QUERY":
      return 400;
    case "ERR_ALERT_UNAUTHENTICATED":
    case "ERR_CREDENTIAL":
    case "ERR_SIGN_IN_REQUIRED":
      return 401;
    case "ERR_CROSS_SITE":
    case "ERR_HOST":
    case "ERR_MAY_NOT_DECIDE":
    case "ERR_REVIEWER":
    case "ERR_REVIEWER_KEY":
    case "ERR_ROLE":
      return 403;
    case "ERR_NOT_FOUND":
    case "ERR_RUN_UNKNOWN":
    case "ERR_ARTIFACT_MISSING":
      return 404;
    case "ERR_METHOD":
      return 405;
    case "ERR_APPROVALS":
    case "ERR_DECISION_STALE":
    case "ERR_DECISION_LATE":
    case "ERR_EDIT_TOO_LATE":
    case "ERR_PARENT_UNFINISHED":
      return 409;
    case "ERR_RUN_GONE":
    case "ERR_RUN_VERSION":
      return 410;
    case "ERR_BODY_TOO_LARGE":
      return 413;
    case "ERR_BODY_TYPE":
      return 415;
    case "ERR_ASSERTION":
    case "ERR_BODY_SCHEMA":
    case "ERR_DECISION_REASON":
    case "ERR_EDIT":
    case "ERR_IDEMPOTENCY_KEY_REUSED":
    case "ERR_INTENT":
    case "ERR_NOT_REVERTIBLE":
    case "ERR_PARENT_BUNDLE":
    case "ERR_PARENT_DOMAIN":
    case "ERR_PARENT_HANDOFF":
    case "ERR_PARENT_INVALID":
    case "ERR_PARENT_ISSUER":
    case "ERR_PARENT_RESOURCES":
    case "ERR_PARENT_RUN":
    case "ERR_PARENT_TOO_LARGE":
    case "ERR_PARENT_UNKNOWN":
    case "ERR_RESOURCE":
    case "ERR_REVISION_LIMIT":
      return 422;
    case "ERR_UPGRADE":
      return 426;
    case "ERR_LIVE_LIMIT":
    case "ERR_TOO_MANY_STARTS":
      return 429;
    case "ERR_INDEX_UNAVAILABLE":
    case "ERR_ALERT_SECRET":
    case "ERR_AUTH_CONFIG":
    case "ERR_AUTH_KEYS":
    case "ERR_BINDING_MISSING":
    case "ERR_FORMER_ISSUERS":
    case "ERR_ISSUER_MISSING":
    case "ERR_ISSUER_UNLISTED":
    case "ERR_KEY_MALFORMED":
    case "ERR_KEY_MISSING":
    case "ERR_KEYS_EQUAL":
    case "ERR_LOG_CONFIG":
    case "ERR_PLANNER_CONFIG":
    case "ERR_POLICY_CONFIG":
    case "ERR_RETIRED_KEYS":
    case "ERR_REVIEWERS":
    case "ERR_TRUSTED_ISSUERS":
    case "ERR_UNAVAILABLE":
    case "ERR_WEBHOOK_CONFIG":
      return 503;
    case "ERR_INTERNAL":
    case "ERR_CHAIN_CORRUPT":
    case "ERR_ENVELOPE":
    case "ERR_PAYLOAD_TYPE":
    case "ERR_BASE64":
    case "ERR_UTF8":
    case "ERR_JSON":
    case "ERR_NOT_CANONICAL":
    case "ERR_STATEMENT":
    case "ERR_KIND_UNKNOWN":
    case "ERR_SUBJECTS":
    case "ERR_KID_MISMATCH":
    case "ERR_SIGNATURE":
    case "ERR_KEY":
    case "ERR_KEY_UNKNOWN":
    case "ERR_KEY_ROLE":
    case "ERR_KEY_WINDOW":
    case "ERR_KEY_REVOKED":
    case "ERR_ISSUER":
    case "ERR_CHAIN_EMPTY":
    case "ERR_RUN":
    case "ERR_SEQ":
    case "ERR_PREV":
    case "ERR_TIME_BACKWARDS":
    case "ERR_KIND_ORDER":
    case "ERR_AFTER_HANDOFF":
    case "ERR_POLICY":
    case "ERR_POLICY_CHANGED":
    case "ERR_NOT_FREE":
    case "ERR_NOT_GATED":
    case "ERR_ROUND_NOT_DUE":
    case "ERR_REVISION":
    case "ERR_SUPERSEDES":
    case "ERR_FEEDBACK":
    case "ERR_CODE":
    case "ERR_ACTION":
    case "ERR_REVERTS":
    case "ERR_AUTHOR":
    case "ERR_EFFECTS":
    case "ERR_PROPOSAL":
    case "ERR_ACTION_MISMATCH":
    case "ERR_EXECUTION_ID":
    case "ERR_EXPIRY":
    case "ERR_CHECKS":
    case "ERR_PREVIEW":
    case "ERR_DECISION":
    case "ERR_EXECUTION_STATUS":
    case "ERR_EXECUTION_EARLY":
    case "ERR_MORE":
    case "ERR_OUTCOME_EXECUTION":
    case "ERR_OUTCOME_STATUS":
    case "ERR_HANDOFF_OUTCOME":
    case "ERR_RESOURCES":
    case "ERR_ARTIFACT_ALTERED":
    case "ERR_ARTIFACT_UNNAMED":
    case "ERR_BUNDLE_RUN":
    case "ERR_RUN_UNEXPECTED":
    case "ERR_HEAD":
    case "ERR_ANCHOR":
    case "ERR_INCOMPLETE":
      return 500;
  }
}

/** A refusal on its way to a client, with what a verifier found where a chain did not verify. */
export type ProblemRefusal = Refusal<ProblemCode> & { readonly findings?: readonly Finding[] };

/** Problem details for a refusal. `instance` is the path that was asked. */
export function problem(
  refusal: ProblemRefusal,
  instance: string,
  headers: Record<string, string> = {},
): Response {
  const status = statusOf(refusal.code);
  const body = {
    type: `urn:countersign:problem:${refusal.code}`,
    title: TITLES[status] ?? "Error",
    status,
    code: refusal.code,
    detail: refusal.message,
    instance,
    ...(refusal.findings && { findings: refusal.findings }),
  };
  return Response.json(body, { status, headers: { ...headers, "content-type": "application/problem+json" } });
}
