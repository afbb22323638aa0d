// The payload's bytes: UTF-8, JSON, and the one canonical spelling of it. All are correctly signed as they stand.
import { type ConformanceCase, type Fault, faults } from "../case.ts";
import { SEQ } from "../scenarios.ts";

type Respell = (text: string) => string | Uint8Array;
type Spelling = readonly [name: string, respell: Respell];

const { alert, proposal } = SEQ;
const utf8 = (text: string) => new TextEncoder().encode(text);

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

const notUtf8: readonly Spelling[] = [
  ["a byte 0xff", spliceBytes(0xff)],
  ["an overlong NUL", spliceBytes(0xc0, 0x80)],
  ["a surrogate as three bytes", spliceBytes(0xed, 0xa0, 0x80)],
  ["a sequence cut short", spliceBytes(0xe2, 0x82)],
  ["a point beyond U+10FFFF", spliceBytes(0xf4, 0x90, 0x80, 0x80)],
];

const notJson: readonly Spelling[] = [
  ["a byte order mark", (text) => `\ufeff${text}`],
  ["UTF-16", (text) => Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0]))],
  ["nothing at all", () => ""],
  ["cut short", (text) => text.slice(0, -1)],
  ["a trailing comma", (text) => `${text.slice(0, -1)},}`],
  ["a second value after it", (text) => `${text}{}`],
  ["single quotes", (text) => text.replaceAll('"', "'")],
  ["a comment", (text) => `/**/${text}`],
  ["NaN for a number", swap('"revision":1', '"revision":NaN')],
  ["a leading zero", swap('"revision":1', '"revision":01')],
  ["a leading plus", swap('"revision":1', '"revision":+1')],
  ["a raw tab in a text", swap("Answer a", "Answer\ta")],
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
  ["a member twice, once escaped", swap('"risk":"low"', '"ris\\u006b":"high","risk":"low"')],
  ["1.0 for 1", swap('"revision":1', '"revision":1.0')],
  ["1e0 for 1", swap('"revision":1', '"revision":1e0')],
  ["0.1e1 for 1", swap('"revision":1', '"revision":0.1e1')],
  ["a number that rounds to 1", swap('"revision":1', '"revision":1.00000000000000001')],
  ["2^53 + 1, which no double holds", swap('"revision":1', '"revision":9007199254740993')],
  ["a number beyond every double", swap('"revision":1', '"revision":1e400')],
  ["an escaped letter", swap("Answer a", "\\u0041nswer a")],
  ["an escaped solidus", swap("in-toto.io/Statement", "in-toto.io\\/Statement")],
  ["an escaped member name", swap('"risk"', '"\\u0072isk"')],
  ["a control character in upper-case hexadecimal", swap("Answer a", "Answer\\u001Fa")],
  ["a tab as \\u0009", swap("Answer a", "Answer\\u0009a")],
  ["a lone high surrogate, escaped", swap("Answer a", "Answer\\ud83da")],
  ["a lone low surrogate, escaped", swap("Answer a", "Answer\\ude00a")],
  ["surrogates in the wrong order, escaped", swap("Answer a", "Answer\\ude00\\ud83da")],
  ["a pair of surrogates, escaped", swap("Answer a", "Answer\\ud83d\\ude00a")],
  ["nesting of 100 levels", swap('"risk":"low"', `"risk":${"[".repeat(100)}${"]".repeat(100)}`)],
];

function spelled(code: Fault["code"], why: string, spellings: readonly Spelling[]): Fault[] {
  return spellings.map(([name, payload]) => ({ name, why, code, seq: proposal, step: { payload } }));
}

export const spellingCases: readonly ConformanceCase[] = [
  ...faults("utf-8", spelled("ERR_UTF8", "The payload is UTF-8, decoded with errors fatal.", notUtf8)),
  ...faults("json", spelled("ERR_JSON", "The payload is one JSON value and nothing else.", notJson)),
  ...faults(
    "canonical form",
    spelled("ERR_NOT_CANONICAL", "The payload is RFC 8785: one value, one spelling.", notCanonical),
  ),
  ...faults("canonical form", [
    {
      name: "-0 for 0",
      why: "RFC 8785 writes both zeros as 0.",
      code: "ERR_NOT_CANONICAL",
      seq: alert,
      step: { payload: swap('"seq":0', '"seq":-0') },
    },
  ]),
];
