// Reads a reviewer's words into wishes. Generous in what it takes, and honest about the rest: a clause that
// asks for something and is not understood is handed back as it was written.
import { type Clause, type Feedback, readClauses } from "./feedback-clauses.ts";
import type { BareWish, Wish } from "./wish.ts";
import { wishNamed } from "./wish-named.ts";
import { wishComment, wishHeaders, wishMessage, wishMetric, wishScope } from "./wish-spoken.ts";
import { wishStatus } from "./wish-status.ts";

const COURTESY =
  /\b(?:hi|hey|hello|please|thanks?(?: you)?|ok(?:ay)?|yes|no|nice|great|good(?: (?:start|work|job|catch|find))?|lgtm|looks? (?:good|fine|right|ok)(?: to me)?|well done|almost(?: there)?|otherwise|also|finally|first(?:ly)?|second(?:ly)?|sorry|actually|i (?:was|am) wrong|(?:i|we)(?: have|'ve)? changed (?:my|our) minds?|hm+|well|sure|agreed|i (?:like|agree)(?: (?:it|this|with this))?|(?:the )?rest (?:is |looks )?(?:fine|good|ok)|(?:that|this|it)(?:'s| is| looks)? (?:fine|good|ok|great|nice)|cheers|on second thoughts?|one (?:more )?thing|(?:a |some |two |three |few )*(?:changes|things|nits?|requests|points)|wait|to me|overall|though)\b/gi;
const ASIDE =
  /^(?:because|since|so(?: that)?|as (?:it|that|this|the|our|we)|given|when(?:ever)?|if|where|which|for (?:clarity|consistency|now|this|the)|like |that(?:'s| is| way| would)|it(?:'s| is| was)|this (?:is|was)|after all|otherwise)\b/i;
const THEREFORE = /^(?:so|hence|therefore|thus)\b/i;
const BACK_REFERENCE =
  /^(?:please\s+)?(?:add|include|put|keep|use|return|do|bring|restore|drop|remove)\s+(?:it|one|them|that|those|so)(?:\s+(?:in|back|please|instead|too|there|here))*$/i;
const ORDER =
  /^(?:please\s+|also\s+|then\s+|can you\s+|could you\s+|you should\s+|do(?:n't| not)\s+)*(?:add|use|return|make|move|refactor|redirect|rename|write|put|create|remove|drop|keep|change|fix|log|send|set|test|validate|call|deploy|revert|rewrite|document|update|upgrade|retry|cache|clear|delete|check|handle|ask|wait)\b/i;
const BEYOND =
  /\b(?:(?:add|write|include)\s+(?:an?\s+|some\s+|more\s+|the\s+)*(?:unit\s+|regression\s+)?tests?|refactor\w*|redirect\w*|rewrite|e-?mail|notify|changelog|deploy)\b/i;

function readOne(clause: string, feedback: Feedback): BareWish[] {
  const { wishes, roles } = wishNamed(clause, feedback);
  const scope = wishScope(clause);
  if (scope.some(({ kind }) => kind === "start-over")) return scope;
  const spoken = [
    ...(roles.has("metric") ? [] : wishMetric(clause)),
    ...(roles.has("comment") ? [] : wishComment(clause)),
    ...(roles.has("message") || roles.has("comment") ? [] : wishMessage(clause)),
    ...(roles.has("header") ? [] : wishHeaders(clause)),
    ...scope,
  ];
  return [...wishStatus(clause), ...wishes, ...spoken];
}

/** A clause that is nothing but a name belongs to the clause before: "add a metric, `checkout.lost`". */
function joinLoneNames(clauses: readonly Clause[]): Clause[] {
  const joined: Clause[] = [];
  for (const clause of clauses) {
    const before = joined.at(-1);
    const lone = /^(?:(?:please|called|named|like|as|say)\s+)*\uE000\d+\uE001$/.test(clause.text);
    const joins = lone && before?.sentence === clause.sentence && !/\uE000/.test(before.text);
    if (!joins || !before) joined.push(clause);
    else {
      const text = `${before.text} ${clause.text}`;
      joined[joined.length - 1] = { ...clause, text, original: `${before.original}, ${clause.original}` };
    }
  }
  return joined;
}

export interface Understood {
  wishes: Wish[];
  /** Clauses that ask for something unknown, as they were written. */
  unknown: string[];
}

export function understandFeedback(text: string): Understood {
  const feedback = readClauses(text);
  const wishes: Wish[] = [];
  const unknown: string[] = [];
  let asideIn = -1;
  const clauses = joinLoneNames(feedback.clauses);
  const concluded = new Set(
    clauses.filter(({ text }) => THEREFORE.test(text)).map(({ sentence }) => sentence),
  );
  for (const clause of clauses) {
    const found = readOne(clause.text, feedback);
    for (const wish of found) wishes.push({ ...wish, clause: clause.original });
    if (/\b(?:because|since|so that)\b/i.test(clause.text) || ASIDE.test(clause.text))
      asideIn = clause.sentence;
    const explains =
      (asideIn === clause.sentence || concluded.has(clause.sentence)) && !ORDER.test(clause.text);
    const heard =
      explains ||
      !/[\p{L}\p{N}\uE000]/u.test(clause.text.replace(COURTESY, "")) ||
      (wishes.length > 0 && BACK_REFERENCE.test(clause.text));
    if (BEYOND.test(clause.text) || (found.length === 0 && !heard)) unknown.push(clause.original);
  }
  const asked = wishes.length > 0 || unknown.length > 0;
  return { wishes, unknown: asked || text.trim() === "" ? unknown : [text.trim()] };
}
