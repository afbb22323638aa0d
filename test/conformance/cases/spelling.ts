// The payload's bytes (rules 7–9): UTF-8, JSON, and the one canonical spelling of it. All are correctly signed as they stand.
import { type CorpusCase, faults, type Row } from "../case.ts";
import { utf8 } from "../primitives.ts";
import { SEQ } from "../scenarios.ts";

type Respell = (text: string) => string | Uint8Array;
type Spelling = readonly [name: string, respell: Respell];

const { alert, proposal } = SEQ;

/** Puts raw bytes where the payload says `low`. */
function spliceBytes(...bytes: readonly number[]): Respell {
  return (text) => {
    const cut = text.indexOf("low");
    return Uint8Array.from([...utf8(text.slice(0, cut)), ...bytes, ...utf8(text.slice(cut + 3))]);
  };
}

const swap =
  (from: string, to: string): Respell =>
  (text) => {
    if (!text.includes(from)) throw new Error(`expected the payload to hold ${from}`);
    return text.replace(from, to);
  };

const nest = (levels: number, inside = "") => `${"[".repeat(levels)}${inside}${"]".repeat(levels)}`;
/** `risk` is at level 2, so these are the arrays whose innermost value is at level 64 or 65. */
const risk = (value: string) => swap('"risk":"low"', `"risk":${value}`);

const notUtf8: readonly Spelling[] = [
  ["a byte 0xff", spliceBytes(0xff)],
  ["a byte of Latin-1", spliceBytes(0xe9)],
  ["an overlong NUL", spliceBytes(0xc0, 0x80)],
  ["an overlong solidus of three bytes", spliceBytes(0xe0, 0x80, 0xaf)],
  ["a surrogate as three bytes", spliceBytes(0xed, 0xa0, 0x80)],
  ["a pair of surrogates as six bytes", spliceBytes(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80)],
  ["a sequence cut short", spliceBytes(0xe2, 0x82)],
  ["a lone continuation", spliceBytes(0x80)],
  ["a point beyond U+10FFFF", spliceBytes(0xf4, 0x90, 0x80, 0x80)],
  [
    "UTF-16 with its mark",
    (text) => Uint8Array.from([0xff, 0xfe, ...[...text].flatMap((c) => [c.charCodeAt(0), 0])]),
  ],
];

const notJson: readonly Spelling[] = [
  ["a byte order mark", (text) => `\ufeff${text}`],
  ["UTF-16 without a mark", (text) => Uint8Array.from([...text].flatMap((c) => [c.charCodeAt(0), 0]))],
  ["nothing at all", () => ""],
  ["cut short", (text) => text.slice(0, -1)],
  ["a trailing comma", (text) => `${text.slice(0, -1)},}`],
  ["a second value after it", (text) => `${text}{}`],
  ["a NUL after it", (text) => `${text}\u0000`],
  ["a no-break space before it", (text) => `\u00a0${text}`],
  ["single quotes", (text) => text.replaceAll('"', "'")],
  ["a comment", (text) => `/**/${text}`],
  ["NaN for a number", swap('"revision":1', '"revision":NaN')],
  ["Infinity for a number", swap('"revision":1', '"revision":Infinity')],
  ["a leading zero", swap('"revision":1', '"revision":01')],
  ["a leading plus", swap('"revision":1', '"revision":+1')],
  ["a bare point", swap('"revision":1', '"revision":1.')],
  ["a point first", swap('"revision":1', '"revision":.1e1')],
  ["hexadecimal", swap('"revision":1', '"revision":0x1')],
  ["a raw tab in a text", swap("Answer a", "Answer\ta")],
  ["a raw NUL in a text", swap("Answer a", "Answer\u0000a")],
  ["an escape that is none", swap("Answer a", "Answer\\xa")],
  ["an escape cut short", swap("Answer a", "Answer\\u00")],
  ["True in capitals", swap('"reverts":null', '"reverts":True')],
  ["an endless nest", () => "[".repeat(99_999)],
  ["an array at level 65 and a comma too many", risk(`${nest(64)},`)],
];

const notCanonical: readonly Spelling[] = [
  ["a leading space", (text) => ` ${text}`],
  ["a trailing newline", (text) => `${text}\n`],
  ["a space after a colon", swap('"risk":"low"', '"risk": "low"')],
  ["indented", (text) => JSON.stringify(JSON.parse(text), null, 2)],
  ["members out of order", (text) => text.replace(/^\{("_type":"[^"]*"),(.*)\}$/s, "{$2,$1}")],
  ["members of the predicate out of order", swap('"revision":1,"risk":"low"', '"risk":"low","revision":1')],
  ["a member twice, alike", swap('"risk":"low"', '"risk":"low","risk":"low"')],
  ["a member twice, the second true", swap('"risk":"low"', '"risk":"high","risk":"low"')],
  ["a member twice, the first true", swap('"risk":"low"', '"risk":"low","risk":"high"')],
  ["a member twice, once escaped", swap('"risk":"low"', '"ris\\u006b":"high","risk":"low"')],
  ["a member twice within an author", swap('"kind":"agent"', '"kind":"agent","kind":"agent"')],
  ["1.0 for 1", swap('"revision":1', '"revision":1.0')],
  ["1e0 for 1", swap('"revision":1', '"revision":1e0')],
  ["0.1e1 for 1", swap('"revision":1', '"revision":0.1e1')],
  ["a number that rounds to 1", swap('"revision":1', '"revision":1.00000000000000001')],
  ["2^53 + 1, which no double holds", swap('"revision":1', '"revision":9007199254740993')],
  ["1e21, spelled out", swap('"revision":1', '"revision":1000000000000000000000')],
  ["a number beyond every double", swap('"revision":1', '"revision":1e400')],
  ["a number below every double", swap('"revision":1', '"revision":1e-400')],
  ["an escaped letter", swap("Answer a", "\\u0041nswer a")],
  ["an escaped solidus", swap("in-toto.io/Statement", "in-toto.io\\/Statement")],
  ["an escaped member name", swap('"risk"', '"\\u0072isk"')],
  ["a control character in upper-case hexadecimal", swap("Answer a", "Answer\\u001Fa")],
  ["a tab as \\u0009", swap("Answer a", "Answer\\u0009a")],
  ["a delete character, escaped", swap("Answer a", "Answer\\u007fa")],
  ["a line separator, escaped", swap("Answer a", "Answer\\u2028a")],
  ["a lone high surrogate, escaped", swap("Answer a", "Answer\\ud83da")],
  ["a lone low surrogate, escaped", swap("Answer a", "Answer\\ude00a")],
  ["surrogates in the wrong order, escaped", swap("Answer a", "Answer\\ude00\\ud83da")],
  ["a pair of surrogates, escaped", swap("Answer a", "Answer\\ud83d\\ude00a")],
  ["a lone surrogate in a member's name", swap('"risk":"low"', '"risk":"low","\\ud800":1')],
  ["names sorted by code points", swap('"kind":"agent"', '"kind":"agent","\uffff":1,"\u{10000}":1')],
  ["an array at level 65", risk(nest(64))],
  ["a number at level 65", risk(nest(63, "1"))],
  ["a number at level 65, within objects", risk(`${'{"":'.repeat(63)}1${"}".repeat(63)}`)],
  ["nesting of 99,999 levels", () => nest(99_999)],
];

const spelled = (rule: number, axis: string, why: string, spellings: readonly Spelling[]): CorpusCase[] =>
  faults(
    axis,
    why,
    spellings.map(([name, payload]): Row => [rule, name, proposal, { payload }]),
  );

export const spellingCases = [
  ...spelled(7, "UTF-8", "The payload is UTF-8, decoded with errors fatal.", notUtf8),
  ...spelled(8, "JSON", "The payload is one JSON value and nothing else.", notJson),
  ...spelled(9, "canonical form", "The payload is RFC 8785: one value, one spelling.", notCanonical),
  ...faults("canonical form", "RFC 8785 writes both zeros as 0.", [
    [9, "-0 for 0", alert, { payload: swap('"seq":0', '"seq":-0') }],
  ]),
  ...faults("canonical form", "This is canonical, so it is the statement that is wrong.", [
    [12, "an array at level 64", proposal, { payload: risk(nest(63)) }],
    [12, "a number at level 64", proposal, { payload: risk(nest(62, "1")) }],
    [12, "names sorted by UTF-16 code units", proposal, { payload: risk('{"\u{10000}":1,"\uffff":1}') }],
    [12, "1e21, 1e-7 and five eighths", proposal, { payload: risk("[1e+21,1e-7,0.625]") }],
  ]),
];
