// Digests and instants (rules 10 and 12): each has one spelling.
import { type CorpusCase, faults, type Row } from "../case.ts";
import { change, type Json, put } from "../json-edit.ts";
import { INSTEAD, SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const { alert, evidence, preview, decision, outcome } = SEQ;

const putIn = (path: string, value: Json) => put(`predicate.${path}`, value);

const DIGESTS: readonly (readonly [name: string, how: (digest: string) => string])[] = [
  ["in upper case", (digest) => `sha256:${digest.slice(7).toUpperCase()}`],
  ["with its prefix in upper case", (digest) => digest.replace("sha", "SHA")],
  ["one digit short", (digest) => digest.slice(0, -1)],
  ["one digit long", (digest) => `${digest}0`],
  ["without its prefix", (digest) => digest.slice(7)],
  ["of another algorithm", (digest) => `sha512:${digest.slice(7)}`],
  ["with a trailing newline", (digest) => `${digest}\n`],
  ["of a letter beyond f", (digest) => `${digest.slice(0, -1)}g`],
  ["with a digit that is not ASCII", (digest) => `${digest.slice(0, -1)}٣`],
];

const HEX: typeof DIGESTS = [
  ["in upper case", (hex) => hex.replaceAll(/[a-f]/g, (letter) => letter.toUpperCase())],
  ["with a prefix", (hex) => `sha256:${hex}`],
  ["one digit short", (hex) => hex.slice(0, -1)],
  ["with a trailing newline", (hex) => `${hex}\n`],
];

const TIMES = [
  ["without milliseconds", "2026-11-23T05:31:00Z"],
  ["with microseconds", "2026-11-23T05:31:00.000000Z"],
  ["with an offset of zero", "2026-11-23T05:31:00.000+00:00"],
  ["with a lower-case z", "2026-11-23T05:31:00.000z"],
  ["with a lower-case t", "2026-11-23t05:31:00.000Z"],
  ["with a space for the T", "2026-11-23 05:31:00.000Z"],
  ["with a comma", "2026-11-23T05:31:00,000Z"],
  ["with a trailing newline", "2026-11-23T05:31:00.000Z\n"],
  ["with digits that are not ASCII", "2026-11-23T05:31:00.00٠Z"],
  ["on 30 February", "2026-02-30T05:31:00.000Z"],
  ["on 29 February of a common year", "2027-02-29T05:31:00.000Z"],
  ["on 29 February 2100", "2100-02-29T05:31:00.000Z"],
  ["on day 0", "2026-11-00T05:31:00.000Z"],
  ["in month 0", "2026-00-23T05:31:00.000Z"],
  ["in month 13", "2026-13-23T05:31:00.000Z"],
  ["in a leap second", "2026-12-31T23:59:60.000Z"],
  ["in minute 60", "2026-11-23T05:60:00.000Z"],
  ["at hour 24", "2026-11-23T24:00:00.000Z"],
  ["in the year 12026", "+012026-11-23T05:31:00.000Z"],
  ["in a week", "2026-W48-1T05:31:00.000Z"],
  ["as a number", 1_795_411_860_000],
] as const;

const asText = (how: (text: string) => string) => (old: Json) => how(String(old));

export const digestCases: readonly CorpusCase[] = [
  ...faults("digest", "A digest is sha256: and 64 lower-case hex digits.", [
    ...DIGESTS.map(
      ([name, how]): Row => [12, `prev ${name}`, evidence, change("predicate.prev", asText(how))],
    ),
    [
      12,
      "execution as an object",
      outcome,
      change("predicate.execution", (old) => ({ sha256: String(old).slice(7) })),
    ],
    [
      12,
      "an edit without its prefix",
      decision,
      change(
        "predicate.edit",
        asText((text) => text.slice(7)),
      ),
      { from: amend(SCENARIOS.edited, decision, { instead: INSTEAD }) },
    ],
  ]),
  ...faults("digest", "A subject's digest is the 64 digits alone.", [
    ...HEX.map(
      ([name, how]): Row => [10, `subject ${name}`, decision, change("subject.0.digest.sha256", asText(how))],
    ),
  ]),
  ...faults("time", "A time is a real instant, written YYYY-MM-DDTHH:MM:SS.mmmZ.", [
    ...TIMES.map(([name, time]): Row => [12, `issuedAt ${name}`, evidence, putIn("issuedAt", time)]),
    [12, "firedAt without milliseconds", alert, putIn("firedAt", "2026-11-23T05:29:00Z")],
    [12, "firedAt on 29 February 1900", alert, putIn("firedAt", "1900-02-29T05:29:00.000Z")],
    [12, "expiresAt on 31 April", preview, putIn("expiresAt", "2026-04-31T05:45:00.000Z")],
  ]),
];
