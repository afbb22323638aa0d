// Reads wishes that name nothing: a metric, a narrower patch, the usual headers, a message, a comment, a fresh start.
import { isRefused } from "./negation.ts";
import type { BareWish } from "./wish.ts";

const METRIC =
  /\b(?:metrics?|counters?|count(?:ed|ing)|count(?=\s+(?:these|them|it|this|those|that|how|such|every|each|the|as|all|when|occurr\w+)\b|$)|track(?:ed|ing)?(?! record)|(?<!for the )record(?:ed|ing)?|log(?:s|ged|ging)?(?! ?in\b)|measur\w+|instrument\w*|telemetry|monitor\w*|observab\w+)\b/i;
const PRIVATE = /\blog\w*\b.*\b(?:session|customer|user|client|ip|payload|body|stack|details?|cookie)\b/i;
const COMMENT = /(?<!\b(?:my|your|see|previous|above|earlier|last|review|per) )\bcomment(?:s|ed|ing)?\b/i;
const MESSAGE = /\b(?:message|hint|wording|customer text|explanation)\b/i;
const MESSAGE_VERB =
  /\b(?:add|keep|includ\w*|with|want|need|bring|restore|put|have|leave|send|give|return)\b/i;
const SAY =
  /\b(?:say|saying|tell(?:ing)? (?:the |them|our )?(?:customers?|users?|clients?|people|shoppers?)?)\s+(?:that\s+)?((?:the|their|your|this|there|no|a|an)\b.{6,})$/i;
const HEADERS = /\bheaders?\b/i;
const HEADERS_VERB =
  /\b(?:keep|kept|same|all|usual|standard|other|existing|add|includ\w*|preserv\w*|retain\w*|send|carry|with|missing|leave|set|propagat\w*|need|want|restore|chang\w*|touch\w*)\b/i;
const PATCH = /\b(?:patch|guard|fix|diff|change|condition|check|scope|it|this|that|solution|code|edit)\b/i;
const NARROW =
  /\b(?:narrow\w*|small\w*|minim\w+|tight\w*|simpl(?:er|ify|est|e)|one[- ]?lin\w+|(?:single|one) line|bare[- ]bones|less (?:broad|code|invasive)|too (?:broad|big|much|large|wide|general|invasive)|(?:reduc|limit|shrink|trim)\w*|short(?:er|en)|surgical|lean\w*|restrict\w*|essentials?|strip (?:it|this) down|nothing else)\b/i;
const ONLY =
  /\b(?:only|just|nothing but)\s+(?:to\s+)?(?:(?:guard|check|handl|cover|catch|fix)\w*\b|(?:for\s+|when\s+)?(?:the|a|an)?\s*(?:missing|undefined|absent|(?:null|cart|existence) check)\b)|\b(?:guard|check|handl|cover|catch|fix)\w*\s+(?:only|just|nothing but)\b/i;
const BROAD =
  /\b(?:broad(?:er|en)|wid(?:er|en)|too (?:narrow|small|tight)|more (?:general|defensive|robust))\b/i;
const FIRST = "(?:the |your )?(?:very )?(?:first|original|initial)";
const START_OVER = new RegExp(
  String.raw`\b(?:back to|revert to|return to|restore)\s+${FIRST}\b|\bstart (?:over|again|afresh)\b|` +
    String.raw`\b(?:use|take|keep|propose)\s+${FIRST} (?:one|version|patch|proposal|fix|guard)\b|` +
    String.raw`\b${FIRST} (?:one|version|patch|proposal|fix|guard|idea) (?:is|was|looks) (?:the )?(?:right|fine|better|best|correct|good|ok(?:ay)?)\b|` +
    String.raw`\byou were right (?:the first time|at first|in the first place|before)\b`,
  "i",
);

function around(clause: string, match: RegExpExecArray): [string, string] {
  return [clause.slice(0, match.index), clause.slice(match.index + match[0].length)];
}

export function wishMetric(clause: string): BareWish[] {
  const match = METRIC.exec(clause);
  if (!match) return [];
  if (PRIVATE.test(clause)) {
    return [{ kind: "impossible", why: "the checkout counts, it keeps no log; ask for a metric" }];
  }
  const wanted = !isRefused(...around(clause, match));
  return [{ kind: "metric", wanted, name: null }];
}

export function wishComment(clause: string): BareWish[] {
  const match = COMMENT.exec(clause);
  return match ? [{ kind: "comment", wanted: !isRefused(...around(clause, match)), text: null }] : [];
}

export function wishMessage(clause: string): BareWish[] {
  const said = SAY.exec(clause)?.[1];
  if (said && !/\uE000/.test(said)) {
    const addressed = said.replace(/\btheir\b/gi, "your");
    const text = addressed.charAt(0).toUpperCase() + addressed.slice(1);
    return [{ kind: "message", wanted: true, text: /[.!?]$/.test(text) ? text : `${text}.` }];
  }
  const match = MESSAGE.exec(clause);
  if (!match) return [];
  const refused = isRefused(...around(clause, match));
  return refused || MESSAGE_VERB.test(clause) ? [{ kind: "message", wanted: !refused, text: null }] : [];
}

export function wishHeaders(clause: string): BareWish[] {
  const match = HEADERS.exec(clause);
  if (!match) return [];
  const wanted = !isRefused(...around(clause, match));
  return wanted && !HEADERS_VERB.test(clause) ? [] : [{ kind: "header", wanted, name: null, value: null }];
}

export function wishScope(clause: string): BareWish[] {
  if (START_OVER.test(clause)) return [{ kind: "start-over" }];
  if (BROAD.test(clause)) return [{ kind: "scope", narrow: false }];
  const match = ONLY.exec(clause) ?? NARROW.exec(clause);
  if (!match) return [];
  if ((MESSAGE.test(clause) || HEADERS.test(clause) || COMMENT.test(clause)) && !PATCH.test(clause))
    return [];
  const keeps = /(?:\bnot|n't|\bno need to)\s+(?:\w+\s+){0,2}$/i.test(clause.slice(0, match.index));
  return [{ kind: "scope", narrow: !keeps }];
}
