// Whether words ask for a thing or ask to be rid of it. "Don't drop the metric" asks for it.

const REMOVES =
  "drop|remove|skip|omit|delet|strip|leav(?:e|ing) (?:out|off)|tak(?:e|ing) out|get(?:ting)? rid|avoid|stop|ditch|exclud|kill|lose|losing|forget|cut|revert|undo";
const KEPT = new RegExp(
  `(?:\\b(?:not|never|without|cannot|no reason to|no need to)|n't)\\s+(?:\\w+\\s+){0,2}?(?:${REMOVES}|chang|touch|alter|modify|break)\\w*`,
  "gi",
);
const MISSED =
  /there(?:'s| is| are) (?:still )?no\b|\b(?:has|have) no\b|\b(?:does|do)(?: not|n't) (?:have|send|include|set|carry|count|mention)\b|\b(?:is|are)(?: not|n't) (?:any|a|counted|sent|there|included)\b/gi;
const REFUSED_BEFORE = new RegExp(
  `\\b(?:no(?!-)|not|without|never|cannot|instead of|rather than|needless|unnecessary)\\b|n't\\b|\\b(?:${REMOVES})\\w*`,
  "i",
);
const REFUSED_AFTER =
  /^[\s\uE001]*(?:headers?|metrics?|message|comment|counter)?\s*(?:(?:is|are|was)(?:n't| not) (?:needed|necessary|wanted|required|useful)|(?:is|are|seems?|looks?) (?:unnecessary|needless|superfluous|overkill|noise|too much)|(?:\w+\s+){0,2}(?:out|off|away|again)\b(?=\W*$)|(?:can|should|must|has to|needs to) (?:go|be (?:dropped|removed))|not needed|unnecessary|needless)/i;

/** The words since the last "with": what comes before that is about something else. */
function nearest(before: string): string {
  return before.split(/\b(?:with(?!out)|plus|including|keep(?:ing)?)\b/i).at(-1) ?? before;
}

/** True when the words around a thing ask to be without it. */
export function isRefused(before: string, after: string): boolean {
  const near = nearest(before.replace(KEPT, " keep ").replace(MISSED, " "));
  const putting = /\b(?:put|tak|turn|leav)\w*\b/i.test(before);
  const refusedAfter = REFUSED_AFTER.exec(after)?.[0] ?? "";
  if (refusedAfter !== "" && (putting || !/\b(?:out|off|away|again)$/i.test(refusedAfter))) return true;
  return REFUSED_BEFORE.test(near);
}
