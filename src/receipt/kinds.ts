// The eight kinds of receipt: who signs each, and its own fields. The tables of the specification's §4 as code.
// Adding a word here changes the format.
import * as z from "zod";
import {
  actorField,
  authorField,
  countField,
  digestField,
  effectField,
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

/** Which role's key signs which kind. The runtime, not the agent, signs the alert and with it the policy. */
export const SIGNER_OF: Readonly<Record<Kind, Role>> = {
  alert: "runtime",
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
  alertTitle: 300,
  title: 120,
  planner: 200,
  summary: 4000,
  reason: 2000,
  note: 500,
  notes: 20,
  items: 200,
  effects: 100,
  checks: 50,
  checkName: 100,
  role: 40,
} as const;

/** The three decisions of a reviewer. */
export const DECISIONS = ["approve", "reject", "request_changes"] as const;

const frame = {
  run: runField,
  seq: countField,
  prev: digestField.nullable(),
  kid: kidField,
  issuedAt: instantField,
  policy: digestField,
};

const checkName = textField(LIMITS.checkName, 1);
const rehearsedCheck = z.strictObject({
  name: checkName,
  before: tallyField,
  rehearsed: tallyField.nullable(),
});
const measuredCheck = z.strictObject({ name: checkName, before: tallyField, after: tallyField.nullable() });

/** One predicate schema per kind: the frame that all share, and the kind's own fields. Unknown fields are refused. */
export const PREDICATES = {
  alert: z.strictObject({
    ...frame,
    issuer: textField(300, 1),
    source: textField(200, 1),
    title: textField(LIMITS.alertTitle, 1),
    firedAt: instantField,
    startedBy: actorField,
    continues: z.strictObject({ run: runField, handoff: digestField }).nullable(),
  }),
  evidence: z.strictObject({
    ...frame,
    planner: textField(LIMITS.planner, 1),
    items: z
      .array(
        z.strictObject({ name: textField(200, 1), connector: textField(100, 1), method: textField(100, 1) }),
      )
      .max(LIMITS.items),
    summary: textField(LIMITS.summary),
    transcript: digestField.nullable(),
  }),
  proposal: z.strictObject({
    ...frame,
    author: authorField,
    revision: z.int().min(1),
    supersedes: digestField.nullable(),
    reverts: digestField.nullable(),
    title: textField(LIMITS.title, 1),
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
    execution: executionField.nullable(),
    effects: z.array(effectField).max(LIMITS.effects),
    plan: digestField.nullable(),
    checks: z.array(rehearsedCheck).max(LIMITS.checks),
    expiresAt: instantField,
  }),
  decision: z.strictObject({
    ...frame,
    decision: z.enum(DECISIONS),
    proposal: digestField,
    preview: digestField,
    reason: textField(LIMITS.reason),
    reviewer: actorField,
    role: textField(LIMITS.role, 1),
    edit: digestField.nullable(),
    assertion: z.enum(["webauthn", "ssh"]).nullable(),
  }),
  execution: z.strictObject({
    ...frame,
    decision: digestField.nullable(),
    execution: executionField.nullable(),
    status: z.enum(["executed", "failed", "withheld", "unknown"]),
    reason: textField(LIMITS.reason),
    more: z.boolean(),
    recovered: z.boolean(),
  }),
  outcome: z.strictObject({
    ...frame,
    execution: digestField.nullable(),
    status: z.enum(["resolved", "unresolved", "unmeasured", "not_run"]),
    reason: textField(LIMITS.reason),
    checks: z.array(measuredCheck).max(LIMITS.checks),
  }),
  handoff: z.strictObject({ ...frame, outcome: digestField }),
} as const satisfies Record<Kind, z.ZodType>;

/** The parsed predicate of one kind. */
export type Predicate<K extends Kind> = z.infer<(typeof PREDICATES)[K]>;
