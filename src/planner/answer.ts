// The answer that a model is asked for, as one flat object: a schema that every provider of structured output takes. What it wrote is
// read leniently in form and strictly in meaning; what is wrong comes back in words of ours, never in those of the model.
import * as z from "zod";
import type { PlannerAnswer } from "../domain/planner.ts";
import { readObject, readScript } from "./read-written.ts";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

const written = z.object({
  do: z.enum(["investigate", "propose", "stop"]),
  code: text,
  title: text,
  summary: text,
  risk: z
    .enum(["low", "medium", "high"])
    .nullish()
    .catch("high")
    .transform((value) => value ?? "high"),
  applied: texts,
  notApplied: texts,
  reason: text,
});

const line = { type: "string" as const };
const list = { type: "array" as const, items: line };
const oneOf = (...words: string[]) => ({ ...line, enum: words });
const properties = {
  do: oneOf("investigate", "propose", "stop"),
  code: line,
  title: line,
  summary: line,
  risk: oneOf("low", "medium", "high"),
  applied: list,
  notApplied: list,
  reason: line,
};

/** The JSON Schema of the answer. Every member is asked for: strict structured output takes no other. */
export const ANSWER_SCHEMA = {
  type: "object" as const,
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
};

/** The planner's answer in what a model wrote. @throws with what is wrong, in words that the model can mend it by. */
export function readWritten(said: string): PlannerAnswer {
  if (said.trim() === "") throw new Error("The model wrote nothing. Expected one JSON object.");
  const object = readObject(said);
  if (!object) throw new Error(`The model’s answer is not one JSON object. Expected ${FORM}.`);
  const parsed = written.safeParse(object);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.map(String).join(".") || "do";
    throw new Error(`The model’s answer does not fit at “${place}”. Expected ${FORM}.`);
  }
  const { data } = parsed;
  const code = readScript(data.code);
  if (data.do !== "stop" && code === "") throw new Error(`The model’s answer has no script in “code”.`);
  if (data.do === "investigate") return { investigate: code };
  if (data.do === "stop") return { stop: clip(oneLine(data.reason), 2000) || "The model gave no reason." };
  const title = clip(oneLine(data.title), 120);
  if (title === "") throw new Error(`The model’s answer has no “title”.`);
  const { applied, notApplied, risk, summary } = data;
  const notes = (given: readonly string[]) =>
    given
      .map((note) => clip(oneLine(note), 500))
      .filter(Boolean)
      .slice(0, 20);
  const feedback = { applied: notes(applied), notApplied: notes(notApplied) };
  return { propose: { code, title, summary: clip(summary, 4000), risk, feedback } };
}

const FORM =
  'a JSON object whose "do" is "investigate", "propose" or "stop", with the members that belong to it';

const oneLine = (words: string) => words.replace(/\s+/g, " ").trim();

function clip(words: string, max: number): string {
  const whole = words.toWellFormed();
  return whole.length <= max ? whole : `${whole.slice(0, max - 1)}…`.toWellFormed();
}
