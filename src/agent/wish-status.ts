// Reads which status an answer should have. "409 instead of 400" wants one status, not two;
// a status in a reason ("because 400 means malformed") is not wanted at all.
import { isRefusalStatus } from "./read-advice.ts";
import type { BareWish } from "./wish.ts";

const PHRASES: Readonly<Record<string, number>> = {
  "bad request": 400,
  unauthorized: 401,
  "payment required": 402,
  forbidden: 403,
  "not found": 404,
  "method not allowed": 405,
  "not acceptable": 406,
  "request timeout": 408,
  conflict: 409,
  gone: 410,
  "precondition failed": 412,
  "payload too large": 413,
  "content too large": 413,
  "unsupported media type": 415,
  "expectation failed": 417,
  "i'm a teapot": 418,
  teapot: 418,
  "misdirected request": 421,
  "unprocessable entity": 422,
  "unprocessable content": 422,
  unprocessable: 422,
  locked: 423,
  "failed dependency": 424,
  "too early": 425,
  "upgrade required": 426,
  "precondition required": 428,
  "too many requests": 429,
  "unavailable for legal reasons": 451,
  "no content": 204,
  "see other": 303,
  "internal server error": 500,
  "bad gateway": 502,
  "service unavailable": 503,
};

const NAMES = Object.keys(PHRASES).join("|");
const ANSWERS =
  "answer(?:ing)?(?: with)?|return(?:ing)?|respond(?:ing)?(?: with)?|reply(?:ing)?(?: with)?|us(?:e|ing)|send(?:ing)?|give|prefer|make (?:it|this|that)|be|as|with|status(?: code)?(?: of)?|code|to|http|not|than|instead of|want|like";
const SPOKEN = new RegExp(
  `(?<=^|\\b(?:${ANSWERS})\\s+(?:(?:an?|the|http|plain|status|just)\\s+)*)(${NAMES})(?=\\s*(?:$|[.,)]|\\b(?:status|response|code|error|answer|instead|rather|here|please|when|for|if|because|then|would|is|was|not|over|than)\\b))`,
  "gi",
);
const TITLED = new RegExp(`(?<=\\d{3} )(?:${NAMES})\\b`, "gi");
const NUMBER =
  /(?<![\w#.:/-])([1-5]\d\d)(?!\w|[.:/]\d|\s*(?:ms|s|sec|seconds?|minutes?|bytes?|chars?|characters?|lines?|words?|requests?|incidents?|times|cases|customers?|users?|days?|hours?|weeks?|of \d|%|KB|kb)\b)/g;
const UNWANTED_BEFORE =
  /(?:\binstead of|\brather than|\bin place of|\banything but|\bnot|n't|\bnever|\bno|\bno longer|\bover|\bthan|\bavoid\w*|\bdrop\w*|\bundo\w*|\brevert\w*|\bstop|\bwhy(?! not))\s+(?:(?:an?|the|that|this|be|use|using|return|returning|answer|answering|with|send|sending|http|status|code|response|of|our|like|want|think|it|should)\s+)*$/i;
const REPLACED =
  /\b(?:from|replac\w+|chang\w+|swap\w*|switch\w*)\s+(?:(?:an?|the|that|this|http|status|code|our)\s+)*$/i;
const UNWANTED_AFTER =
  /^\s*(?:(?:->|=>|→)|(?:is|was|seems|looks|feels|sounds)\s+(?:a bit |rather |just |simply |far |way )?(?:wrong|not|too|mislead\w*|incorrect|bad|inappropriate|vague|generic|confus\w*)|(?:is|does|would)n't|does not|doesn't|would be (?:wrong|mislead))/i;
const KEPT = /(?:\bnot|n't|\bnever)\s+(?:chang|touch|alter|drop|replac)\w*\s+(?:(?:the|status|code)\s+)*$/i;
const CONTEXT = /\b(?:status|code|return\w*|answer\w*|respond|reply|use|http|send|give|be|make)\b/i;
const KEEPS_STATUS =
  /(?:\bkeep|\bleave|(?:\bnot|n't|\bwithout) (?:chang|touch)\w*)\s+(?:\w+\s+){0,2}status\b/i;
const REASON = /\b(?:because|since|so that|given that|as (?:it|that|this)|which)\b.*$/i;

function isUnwanted(before: string, after: string): boolean {
  if (/^why not\b/i.test(before) || KEPT.test(before)) return false;
  return UNWANTED_BEFORE.test(before) || REPLACED.test(before) || UNWANTED_AFTER.test(after);
}

/** The statuses a clause wants or does not want, in its order. */
export function wishStatus(clause: string): BareWish[] {
  const said = clause
    .replace(REASON, "")
    .replace(TITLED, "")
    .replace(SPOKEN, (name) => String(PHRASES[name.toLowerCase()] ?? name));
  const wishes: BareWish[] = [];
  let end = 0;
  for (const match of said.matchAll(NUMBER)) {
    const status = Number(match[1]);
    const before = said.slice(0, match.index);
    const alternative = wishes.length > 0 && /^\W*or\W+(?:an? )?$/i.test(said.slice(end, match.index));
    end = match.index + 3;
    if (alternative) continue;
    if (isUnwanted(before, said.slice(end))) wishes.push({ kind: "unwanted-status", status });
    else if (isRefusalStatus(status)) wishes.push({ kind: "status", status });
    else if (CONTEXT.test(said) || said.trim().split(/\s+/).length <= 3) {
      const why = `${status} is no refusal; the guard answers with a status from 400 to 451`;
      wishes.push({ kind: "impossible", why });
    }
  }
  if (wishes.length === 0 && KEEPS_STATUS.test(said)) return [{ kind: "status", status: null }];
  return wishes;
}
