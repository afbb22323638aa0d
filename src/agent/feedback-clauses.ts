// Cuts feedback into clauses. What is quoted, and names that carry punctuation, are put aside first as marks,
// so that a comma or an "and" inside them cuts nothing.

/** Something named rather than said: a quotation, an identifier, or a header with its value. */
export interface Named {
  raw: string;
  value: string;
  quoted: boolean;
  header: { name: string; value: string } | null;
}

export interface Clause {
  /** With marks in place of named things. */
  text: string;
  /** As the reviewer wrote it, on one line. */
  original: string;
  /** Clauses of one sentence share its number. */
  sentence: number;
}

export interface Feedback {
  clauses: Clause[];
  named: Named[];
}

/** Matches one mark; its group is the index of what it stands for. */
export const MARK = /\uE000(\d+)\uE001/g;

const MAX_LENGTH = 8000;
const HEADER_NAMES =
  "cache-control|retry-after|content-type|content-language|content-security-policy|x-[a-z0-9-]+|strict-transport-security|referrer-policy|access-control-[a-z-]+|www-authenticate|server-timing|request-id|trace-id|traceparent|vary|etag|expires|pragma|location";
const DIRECTIVES = String.raw`(?:,\s*(?:no-[a-z]+|private|public|immutable|must-revalidate|(?:s-)?max-?age=\d+))*`;
const HEADER_LINE = new RegExp(
  `(?<![\\w-])(${HEADER_NAMES})\\s*[:=]\\s*([^\\s,;\uE000]+${DIRECTIVES})`,
  "gi",
);
const HEADER_NAME = new RegExp(
  `(?<![\\w-])(?:(?=[A-Za-z]+-)(?:${HEADER_NAMES})|etag|traceparent|request id|cache control|[A-Za-z]+(?:-[A-Za-z]+)+(?= headers?\\b))(?![\\w-])`,
  "gi",
);
const HEADER_TEXT = /^([A-Za-z][A-Za-z0-9-]*)\s*:\s*(\S.*)$/;
const QUOTED = /`([^`]+)`|"([^"]+)"|«([^»]+)»|(?<![^\s(])'([^']{1,300}?)'(?![\w])/g;
const SAID =
  /\b((?:say|saying|text|message|wording|body)(?: should (?:be|read|say))?\s*:)\s*([^\s\uE000;][^\n\uE000;]*?)(?=[.!?]+(?:\s|$)|[;\n\uE000]|$)/gi;
const IDENTIFIER =
  /(?<![\w./-])(?:[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[a-z]\w+(?:\.[a-z_]\w+)+)(?![\w/]|\.[jt]s\b)/g;
const PLAIN =
  /^(?:HTTP )?\d{3}(?: [A-Za-z ]+)?$|^(?:[Bb]ad [Rr]equest|[Nn]ot [Ff]ound|Conflict|Gone|[Uu]nprocessable \w+)$/;

/** True for a name that only ever names a header. */
export function isHeaderName(name: string): boolean {
  return new RegExp(`^(?:${HEADER_NAMES})$`, "i").test(name);
}

function putAside(text: string): { text: string; named: Named[] } {
  const named: Named[] = [];
  const mark = (one: Named) => `\uE000${named.push(one) - 1}\uE001`;
  const trim = (value: string) => value.replace(/[.!?]+$/, "");
  const quotes = text.replace(QUOTED, (raw, ...groups: (string | undefined)[]) => {
    const value = (groups.slice(0, 4).find((group) => group !== undefined) ?? "").trim();
    if (value === "" || PLAIN.test(value)) return raw.slice(1, -1);
    const [, name = "", content = ""] = HEADER_TEXT.exec(value) ?? [];
    const header = isHeaderName(name) || name.includes("-") ? { name, value: content } : null;
    return mark({ raw, value, quoted: true, header });
  });
  const lines = quotes.replace(HEADER_LINE, (raw, name: string, value: string) =>
    mark({ raw, value: raw, quoted: false, header: { name, value: trim(value) } }),
  );
  const said = lines.replace(SAID, (raw, lead: string, value: string) =>
    PLAIN.test(value) ? raw : `${lead} ${mark({ raw: value, value, quoted: true, header: null })}`,
  );
  const bare = said.replace(HEADER_NAME, (raw) =>
    mark({ raw, value: raw.replace(" ", "-"), quoted: false, header: null }),
  );
  const names = bare.replace(IDENTIFIER, (raw) => mark({ raw, value: raw, quoted: false, header: null }));
  return { text: names, named };
}

const SENTENCE = /[\n;!]+\s*(?:(?:[-*•]|\(?\d{1,2}[.)])\s+)?|\?+(?=\s|$)|\.+(?=\s|$)|\s\(?\d\)\s+/;
const BULLET = /^\s*(?:[-*•]|\(?\d{1,2}[.)])\s+/;
const WRAPPED = /^\s*(["'`])((?:(?!\1)[\s\S])*)\1\s*$/;
const CLAUSE =
  /,\s*(?:and|but|then|also|plus)?\s+|(?<!\b(?:any|no)thing)\s+(?:and|but|then|plus|&)\s+(?:also\s+|then\s+)?|\s+[–—]\s*|\s+-\s+|\s*\+\s+/i;

/** Clauses in the order in which they were written; none is empty. */
export function readClauses(feedback: string): Feedback {
  const plain = feedback
    .slice(0, MAX_LENGTH)
    .toWellFormed()
    .replace(/[\uE000\uE001]/g, " ")
    .replace(/\b(?:e\.g|i\.e)\.?/gi, "like")
    .replace(/[‘’]/g, "'")
    .replace(/[“”„]/g, '"')
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[^\S\n]+/g, " ")
    .replace(/\n\s+/g, "\n");
  const { text, named } = putAside(plain.replace(WRAPPED, "$2").replace(BULLET, ""));
  const restore = (part: string) => part.replace(MARK, (_, index) => named[Number(index)]?.raw ?? "");
  const clauses = text.split(SENTENCE).flatMap((part, sentence) =>
    part.split(CLAUSE).flatMap((one) => {
      const clause = one.replace(/\s+/g, " ").trim();
      const original = restore(clause).replace(/\s+/g, " ").trim();
      return /[\p{L}\p{N}\uE000]/u.test(clause) ? [{ text: clause, original, sentence }] : [];
    }),
  );
  return { clauses, named };
}
