// Finds a member name that stands twice in one object of a JSON text. JSON.parse keeps the last value and says nothing; other
// readers keep the first, so that two verifiers could judge two documents. Knows no limits and no meaning: only names.

/** A name that an object has twice: the name as it reads unescaped, and where its second spelling begins, in UTF-16 code units. */
export interface RepeatedName {
  readonly name: string;
  readonly at: number;
}

/**
 * The first name that repeats an earlier one of the same object, at any depth, however either is escaped; null when none does.
 * Of `{"a":1,"\u0061":2}` it is `{ name: "a", at: 7 }`; of `{"a":{"a":1}}` it is null, for these are two objects.
 * Takes time in proportion to the text, and does not recurse: nesting cannot exhaust the stack.
 *
 * @param json a text that JSON.parse accepts. Of any other text the answer means nothing.
 */
export function findRepeatedName(json: string): RepeatedName | null {
  /** What is open around the current place: the names of each object so far, null for an array. */
  const open: (Set<string> | null)[] = [];
  let names: Set<string> | null = null;
  let nameIsDue = false;
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(json, at);
        if (names && nameIsDue) {
          const name = unescaped(json.slice(at, end + 1));
          if (names.has(name)) return { name, at };
          names.add(name);
        }
        nameIsDue = false;
        at = end;
        break;
      }
      case BRACE:
      case BRACKET:
        names = json.charCodeAt(at) === BRACE ? new Set() : null;
        nameIsDue = names !== null;
        open.push(names);
        break;
      case BRACE_END:
      case BRACKET_END:
        open.pop();
        names = open.at(-1) ?? null;
        break;
      case COMMA:
        nameIsDue = names !== null;
        break;
    }
  }
  return null;
}

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Where the string that begins at `start` ends: at the next quote behind an even number of backslashes. */
function endOfString(json: string, start: number): number {
  for (let end = start; ; ) {
    end = json.indexOf('"', end + 1);
    if (end < 0) return json.length;
    let slashes = 0;
    while (json.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
}

function unescaped(literal: string): string {
  return literal.includes("\\") ? JSON.parse(literal) : literal.slice(1, -1);
}
