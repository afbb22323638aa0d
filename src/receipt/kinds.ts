// The eight kinds of receipt: who signs each, which subjects it names in which order, and its own fields.
// This file is the table of docs/receipts.md as code. Adding a word here changes the format.
import * as z from "zod";
import {
  actorField,
  changeField,
  countField,
  digestField,
  executionField,
  instantField,
  kidField,
  runField,
  tallyField,
  textField,
} from "./fields.ts";

/** The kinds, in the order in which a run first reaches them. */
export const KINDS = [
  "alert",
  "evidence",
  "proposal",
  "preview",
  "decision",
  "execution",
  "outcome",
  "handoff",
] as const;
/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** The three roles, each with a key of its own. */
export const ROLES = ["agent", "human", "runtime"] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** Which role's key signs which kind. */
export const SIGNER_OF: Readonly<Record<Kind, Role>> = {
  alert: "agent",
  evidence: "agent",
  proposal: "agent",
  preview: "runtime",
  decision: "human",
  execution: "runtime",
  outcome: "runtime",
  handoff: "agent",
};

/** Longest texts, in UTF-16 code units, and longest lists. */
export const LIMITS = {
  title: 300,
  summary: 4000,
  reason: 2000,
  note: 500,
  notes: 20,
  items: 200,
  changes: 100,
} as const;

const frame = {
  run: runField,
  seq: countField,
  prev: digestField.nullable(),
  kid: kidField,
  issuedAt: instantField,
  policy: digestField,
};

/** One predicate schema per kind: the frame that all share, and the kind's own fields. Unknown fields are refused. */
export const PREDICATES = {
  alert: z.strictObject({
    ...frame,
    issuer: textField(300, 1),
    source: textField(200, 1),
    title: textField(LIMITS.title, 1),
    firedAt: instantField,
    startedBy: actorField,
    continues: z.strictObject({ run: runField, handoff: digestField }).nullable(),
  }),
  evidence: z.strictObject({
    ...frame,
    items: z
      .array(
        z.strictObject({ name: textField(200, 1), connector: textField(100, 1), method: textField(100, 1) }),
      )
      .max(LIMITS.items),
    summary: textField(LIMITS.summary),
  }),
  proposal: z.strictObject({
    ...frame,
    revision: z.int().min(1),
    supersedes: digestField.nullable(),
    summary: textField(LIMITS.summary),
    risk: z.enum(["low", "medium", "high"]),
    feedback: z
      .strictObject({
        text: textField(LIMITS.reason, 1),
        applied: z.array(textField(LIMITS.note, 1)).max(LIMITS.notes),
        notApplied: z.array(textField(LIMITS.note, 1)).max(LIMITS.notes),
      })
      .nullable(),
  }),
  preview: z.strictObject({
    ...frame,
    proposal: digestField,
    execution: executionField,
    changes: z.array(changeField).max(LIMITS.changes),
    expiresAt: instantField,
  }),
  decision: z.strictObject({
    ...frame,
    decision: z.enum(["approve", "reject", "request_changes"]),
    proposal: digestField,
    preview: digestField,
    reason: textField(LIMITS.reason),
    reviewer: actorField,
  }),
  execution: z.strictObject({
    ...frame,
    decision: digestField.nullable(),
    execution: executionField,
    status: z.enum(["executed", "failed", "withheld"]),
    reason: textField(LIMITS.reason),
    written: z.boolean(),
    changes: z.array(changeField).max(LIMITS.changes),
    more: z.boolean(),
    recovered: z.boolean(),
  }),
  outcome: z.strictObject({
    ...frame,
    execution: digestField.nullable(),
    status: z.enum(["resolved", "unresolved", "not_run"]),
    reason: textField(LIMITS.reason),
    before: tallyField,
    after: tallyField.nullable(),
  }),
  handoff: z.strictObject({ ...frame, outcome: digestField }),
} as const satisfies Record<Kind, z.ZodType>;

/** The parsed predicate of one kind. */
export type Predicate<K extends Kind> = z.infer<(typeof PREDICATES)[K]>;
