// Applies one wish to a guard. What a wish leaves as it was is told as "already", never as done.
import { applyHeader } from "./apply-header.ts";
import {
  defaultComment,
  defaultGuard,
  defaultMessage,
  type Guard,
  type Setting,
  type Step,
} from "./guard.ts";
import { clip, literal } from "./script-literal.ts";
import type { Wish } from "./wish.ts";
import { metricName } from "./write-guard.ts";

const MAX_MESSAGE = 300;
const MAX_COMMENT = 200;

function applyMetric(guard: Guard, wish: Wish & { kind: "metric" }, { around }: Setting): Step {
  if (!wish.wanted) {
    const applied = guard.metric ? "no longer counts these answers" : "already without a metric";
    return { guard: { ...guard, metric: null }, applied };
  }
  if (!around.metrics) return { guard, notApplied: "no module in evidence counts metrics" };
  const next = { ...guard, metric: { name: wish.name ?? guard.metric?.name ?? null } };
  const name = metricName(next, around.metrics);
  const same = guard.metric !== null && metricName(guard, around.metrics) === name;
  return {
    guard: next,
    applied: same ? `already counts these answers as ${name}` : `counts these answers as ${name}`,
  };
}

function applyScope(guard: Guard, narrow: boolean, { fault }: Setting): Step {
  if (guard.narrow === narrow) {
    return { guard, applied: narrow ? "already as narrow as it can be" : "already guards the wider case" };
  }
  if (narrow) {
    const message = guard.message?.asked ? guard.message : null;
    const dropped = guard.message && !message ? ", without the message" : "";
    return {
      guard: { ...guard, narrow, message },
      applied: `narrower: guards only a missing ${fault.base}${dropped}`,
    };
  }
  const message = guard.message ?? { text: defaultMessage(fault), asked: false };
  return {
    guard: { ...guard, narrow, message },
    applied: `wider: also guards a ${fault.base} without ${fault.property}`,
  };
}

function applyMessage(guard: Guard, wish: Wish & { kind: "message" }, { fault }: Setting): Step {
  if (!wish.wanted) {
    const applied = guard.message ? "answers without the message" : "already answers without a message";
    return { guard: { ...guard, message: null }, applied };
  }
  const text = clip(wish.text ?? guard.message?.text ?? defaultMessage(fault), MAX_MESSAGE);
  const already = guard.message?.text === text ? "already has" : "answers with";
  return {
    guard: { ...guard, message: { text, asked: true } },
    applied: `${already} the message ${literal(text)}`,
  };
}

function applyComment(guard: Guard, wish: Wish & { kind: "comment" }, { fault }: Setting): Step {
  if (!wish.wanted) {
    const applied = guard.comment === null ? "already without a comment" : "no longer has a comment";
    return { guard: { ...guard, comment: null }, applied };
  }
  const comment = clip(
    (wish.text ?? guard.comment ?? defaultComment(fault)).replace(/\s+/g, " "),
    MAX_COMMENT,
  );
  const applied = guard.comment === comment ? "already has the comment" : "has a comment above the guard";
  return { guard: { ...guard, comment }, applied };
}

function applyStatus(
  guard: Guard,
  wish: Wish & { kind: "status" | "unwanted-status" },
  { advice }: Setting,
): Step {
  if (wish.kind === "unwanted-status") {
    if (wish.status !== guard.status) return { guard, applied: `already does not answer ${wish.status}` };
    if (wish.status === advice.status) return { guard, notApplied: "no other status was named" };
    return {
      guard: { ...guard, status: advice.status },
      applied: `answers ${advice.status} again, as the runbook advises`,
    };
  }
  const status = wish.status ?? guard.status;
  const applied =
    status === guard.status ? `already answers ${status}` : `answers ${status} instead of ${guard.status}`;
  return { guard: { ...guard, status }, applied };
}

export function applyWish(guard: Guard, wish: Wish, setting: Setting): Step {
  switch (wish.kind) {
    case "status":
    case "unwanted-status":
      return applyStatus(guard, wish, setting);
    case "metric":
      return applyMetric(guard, wish, setting);
    case "scope":
      return applyScope(guard, wish.narrow, setting);
    case "header":
      return applyHeader(guard, wish, setting);
    case "code": {
      const already = wish.code === guard.code ? "already answers" : "answers";
      return { guard: { ...guard, code: wish.code }, applied: `${already} with the error code ${wish.code}` };
    }
    case "message":
      return applyMessage(guard, wish, setting);
    case "comment":
      return applyComment(guard, wish, setting);
    case "start-over":
      return { guard: defaultGuard(setting.advice, setting.fault), applied: "back to the first version" };
    case "impossible":
      return { guard, notApplied: wish.why };
  }
}
