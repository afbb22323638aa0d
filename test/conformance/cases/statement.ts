// The statement's shape: every field there and no other, of its type, from its words, within its length.
import { type ConformanceCase, type Fault, faults } from "../case.ts";
import { change, drop, type Edit, type Json, put } from "../json-edit.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";

const { alert, evidence, proposal, preview, decision, execution, outcome, handoff } = SEQ;

/** Every field of every kind, by the place of its receipt in an approved run. */
const FIELDS: readonly (readonly [seq: number, names: string])[] = [
  [alert, "issuer source title firedAt startedBy startedBy.id startedBy.method continues"],
  [evidence, "run seq prev kid issuedAt policy items items.0.name items.0.connector items.0.method summary"],
  [proposal, "revision supersedes summary risk feedback"],
  [preview, "proposal execution execution.id execution.seq changes expiresAt"],
  [preview, "changes.0.path changes.0.before changes.0.after"],
  [decision, "decision proposal preview reason reviewer reviewer.id reviewer.method"],
  [execution, "decision execution status reason written changes more recovered"],
  [outcome, "execution status reason before after before.requests after.failed before.good after.goodFailed"],
  [handoff, "outcome"],
];

const KIND_AT = Object.entries(SEQ).map(([kind]) => kind);

const missing: readonly Fault[] = FIELDS.flatMap(([seq, names]) =>
  names.split(" ").map((name) => ({
    name: `${KIND_AT[seq]} without ${name}`,
    why: "No field may be left out, not even one that could be null.",
    code: "ERR_STATEMENT",
    seq,
    edit: drop(`predicate.${name}`),
  })),
);

const unknown: readonly (readonly [name: string, seq: number, path: string])[] = [
  ["the statement", alert, "comment"],
  ["a subject", proposal, "subject.0.uri"],
  ["a subject's digest", proposal, "subject.0.digest.sha512"],
  ["the predicate", outcome, "predicate.comment"],
  ["an actor", decision, "predicate.reviewer.name"],
  ["an evidence item", evidence, "predicate.items.0.note"],
  ["an execution point", preview, "predicate.execution.attempt"],
  ["a change", preview, "predicate.changes.0.mode"],
  ["a tally", outcome, "predicate.before.skipped"],
  ["the predicate, named __proto__", handoff, "predicate.__proto__"],
  ["the statement, named __proto__", handoff, "__proto__"],
  ["the predicate, named constructor", handoff, "predicate.constructor"],
];

const wrong: readonly (readonly [name: string, seq: number, path: string, value: Json])[] = [
  ["a seq in quotes", evidence, "predicate.seq", "1"],
  ["a seq with a fraction", evidence, "predicate.seq", 1.5],
  ["a negative seq", evidence, "predicate.seq", -1],
  ["a seq of 2^53", evidence, "predicate.seq", 2 ** 53],
  ["a run with a space", alert, "predicate.run", "run 1"],
  ["an empty run", alert, "predicate.run", ""],
  ["a run of 65 characters", alert, "predicate.run", "r".repeat(65)],
  ["a run with a trailing newline", alert, "predicate.run", "run-1\n"],
  ["a title that is null", alert, "predicate.title", null],
  ["an empty title", alert, "predicate.title", ""],
  ["a title of 301 units", alert, "predicate.title", "t".repeat(301)],
  ["a title of 151 pairs of surrogates", alert, "predicate.title", "😀".repeat(151)],
  ["an empty source", alert, "predicate.source", ""],
  ["an actor in one text", alert, "predicate.startedBy", "oncall@example.com"],
  ["an actor without a name", alert, "predicate.startedBy.id", ""],
  ["items that are an object", evidence, "predicate.items", {}],
  ["a revision of 0", proposal, "predicate.revision", 0],
  ["a risk outside its words", proposal, "predicate.risk", "none"],
  ["a summary of 4001 units", proposal, "predicate.summary", "s".repeat(4001)],
  ["feedback that is false", proposal, "predicate.feedback", false],
  ["changes that are null", preview, "predicate.changes", null],
  ["an empty execution id", preview, "predicate.execution.id", ""],
  ["a decision outside its words", decision, "predicate.decision", "approved"],
  ["a decision in another letter case", decision, "predicate.decision", "Approve"],
  ["a reason of 2001 units", decision, "predicate.reason", "r".repeat(2001)],
  ["an execution status outside its words", execution, "predicate.status", "done"],
  ["written in quotes", execution, "predicate.written", "true"],
  ["more as a number", execution, "predicate.more", 0],
  ["recovered as null", execution, "predicate.recovered", null],
  ["an outcome status outside its words", outcome, "predicate.status", "fixed"],
  ["a negative tally", outcome, "predicate.before.failed", -1],
  ["a tally with a fraction", outcome, "predicate.after.good", 29.5],
  ["a statement type of another version", alert, "_type", "https://in-toto.io/Statement/v0.1"],
  ["a predicate that is a list", handoff, "predicate", []],
  ["no subject at all", handoff, "subject", []],
];

const DIGESTS: readonly (readonly [name: string, how: (digest: string) => string])[] = [
  ["in upper case", (digest) => `sha256:${digest.slice(7).toUpperCase()}`],
  ["one digit short", (digest) => digest.slice(0, -1)],
  ["one digit long", (digest) => `${digest}0`],
  ["without its prefix", (digest) => digest.slice(7)],
  ["of another algorithm", (digest) => `sha512:${digest.slice(7)}`],
  ["with a trailing newline", (digest) => `${digest}\n`],
  ["of a letter beyond f", (digest) => `${digest.slice(0, -1)}g`],
];

const HEX: typeof DIGESTS = [
  ["in upper case", (hex) => hex.toUpperCase()],
  ["with a prefix", (hex) => `sha256:${hex}`],
  ["one digit short", (hex) => hex.slice(0, -1)],
];

const TIMES = [
  ["without milliseconds", "2026-11-23T05:31:00Z"],
  ["with microseconds", "2026-11-23T05:31:00.000000Z"],
  ["with an offset of zero", "2026-11-23T05:31:00.000+00:00"],
  ["with a lower-case z", "2026-11-23T05:31:00.000z"],
  ["with a lower-case t", "2026-11-23t05:31:00.000Z"],
  ["with a space for the T", "2026-11-23 05:31:00.000Z"],
  ["with a comma", "2026-11-23T05:31:00,000Z"],
  ["on 30 February", "2026-02-30T05:31:00.000Z"],
  ["on 29 February of a common year", "2027-02-29T05:31:00.000Z"],
  ["in a leap second", "2026-12-31T23:59:60.000Z"],
  ["at hour 24", "2026-11-23T24:00:00.000Z"],
  ["in month 13", "2026-13-23T05:31:00.000Z"],
  ["in the year 12026", "+012026-11-23T05:31:00.000Z"],
  ["as a number", 1_795_411_860_000],
] as const;

const why = "Fields have one type, stated words and stated lengths.";
const asText = (how: (text: string) => string) => (old: Json) => how(String(old));
const at = (seq: number, name: string, edit: Edit, reason = why): Fault => ({
  name,
  why: reason,
  code: "ERR_STATEMENT",
  seq,
  edit,
});

export const statementCases: readonly ConformanceCase[] = [
  ...faults("missing field", missing),
  ...faults(
    "unknown field",
    unknown.map(([where, seq, path]) => at(seq, where, put(path, "x"), "No field may be added anywhere.")),
  ),
  ...faults("unknown field", [
    {
      ...at(6, "feedback", put("predicate.feedback.by", "x"), "No field may be added anywhere."),
      from: SCENARIOS.revisedOnce,
    },
  ]),
  ...faults(
    "field",
    wrong.map(([name, seq, path, value]) => at(seq, name, put(path, value))),
  ),
  ...faults("field", [
    {
      ...at(
        6,
        "21 notes of what was applied",
        put("predicate.feedback.applied", new Array<Json>(21).fill("x")),
      ),
      from: SCENARIOS.revisedOnce,
    },
  ]),
  ...faults(
    "digest",
    [
      ...DIGESTS.map(([name, how]) => at(evidence, `prev ${name}`, change("predicate.prev", asText(how)))),
      ...HEX.map(([name, how]) =>
        at(decision, `subject ${name}`, change("subject.0.digest.sha256", asText(how))),
      ),
      at(
        outcome,
        "execution as an object",
        change("predicate.execution", (old) => ({ sha256: String(old).slice(7) })),
      ),
    ].map((fault) => ({
      ...fault,
      why: "A digest is sha256: and 64 lower-case hex digits; a subject's, the digits alone.",
    })),
  ),
  ...faults(
    "time",
    [
      ...TIMES.map(([name, time]) => at(evidence, `issuedAt ${name}`, put("predicate.issuedAt", time))),
      at(alert, "firedAt without milliseconds", put("predicate.firedAt", "2026-11-23T05:29:00Z")),
      at(preview, "expiresAt on 31 April", put("predicate.expiresAt", "2026-04-31T05:45:00.000Z")),
    ].map((fault) => ({ ...fault, why: "A time is a real instant, written YYYY-MM-DDThh:mm:ss.sssZ." })),
  ),
  ...faults("statement", [
    ...["null", "[]", '"text"', "7"].map((text) => ({
      name: `the payload ${text}`,
      why: "Canonical JSON, but no statement.",
      code: "ERR_STATEMENT" as const,
      seq: evidence,
      step: { payload: () => text },
    })),
  ]),
];
