// What reviewers may ask of a guard: seven kinds, in one table. The first kind that fits a clause is what it asks for.
import { clip, literal } from "../literal.ts";
import { isRefusalStatus } from "./evidence.ts";
import { type Asked, defaultMessage, type Setting, statusOf } from "./guard.ts";
import type { Clause } from "./read-clauses.ts";

/** What a clause sets, and what is said of it. */
export type Granted = readonly [sets: Asked, told: string];

export interface Wish {
  readonly suggestion: string;
  readonly fits: RegExp;
  /** A string says why it cannot be. */
  grant(clause: Clause, asked: Asked, setting: Setting): Granted | string;
}

const NUMBER = /(?<![\w.#:/-])([1-5]\d\d)(?![\w%]|[.:/]\d|\s*(?:ms|s|seconds?|bytes|times|requests)\b)/;
const REPLACED =
  /\b(?:instead of|rather than|not|than|over|from|replac\w+|chang\w+)\s+(?:(?:an?|the|http|status)\s+)*[1-5]\d\d\b/gi;
const PHRASES = ["bad request 400", "not found 404", "conflict 409", "gone 410", "unprocessable 422"];
const PHRASE = /\b(?:with|return|answer|use|an?)\s+(bad request|not found|conflict|gone|unprocessable)\b/i;
const HEADER =
  /(?<![\w-])(x-[a-z0-9-]{1,60}|cache-control|retry-after|content-(?!length)[a-z]+|etag|vary)(?![\w-])/i;
const VALUE = /(?<=[:=]\s*|\bof\s+|\bset to\s+)[^\s"'`:=][^"'`]*|\b(?:\d+|no-[a-z]+|private|public)\b/i;
const SENDABLE = /^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/;
const NAME = /^[A-Za-z][\w.:/-]{0,59}$/;
const NO_NAME = "a name has letters, digits, dots, dashes and underscores";

export const WISHES: readonly Wish[] = [
  {
    suggestion: "Add a comment that says why.",
    fits: /(?<!\b(?:my|your|see|earlier|last) )\bcomment/i,
    grant({ wanted, quoted }, asked, { fault }) {
      if (!wanted) return [{ comment: null }, "has no comment"];
      const why = `${fault.base} can be undefined here: answer instead of reading its ${fault.property}.`;
      return [
        { comment: clip((quoted ?? asked.comment ?? why).replace(/\p{Cf}/gu, ""), 200) },
        "has a comment above the guard",
      ];
    },
  },
  {
    suggestion: "Say “Your cart has expired.”",
    fits: /\b(?:message|wording|text|hint|say(?:s|ing)?)\b/i,
    grant({ wanted, quoted, text }, asked, { fault }) {
      if (!wanted) return [{ message: null }, "answers without the message"];
      const said = /(?::|\bsay(?:ing)?(?: that)?)\s+(\S.{5,})$/i.exec(text)?.[1];
      const message = clip(quoted ?? said ?? asked.message ?? defaultMessage(fault), 300);
      return [{ message }, `answers with the message ${literal(message)}`];
    },
  },
  {
    suggestion: "Send the same headers as the other answers.",
    fits: new RegExp(`\\bheaders?\\b|${HEADER.source}`, "i"),
    grant({ wanted, original }, asked, { fault }) {
      const name = HEADER.exec(original)?.[0].toLowerCase() ?? "";
      if (!wanted) {
        const sent = Object.keys(asked).filter((part) => asked[part] && part.startsWith(`header:${name}`));
        if (sent.length === 0) return "the guard itself sends no such header";
        return [Object.fromEntries(sent.map((part) => [part, null])), `does not send ${name || "headers"}`];
      }
      const value = VALUE.exec(
        name && original.slice(original.toLowerCase().indexOf(name) + name.length),
      )?.[0].trim();
      if (value !== undefined && !SENDABLE.test(value)) return "this is not a header's value";
      const names = name ? [name] : [...fault.headers.keys()];
      const sets = names.map((one) => [`header:${one}`, value ? literal(value) : fault.headers.get(one)]);
      // No value is made up, and none sent through a function that takes no headers.
      const isKnown = fault.headers.size > 0 && sets.every(([, source]) => source);
      if (!isKnown) return `no answer of ${fault.path} shows how to send it`;
      return [Object.fromEntries(sets), `sends ${names.join(", ")}${value ? `: ${value}` : ""}`];
    },
  },
  {
    suggestion: "Count these answers.",
    fits: /\b(?:metrics?|counters?|count(?:ed|s|ing)?|track(?:ed|ing)?|record(?:ed|ing)?|measur\w+)\b/i,
    grant({ wanted, names }, asked, { fault }) {
      if (!wanted) return [{ metric: null }, "does not count these answers"];
      const metric = names[0] ?? asked.metric ?? "";
      if (!fault.metrics) return "no module in evidence counts anything that could be used here";
      if (metric !== "" && !NAME.test(metric)) return NO_NAME;
      return [{ metric }, `counts these answers${metric && ` as ${metric}`}`];
    },
  },
  {
    suggestion: "Use the error code `cart_gone`.",
    fits: /\b(?:error|code|rename)\b.*[\uE000_]|\b[a-z]+_[a-z_]+\b/i,
    grant({ wanted, names: [code = ""] }) {
      if (!wanted) return "no other error code was named";
      return NAME.test(code) ? [{ code }, `answers with the error code ${code}`] : NO_NAME;
    },
  },
  {
    suggestion: "Answer 409 instead.",
    fits: new RegExp(`${NUMBER.source}|\\bstatus\\b|${PHRASE.source}`, "i"),
    grant({ wanted, text }, asked, setting) {
      const [now, { status: advised }] = [statusOf(asked, setting), setting.advice];
      const numberOf = (name: string) => PHRASES.find((one) => one.startsWith(name.toLowerCase())) ?? "";
      const said = text.replace(PHRASE, (_, name) => numberOf(name));
      const named = NUMBER.exec(said)?.[1];
      const kept = wanted ? NUMBER.exec(said.replace(REPLACED, ""))?.[1] : undefined;
      if (kept && !isRefusalStatus(kept)) return `${kept} is no refusal; a guard answers with 400 to 451`;
      if (kept) return [{ status: kept }, `answers ${kept}${kept === now ? "" : ` instead of ${now}`}`];
      if (named ? named !== now : /\b(?:keep|leave|not)\b|n't\b/i.test(text))
        return [{ status: now }, named ? `does not answer ${named}` : `answers ${now}`];
      if (!named || now === advised) return "no other status was named";
      return [{ status: advised }, `answers ${advised} again, as advised`];
    },
  },
  {
    suggestion: "Make the patch narrower.",
    fits: /\b(?:narrow\w*|small\w*|minim\w+|tight\w*|simpler|simplify|short\w*|broad\w*|wid(?:er|en)|(?:only|just) (?:guard|check|handle|fix)\w*|too (?:big|much|large|general))\b/i,
    grant({ wanted, text }, _, { fault: { base, property } }) {
      const isWide = /\b(?:wid(?:er|en)|broad(?:er|en)|too (?:narrow|small|tight))\b/i.test(text);
      if (isWide !== wanted) return [{ narrow: "yes" }, `guards only a missing ${base}`];
      return [{ narrow: null }, `also guards a ${base} without ${property}`];
    },
  },
];

export const SUGGESTIONS: readonly string[] = WISHES.map(({ suggestion }) => suggestion);
