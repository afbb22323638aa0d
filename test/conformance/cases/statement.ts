// The statement's shape (rules 10–12): every field there and no other, of its type, from its words, within its length.
import { accepted, type CorpusCase, faults, type Row } from "../case.ts";
import { all, change, drop, type Edit, type Json, put, ZERO } from "../json-edit.ts";
import { canonicalize, sha256Hex } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { KINDS } from "../step.ts";

const { alert, evidence, proposal, preview, decision, execution, outcome, handoff } = SEQ;

/** A run in which every field has a value that is not null. The proposal and preview are those of the second round. */
const REVISED = SCENARIOS.revisedOnce;
const SECOND = 6;

/** Every field of every kind, by the place of its receipt in an approved run. */
const FIELDS: readonly (readonly [seq: number, names: string])[] = [
  [alert, "issuer source title firedAt startedBy startedBy.id startedBy.method continues"],
  [evidence, "run seq prev kid issuedAt policy"],
  [evidence, "planner items items.0.name items.0.connector items.0.method summary transcript"],
  [proposal, "author author.kind author.id revision supersedes reverts title summary risk feedback"],
  [preview, "proposal execution execution.id execution.seq effects plan checks expiresAt"],
  [preview, "effects.0.resource effects.0.before effects.0.after"],
  [
    preview,
    "checks.0.name checks.0.before checks.0.before.total checks.0.rehearsed checks.0.rehearsed.failed",
  ],
  [decision, "decision proposal preview reason reviewer reviewer.id reviewer.method role edit assertion"],
  [execution, "decision execution execution.id execution.seq status reason more recovered"],
  [
    outcome,
    "execution status reason checks checks.0.name checks.0.before checks.0.after checks.0.after.total",
  ],
  [handoff, "outcome"],
];

const unknown: readonly (readonly [name: string, seq: number, path: string])[] = [
  ["the predicate", outcome, "predicate.comment"],
  ["the starter", alert, "predicate.startedBy.name"],
  ["an actor", decision, "predicate.reviewer.name"],
  ["an evidence item", evidence, "predicate.items.0.note"],
  ["an author", proposal, "predicate.author.method"],
  ["an execution", preview, "predicate.execution.attempt"],
  ["an effect", preview, "predicate.effects.0.mode"],
  ["a check of a preview", preview, "predicate.checks.0.after"],
  ["a count", preview, "predicate.checks.0.before.skipped"],
  ["a check of an outcome", outcome, "predicate.checks.0.rehearsed"],
  ["the predicate, named __proto__", handoff, "predicate.__proto__"],
  ["the predicate, named constructor", handoff, "predicate.constructor"],
  ["a decision, from version 1's execution", execution, "predicate.written"],
];

/** Texts with their least and greatest length. */
const TEXTS: readonly (readonly [seq: number, path: string, min: number, max: number])[] = [
  [alert, "source", 1, 200],
  [alert, "title", 1, 300],
  [alert, "startedBy.id", 1, 200],
  [alert, "startedBy.method", 1, 40],
  [evidence, "planner", 1, 200],
  [evidence, "items.0.name", 1, 200],
  [evidence, "summary", 0, 4000],
  [proposal, "title", 1, 120],
  [proposal, "summary", 0, 4000],
  [preview, "execution.id", 1, 200],
  [preview, "checks.0.name", 1, 100],
  [decision, "reviewer.id", 1, 200],
  [decision, "reviewer.method", 1, 40],
  [execution, "reason", 0, 2000],
  [outcome, "reason", 0, 2000],
];
/** The same, where another rule asks for more, so that only too much and too little can be told. */
const BOUND_TEXTS: typeof TEXTS = [
  [alert, "issuer", 1, 300],
  [evidence, "items.0.connector", 1, 100],
  [evidence, "items.0.method", 1, 100],
  [proposal, "author.id", 1, 200],
  [preview, "effects.0.resource", 1, 1000],
  [decision, "reason", 0, 2000],
  [decision, "role", 1, 40],
  [outcome, "checks.0.name", 1, 100],
];

/** Fields that hold a digest. */
const DIGEST_FIELDS: readonly (readonly [seq: number, path: string])[] = [
  [evidence, "policy"],
  [evidence, "transcript"],
  [proposal, "supersedes"],
  [proposal, "reverts"],
  [preview, "proposal"],
  [preview, "plan"],
  [preview, "effects.0.before"],
  [preview, "effects.0.after"],
  [decision, "proposal"],
  [decision, "preview"],
  [decision, "edit"],
  [execution, "decision"],
  [outcome, "execution"],
  [handoff, "outcome"],
];

const nameAt = (seq: number, path: string) => `${KINDS[seq]}.${path}`;

const wrong: readonly (readonly [name: string, seq: number, path: string, value: Json])[] = [
  ["a seq in quotes", evidence, "seq", "1"],
  ["a seq with a fraction", evidence, "seq", 1.5],
  ["a negative seq", evidence, "seq", -1],
  ["a seq of 2^53", evidence, "seq", 2 ** 53],
  ["a seq that is true", evidence, "seq", true],
  ["a seq that is null", evidence, "seq", null],
  ["a run with a space", alert, "run", "run 1"],
  ["an empty run", alert, "run", ""],
  ["a run of 65 characters", alert, "run", "r".repeat(65)],
  ["a run with a trailing newline", alert, "run", "run-1\n"],
  ["a run with a dot", alert, "run", "run.1"],
  ["a run with a digit that is not ASCII", alert, "run", "run-١"],
  ["a run with a letter that is not ASCII", alert, "run", "rún-1"],
  ["a kid of 42 characters", alert, "kid", "k".repeat(42)],
  ["a kid that is null", alert, "kid", null],
  ["a title that is null", alert, "title", null],
  ["a title that is a number", alert, "title", 5],
  ["a title of 151 pairs of surrogates", alert, "title", "😀".repeat(151)],
  ["an actor in one text", alert, "startedBy", "oncall@example.com"],
  ["an actor that is null", alert, "startedBy", null],
  ["continues that is false", alert, "continues", false],
  ["continues that is only a run", alert, "continues", { run: "run-0" }],
  ["continues with one more member", alert, "continues", { run: "run-0", handoff: ZERO, issuer: "x" }],
  ["continues of a run that is no name", alert, "continues", { run: "run 0", handoff: ZERO }],
  ["continues of a handoff without its prefix", alert, "continues", { run: "run-0", handoff: ZERO.slice(7) }],
  ["items that are an object", evidence, "items", {}],
  ["items that are null", evidence, "items", null],
  ...DIGEST_FIELDS.map(
    ([seq, path]) => [`${nameAt(seq, path)} without its prefix`, seq, path, "0".repeat(64)] as const,
  ),
  ["a revision of 0", proposal, "revision", 0],
  ["a revision that is true", proposal, "revision", true],
  ["a revision of 2^53", proposal, "revision", 2 ** 53],
  ["an author of another kind", proposal, "author.kind", "human"],
  ["an author in one text", proposal, "author", "scripted"],
  ["a risk outside its words", proposal, "risk", "none"],
  ["a risk in another letter case", proposal, "risk", "Low"],
  ["feedback that is false", proposal, "feedback", false],
  ["feedback that is a text", proposal, "feedback", "Answer 422 instead."],
  ["reverts that is a list", proposal, "reverts", []],
  ["effects that are null", preview, "effects", null],
  ["an execution that is a text", preview, "execution", "exec-1"],
  ["a negative call", preview, "execution.seq", -1],
  ["an effect before that is a word", preview, "effects.0.before", "read"],
  ["an effect after that is a word", preview, "effects.0.after", "absent"],
  ["an effect after in other letter case", preview, "effects.0.after", "Unknown"],
  ["a count of false", preview, "checks.0.before.failed", false],
  ["a negative count", preview, "checks.0.before.failed", -1],
  ["a count with a fraction", preview, "checks.0.rehearsed.total", 29.5],
  ["a check before that is null", preview, "checks.0.before", null],
  ["a plan that is text", preview, "plan", "ALTER TABLE"],
  ["a decision outside its words", decision, "decision", "approved"],
  ["a decision in another letter case", decision, "decision", "Approve"],
  ["an edit that is an action", decision, "edit", { connector: "a", method: "b", args: null }],
  ["an assertion of another type", decision, "assertion", "x509"],
  ["an assertion that is true", decision, "assertion", true],
  ["an execution status outside its words", execution, "status", "done"],
  ["more in quotes", execution, "more", "true"],
  ["more as a number", execution, "more", 0],
  ["recovered as null", execution, "recovered", null],
  ["an outcome status outside its words", outcome, "status", "fixed"],
  ["an outcome status of null", outcome, "status", null],
  ["a check after that is unknown", outcome, "checks.0.after", "unknown"],
  ["checks by name", outcome, "checks", {}],
  ["a check before that is null, of an outcome", outcome, "checks.0.before", null],
  ["a count in quotes, of an outcome", outcome, "checks.0.before.failed", "6"],
];

const putIn = (path: string, value: Json) => put(`predicate.${path}`, value);

/** A statement with this many subjects, all alike; a period of the base64 text each, so that they take little room. */
const subjects = (count: number): Edit =>
  put(
    "subject",
    new Array<Json>(count).fill({ name: "subjects", digest: { sha256: sha256Hex(new Uint8Array()) } }),
  );

const list = (length: number, value: Json) => new Array<Json>(length).fill(value);
const CHECK = { name: "a check", before: { total: 1, failed: 0 } };
const longer: readonly (readonly [name: string, seq: number, path: string, value: Json])[] = [
  ["201 items", evidence, "items", list(201, { name: "i", connector: "browser", method: "run_checkout" })],
  ["101 effects", preview, "effects", list(101, { resource: "r", before: null, after: null })],
  ["51 checks of a preview", preview, "checks", list(51, { ...CHECK, rehearsed: null })],
  ["51 checks of an outcome", outcome, "checks", list(51, { ...CHECK, after: null })],
];

const longest = (seq: number): Edit =>
  all(...TEXTS.filter(([at]) => at === seq).map(([, path, , max]) => putIn(path, "é".repeat(max))));
const shortest = (seq: number): Edit =>
  all(...TEXTS.filter(([at]) => at === seq).map(([, path, min]) => putIn(path, "x".repeat(min))));
export const statementCases: readonly CorpusCase[] = [
  ...faults(
    "missing field",
    "No field may be left out, not even one that could be null.",
    FIELDS.flatMap(([seq, names]) =>
      names.split(" ").map((name): Row => [12, nameAt(seq, name), seq, drop(`predicate.${name}`)]),
    ),
  ),
  ...faults(
    "unknown field",
    "No field may be added anywhere.",
    unknown.map(([where, seq, path]): Row => [12, where, seq, put(path, "x")]),
  ),
  ...faults(
    "field",
    "Fields have one type and stated words.",
    wrong.map(([name, seq, path, value]): Row => [12, name, seq, putIn(path, value)]),
  ),
  ...faults(
    "text",
    "Texts have stated lengths, counted in UTF-16 code units.",
    [...TEXTS, ...BOUND_TEXTS].flatMap(([seq, path, min, max]): Row[] => [
      [12, `${nameAt(seq, path)} of ${max + 1} units`, seq, putIn(path, "x".repeat(max + 1))],
      ...(min === 0 ? [] : [[12, `${nameAt(seq, path)} is empty`, seq, putIn(path, "")] as const]),
    ]),
  ),
  ...faults(
    "list",
    "Lists have stated lengths.",
    longer.map(([name, seq, path, value]): Row => [12, name, seq, putIn(path, value)]),
  ),
  ...faults("statement", "Canonical JSON, but no statement.", [
    ...["null", "[]", '"text"', "7", "{}"].map(
      (text): Row => [10, `the payload ${text}`, evidence, { payload: () => text }],
    ),
    [10, "an unknown member", alert, put("comment", "x")],
    [10, "an unknown member named __proto__", handoff, put("__proto__", "x")],
    [10, "an unknown member of a subject", proposal, put("subject.0.uri", "x")],
    [10, "a second digest of a subject", proposal, put("subject.0.digest.sha512", "x")],
    [10, "a subject without a digest", proposal, drop("subject.0.digest")],
    [10, "a subject without a name", proposal, drop("subject.0.name")],
    [10, "a subject whose name is null", proposal, put("subject.0.name", null)],
    [10, "no statement type", alert, drop("_type")],
    [10, "a statement type of another version", alert, put("_type", "https://in-toto.io/Statement/v0.1")],
    [10, "no predicate type", outcome, drop("predicateType")],
    [10, "a predicate type that is a number", outcome, put("predicateType", 2)],
    [10, "no predicate", handoff, drop("predicate")],
    [10, "no subject", handoff, drop("subject")],
    [10, "an empty list of subjects", handoff, put("subject", [])],
    [10, "a subject that is not in a list", handoff, change("subject.0", (old) => [old])],
    [10, "301 subjects", evidence, subjects(301)],
    [13, "300 subjects, which evidence cannot have", evidence, subjects(300)],
    [12, "a predicate that is a list", handoff, put("predicate", [])],
    [12, "a predicate that is null", handoff, put("predicate", null)],
    [12, "a predicate that is its own JSON", handoff, change("predicate", (old) => canonicalize(old))],
    [12, "a predicate of version 1", handoff, put("predicate", { run: "run-1", seq: 7 })],
  ]),
  ...accepted("statement", "Whatever its type allows, a field may have.", [
    ...[alert, evidence, proposal, preview, decision, execution].map(
      (seq) => [`the longest texts of ${KINDS[seq]}`, seq, longest(seq)] as const,
    ),
    ...[alert, evidence, proposal, preview, decision, execution].map(
      (seq) => [`the shortest texts of ${KINDS[seq]}`, seq, shortest(seq)] as const,
    ),
    ["the longest texts of outcome", outcome, longest(outcome)],
    ["the shortest texts of outcome", outcome, shortest(outcome)],
    ["a title of 150 pairs of surrogates", alert, putIn("title", "😀".repeat(150))],
    [
      "a title of every kind of character",
      alert,
      putIn("title", '\u0000\b\t\n\f\r\u001f"\\/\u007f\u0080é\u2028\u2029\ufeff\uffff😀'),
    ],
    ["firedAt on 29 February 2000", alert, putIn("firedAt", "2000-02-29T23:59:59.999Z")],
    ["firedAt on 29 February of the year 0", alert, putIn("firedAt", "0000-02-29T00:00:00.000Z")],
    ["firedAt at the end of the year 9999", alert, putIn("firedAt", "9999-12-31T23:59:59.999Z")],
    ["a call of 2^53 − 1", preview, putIn("execution.seq", 2 ** 53 - 1)],
    ["a count of 2^53 − 1", preview, putIn("checks.0.before.total", 2 ** 53 - 1)],
    ["200 items", evidence, { items: new Array(200).fill({ connector: "browser", method: "run_checkout" }) }],
    [
      "50 checks",
      preview,
      { checks: Array.from({ length: 50 }, (_, i) => ({ ...CHECK, name: `${i}`, rehearsed: null })) },
    ],
    [
      "20 notes of what was applied, and 20 of what was not",
      SECOND,
      all(putIn("feedback.applied", list(20, "x".repeat(500))), putIn("feedback.notApplied", list(20, "y"))),
      { from: REVISED },
    ],
  ]),
];
