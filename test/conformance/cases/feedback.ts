// The feedback of a proposal (rule 12): a text, and notes of what was applied and what was not.
import { type CorpusCase, faults, type Row } from "../case.ts";
import { drop, type Edit, type Json, put } from "../json-edit.ts";
import { SCENARIOS } from "../scenarios.ts";

/** A run in which every field has a value that is not null. The proposal and preview are those of the second round. */
const REVISED = SCENARIOS.revisedOnce;

const SECOND = 6;

const putIn = (path: string, value: Json) => put(`predicate.${path}`, value);

/** Feedback has all its members where changes were asked for. */
const feedback: readonly (readonly [name: string, edit: Edit])[] = [
  ["an unknown member", putIn("feedback.by", "x")],
  ["no text", drop("predicate.feedback.text")],
  ["no applied", drop("predicate.feedback.applied")],
  ["no notApplied", drop("predicate.feedback.notApplied")],
  ["an empty text", putIn("feedback.text", "")],
  ["a text of 2001 units", putIn("feedback.text", "x".repeat(2001))],
  ["an applied that is a text", putIn("feedback.applied", "status code")],
  ["an empty note of what was applied", putIn("feedback.applied.0", "")],
  ["an empty note of what was not applied", putIn("feedback.notApplied", [""])],
  ["a note of what was applied, of 501 units", putIn("feedback.applied", ["x".repeat(501)])],
  ["a note of what was not, of 501 units", putIn("feedback.notApplied", ["x".repeat(501)])],
  ["21 notes of what was applied", putIn("feedback.applied", new Array<Json>(21).fill("x"))],
  ["21 notes of what was not", putIn("feedback.notApplied", new Array<Json>(21).fill("x"))],
];

export const feedbackCases: readonly CorpusCase[] = [
  ...faults(
    "feedback",
    "Feedback has a text, and notes of what was applied and what was not.",
    feedback.map(([name, edit]): Row => [12, name, SECOND, edit, { from: REVISED }]),
  ),
];
