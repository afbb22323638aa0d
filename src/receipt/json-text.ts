// What a JSON text says that its parsed value does not: a number that `JSON.parse` rounds, a member that a later one of its
// name replaces. Whoever signs or judges the value would sign or judge something else than was sent. Decides nothing itself.

/** The first place at which a JSON text and its parsed value differ. */
export interface Misread {
  readonly kind: "number" | "name";
  /** RFC 6901 JSON Pointer of the value, or of the second member of the name. */
  readonly pointer: string;
  /** What stands there and what would be read: one line of at most 300 characters. */
  readonly message: string;
}

/** An array or object that is open at some point of the text. */
interface Open {
  /** The names seen in an object; null in an array. */
  readonly names: Set<string> | null;
  /** The name of the member that is being read, or the place of the item. */
  at: string | number;
  /** Whether the next text is a name. */
  expectsName: boolean;
}

/** What a scan stops at. Outside of texts nothing else in JSON begins with a digit or a minus sign. */
const TOKEN = /["{}[\],]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Finds the first number whose decimal value is not that of its canonical spelling (ECMAScript's shortest, RFC 8785 §3.2.2.3),
 * or the first repeated member name at any depth. Null when the parsed value is all that the text says: `1.0`, `1e3` and `-0`
 * are other spellings of the same value, and pass. In `{"n":9007199254740993}` it is `/n`, in `{"a":{"b":1,"b":2}}` it is `/a/b`.
 *
 * Takes time and memory linear in the text, at any depth.
 * @param text JSON that `JSON.parse` accepts. Of any other text the answer means nothing.
 */
export function findMisread(text: string): Misread | null {
  const open: Open[] = [];
  const token = new RegExp(TOKEN);
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [piece] = found;
    const inner = open.at(-1);
    if (piece === '"') {
      token.lastIndex = endOfText(text, found.index);
      if (inner?.expectsName && isRepeated(inner, text.slice(found.index, token.lastIndex))) {
        return repeated(open);
      }
    } else if (piece === "{") open.push({ names: new Set(), at: "", expectsName: true });
    else if (piece === "[") open.push({ names: null, at: 0, expectsName: false });
    else if (piece === "}" || piece === "]") open.pop();
    else if (piece === ",") goOn(inner);
    else if (!isKept(piece)) return rounded(open, piece);
  }
  return null;
}

/** Enters a name into its object. True when it stands there already. */
function isRepeated(inner: Open, literal: string): boolean {
  const name: string = literal.includes("\\") ? JSON.parse(literal) : literal.slice(1, -1);
  inner.at = name;
  inner.expectsName = false;
  if (inner.names?.has(name)) return true;
  inner.names?.add(name);
  return false;
}

function goOn(inner: Open | undefined): void {
  if (typeof inner?.at === "number") inner.at += 1;
  else if (inner) inner.expectsName = true;
}

/** Where the text literal that begins at `start` ends: behind its closing quote. */
function endOfText(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let escapes = quote;
    while (text[escapes - 1] === "\\") escapes -= 1;
    if ((quote - escapes) % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** Whether a number literal and the number that it is parsed as have the same decimal value. */
function isKept(literal: string): boolean {
  const read = Number(literal);
  return Number.isFinite(read) && decimal(literal) === decimal(String(read));
}

/**
 * A decimal as its significant digits and a power of ten, so that equal values have equal texts.
 * Of a finite number the exponent stays small: its digits are at most as many as the literal has.
 */
function decimal(literal: string): string {
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = whole + fraction;
  let [start, end] = [0, digits.length];
  while (digits[start] === "0") start += 1;
  if (start === end) return "0";
  while (digits[end - 1] === "0") end -= 1;
  return `${sign}${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}

function repeated(open: readonly Open[]): Misread {
  const message = "expected each member name once, got one again: a reader may take the first or the last";
  return { kind: "name", pointer: pointerTo(open), message };
}

function rounded(open: readonly Open[], literal: string): Misread {
  const shown = literal.length <= 60 ? literal : `${literal.slice(0, 59)}…`;
  const message = `expected a number that a double holds, got ${shown}, which is read as ${Number(literal)}; send it as text`;
  return { kind: "number", pointer: pointerTo(open), message };
}

function pointerTo(open: readonly Open[]): string {
  return open.map(({ at }) => `/${String(at).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
