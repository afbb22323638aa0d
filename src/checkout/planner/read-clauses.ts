// Cuts a reviewer's words into clauses, each of which can ask for one thing. What is quoted is put aside first, so that a comma or
// an "and" inside it cuts nothing.

export type Clause = ReturnType<typeof readClauses>[number];

const MAX_LENGTH = 8000;
const MARK = /\uE000(\d+)\uE001/g;
const QUOTED = /`([^`]+)`|"([^"]+)"|(?<![^\s(:])'([^']{1,300})'(?!\w)/g;
const BULLET = /(^|\n)\s*(?:[-*•]|\(?\d{1,2}[.)])\s+/g;
const SENTENCE = /[\n;!]+|[.?]+(?=\s|$)|\s[–—-]\s/;
const CLAUSE =
  /,\s*(?:and|but|then|also|plus)?\s+|(?<!\banything)\s+(?:and|but|then|plus|&)\s+|(?<!\b(?:answer|respond|reply|return|it|replace \S+))\s+(?=with(?:out)?\s(?:an?|the|no)\s(?!value))/i;
const REASON = /^why not\b|\b(?:because|since|so that|given that|as (?:it|that|this))\b.*$/gi;
const COURTESY =
  /^(?:\W*\b(?:hi|hello|please|thanks?(?: you)?|ok(?:ay)?|yes|no|sure|actually|sorry|great|nice|good|lgtm|looks? good|otherwise|also|wait|after all|the rest is fine)\b)+\W*$/i;

const KEPT =
  /(?:\b(?:not|never|without)|n't)\s+(?:\w+\s+){0,2}?(?:drop|remov|skip|omit|delet|strip|los[ei]|forget|chang|touch)\w*|\b(?:there(?:'s| is| are)|has|have) no\b|\binstead of\b|\bnot .* but\b/gi;
const REFUSED =
  /\b(?:no(?!-)|not|never|without|anything but|wrong|misleading|needless|(?:drop|remov|skip|omit|delet|strip|avoid|stop|los[ei]|forget|undo|get rid)\w*)\b|n't\b/i;
const NAME = /\uE000(\d+)\uE001|\b[A-Za-z]\w*(?:[._][A-Za-z_]\w*)+/g;
const OLD_NAME =
  /\b(?:instead of|rather than|not|rename|replace|change|from)\s+(?:(?:the|error|code|metric)\s+)*$/i;

/** Clauses in the order in which they were written, but for courtesies. */
export function readClauses(words: string) {
  const quotes: string[] = [];
  const marked = words
    .slice(0, MAX_LENGTH)
    .toWellFormed()
    .replace(/[\uE000\uE001]/g, " ")
    .replace(/[‘’]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(QUOTED, (raw: string) => `\uE000${quotes.push(raw) - 1}\uE001`)
    .replace(BULLET, "$1");
  const lines = marked.split(SENTENCE).flatMap((sentence) => sentence.split(CLAUSE));
  return lines.flatMap((part) => {
    const line = part.replace(/\s+/g, " ").trim();
    // With marks in place of what is quoted, and without reasons.
    const text = line.replace(REASON, "").trim();
    if (!/[\p{L}\p{N}\uE000]/u.test(text) || COURTESY.test(text)) return [];
    const original = line.replace(MARK, (_, at) => quotes[at] ?? "");
    const quotedAt = (at: string | undefined) => quotes[Number(at)]?.slice(1, -1).trim();
    // Names and quotations, but for those that are to be replaced.
    const named = [...text.matchAll(NAME)].filter(({ index }) => !OLD_NAME.test(text.slice(0, index)));
    const names = named.map(([name, at]) => quotedAt(at) ?? name);
    // False for a clause that asks to be without. "Don't drop the metric" asks for it.
    const wanted = !REFUSED.test(text.replace(KEPT, "keep"));
    return [{ original, text, names, quoted: quotedAt(/\uE000(\d+)/.exec(text)?.[1]), wanted }];
  });
}
