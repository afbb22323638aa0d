// Gives every named thing of a clause its role: a header, a metric, an error code, a message, a comment.
// The nearest word that names a role decides; without one, the shape of the thing does.
import { type Feedback, isHeaderName, MARK, type Named } from "./feedback-clauses.ts";
import { isRefused } from "./negation.ts";
import type { BareWish } from "./wish.ts";

type Role = "header" | "metric" | "code" | "message" | "comment";

const ROLE_WORDS: readonly (readonly [Role, string])[] = [
  ["comment", "comment\\w*|explain\\w*"],
  ["header", "headers?"],
  ["message", "messages?|text|wording|say|says|saying|reads?|hint|tell|telling|body|phrase"],
  ["code", "error(?: code)?|code|identifier"],
  [
    "metric",
    "metrics?|counters?|count\\w*|track\\w*|record\\w*|logs?|logg\\w+|measur\\w+|telemetry|monitor\\w*",
  ],
];
const ANY_ROLE = new RegExp(
  `\\b(?:${ROLE_WORDS.map(([role, words]) => `(?<${role}>${words})`).join("|")})\\b`,
  "gi",
);
const OLD_NAME =
  /\b(?:instead of|rather than|rename|replace|change|not|from|than)\s+(?:(?:the|error|code|message|metric|name)\s+)*$/i;

const SPEAKS = /\b(?:answer|return|respond|reply|show|display|use|with)\b[^,]*$/i;

function roleWords(text: string): Role[] {
  return [...text.replaceAll(/\bstatus code\b/gi, " ").matchAll(ANY_ROLE)].flatMap(({ groups }) =>
    ROLE_WORDS.flatMap(([role]) => (groups?.[role] === undefined ? [] : [role])),
  );
}

function roleOf({ raw, value, quoted, header }: Named, before: string, after: string): Role | null {
  // A key of JSON that the reviewer wrote out is not a wish.
  if (/^\s*:/.test(after)) return null;
  const said = roleWords(before).at(-1) ?? roleWords(after.split(/\s+/).slice(0, 6).join(" "))[0];
  if (said === "comment" || (said === "message" && quoted)) return said;
  if (header || isHeaderName(value)) return "header";
  if (/^[\w-]+\(.*\)$/.test(value)) return /^(?:count|track|record|log|metric)/.test(value) ? "metric" : null;
  if (said === "code" && /\s/.test(value)) return "message";
  if (said) return said;
  if (!quoted && value.includes(".")) return null;
  if (/\s/.test(value)) return quoted && !raw.startsWith("`") && SPEAKS.test(before) ? "message" : null;
  return /[_-]/.test(value) ? "code" : null;
}

const CODE = /^[A-Za-z][\w.-]{0,59}$/;
const METRIC = /^[A-Za-z][\w.:/-]{0,79}$/;

function wishFor(role: Role, one: Named, wanted: boolean): BareWish {
  const { value } = one;
  if (role === "comment") return { kind: "comment", wanted, text: wanted ? value : null };
  if (role === "message") return { kind: "message", wanted, text: wanted ? value : null };
  if (role === "header") {
    const pair = one.header ?? { name: value, value: null };
    return { kind: "header", wanted, name: pair.name.toLowerCase(), value: pair.value };
  }
  if (role === "metric") {
    const name = /^\w+\(["']?([^"']*)["']?\)$/.exec(value)?.[1] ?? value;
    if (METRIC.test(name)) return { kind: "metric", wanted, name: wanted ? name : null };
    return { kind: "impossible", why: "a metric's name has letters, digits, dots, dashes and underscores" };
  }
  if (CODE.test(value)) return { kind: "code", code: value };
  return { kind: "impossible", why: "an error code has letters, digits, dots, dashes and underscores" };
}

/** A value right behind a header's name: "Retry-After of 30", "set the X-Mode header to strict". */
const VALUE_BEHIND =
  /^\s*(?:headers?\s*)?(?:(?:(?:of|to|as|is|set to|with(?: a| the)?(?: value)?(?: of)?|[:=])\s*)?(\d+|(?:no|must)-[a-z]+|private|public)\b|(?:set to|to|of|[:=])\s+([\w./=-]+)\W*$)/i;
const VALUE_FOLLOWS = /^\s*(?:headers?\s*)?(?:of|to|as|set to|with(?: a| the)?(?: value)?(?: of)?|[:=])\s*$/i;

interface Place {
  one: Named;
  role: Role;
  /** The words since the thing named before, and until the one named next. */
  before: string;
  after: string;
  refused: boolean;
}

/** Every named thing that has a role, with the words around it. */
function placesIn(clause: string, { named }: Feedback): Place[] {
  let end = 0;
  const marks = [...clause.matchAll(MARK)];
  return marks.flatMap((mark, at) => {
    const one = named[Number(mark[1])];
    const before = clause.slice(end, mark.index);
    end = mark.index + mark[0].length;
    const after = clause.slice(end, marks[at + 1]?.index);
    const role = one ? roleOf(one, before, after) : null;
    if (!one || role === null) return [];
    return [{ one, role, before, after, refused: isRefused(clause.slice(0, mark.index), after) }];
  });
}

/** A header's name together with a value that stands behind it, if one does. */
function withValue({ one, after }: Place, next: Place | undefined): { known: Named; tookNext: boolean } {
  if (one.header) return { known: one, tookNext: false };
  const tookNext = next !== undefined && VALUE_FOLLOWS.test(after);
  const found = VALUE_BEHIND.exec(after);
  const value = tookNext ? next.one.value : (found?.[1] ?? found?.[2]);
  return { known: value === undefined ? one : { ...one, header: { name: one.value, value } }, tookNext };
}

/** The wishes that named things stand for, and the roles that are thereby spoken for. */
export function wishNamed(clause: string, feedback: Feedback): { wishes: BareWish[]; roles: Set<Role> } {
  const places = placesIn(clause, feedback);
  const wishes: BareWish[] = [];
  let taken = -1;
  places.forEach((place, at) => {
    const { one, role, before, refused } = place;
    if (at === taken) return;
    if (role === "header") {
      const { known, tookNext } = withValue(place, places[at + 1]);
      if (tookNext) taken = at + 1;
      wishes.push(wishFor(role, known, !refused));
      return;
    }
    const isOld = role !== "comment" && OLD_NAME.test(before);
    if (!isOld && !(role === "code" && refused)) wishes.push(wishFor(role, one, !refused));
  });
  return { wishes, roles: new Set(places.map(({ role }) => role)) };
}
