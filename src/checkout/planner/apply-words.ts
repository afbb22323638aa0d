// Applies what reviewers said, clause by clause, and says in plain words what became of each. "Applied" is only said of what the
// proposed code shows: what a later wish has undone is told as overruled.
import { clip } from "../literal.ts";
import { type Asked, insertionsOf, type Setting } from "./guard.ts";
import { readClauses } from "./read-clauses.ts";
import { type Granted, WISHES } from "./wishes.ts";

/** What was granted; `already` where it was so before. */
type Claim = { readonly words: string; readonly granted: Granted; readonly already: boolean };
/** A guard to which texts were applied, and what is to be said of them once it is known what comes after. */
export type Taken = ReturnType<typeof applyWords>;

const MAX_ENTRIES = 20;
const OVERRULED = "overruled by what was asked after it";
const UNKNOWN = "not understood, or beyond this patch";

/** Applies texts one after the other. */
export function applyWords(start: Asked, texts: readonly string[], setting: Setting) {
  const claims: Claim[] = [];
  const notApplied: string[] = [];
  const codeOf = (asked: Asked) => JSON.stringify(insertionsOf(asked, setting));
  let asked = start;
  for (const text of texts) {
    const read = readClauses(text);
    const wishes = read.map(({ text: words }) => WISHES.find(({ fits }) => fits.test(words)));
    for (const [i, clause] of read.entries()) {
      const granted = wishes[i]?.grant(clause, asked, setting) ?? UNKNOWN;
      if (typeof granted !== "string") {
        const next = { ...asked, ...granted[0] };
        claims.push({ words: clause.original, granted, already: codeOf(next) === codeOf(asked) });
        asked = next;
        continue;
      }
      // "Not 400" needs no answer where the same text goes on to say which one.
      const isAnswered = read.some(({ wanted }, other) => wanted && other > i && wishes[other] === wishes[i]);
      if (clause.wanted || !isAnswered) notApplied.push(told(clause.original, granted));
    }
    if (read.length === 0 && text.trim() !== "") notApplied.push(told(text, UNKNOWN));
  }
  return { asked, claims, notApplied };
}

/** Says what became of the wishes in the guard that is proposed in the end. */
export function settle({ claims, notApplied }: Taken, final: Asked) {
  const stands = ({ granted: [sets] }: Claim) =>
    Object.entries(sets).every(([part, value]) => final[part] === value);
  const applied = claims
    .filter(stands)
    .map(({ granted: [, said], already }) => `${already ? "already " : ""}${said}`);
  const undone = claims.filter((claim) => !stands(claim)).map(({ words }) => told(words, OVERRULED));
  return { applied: limit(applied), notApplied: limit([...notApplied, ...undone]) };
}

const told = (words: string, what: string) => `“${clip(words, 300)}”: ${what}`;

function limit(entries: readonly string[]): string[] {
  const unique = [...new Set(entries.map((entry) => clip(entry, 500)))];
  const more = unique.length - MAX_ENTRIES + 1;
  return more <= 1 ? unique : [...unique.slice(0, MAX_ENTRIES - 1), `and ${more} more`];
}
