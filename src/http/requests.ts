// What clients may send, as schemas.
import { z } from "zod";
import type { Action } from "../chain/index.ts";
import { digestField, instantField, runField, textField } from "../receipt/fields.ts";
import { accept, LIMITS, type Result, refuse } from "../receipt/index.ts";
import type { EdgeCode } from "./problem.ts";

/** `POST /api/runs`. Of an alert three members are read; any others are kept in the alert's artifact. */
export const startBody = z.strictObject({
  alert: z
    .looseObject({
      source: textField(200, 1).exactOptional(),
      title: textField(LIMITS.alertTitle, 1).exactOptional(),
      firedAt: instantField.exactOptional(),
    })
    .optional(),
  continues: z.strictObject({ run: runField }).optional(),
});
export type StartBody = z.infer<typeof startBody>;

/** `POST /api/runs/:run/revert`. */
export const revertBody = z.strictObject({
  execution: digestField.meta({ description: "The digest of the execution receipt that is to be undone." }),
});

const roleField = textField(LIMITS.role, 1).meta({
  description: "In which role the reviewer decides. Left out, the one of the run’s roles that they hold.",
});

/** A call that the reviewer wants instead of the proposed one. */
const editField = z.strictObject({
  connector: textField(100, 1),
  method: textField(100, 1),
  args: z.unknown(),
}) satisfies z.ZodType<Action>;

const decisionFields = {
  proposal: digestField,
  role: roleField.optional(),
  assertion: z
    .looseObject({ type: z.enum(["webauthn", "ssh"]) })
    .optional()
    .meta({ description: "The reviewer’s own signature over the intent of this decision." }),
};

/** `POST …/approve` and `…/reject`. */
export const decisionBody = z.strictObject({
  ...decisionFields,
  reason: textField(LIMITS.reason).optional(),
});

/** `POST …/request-changes`. Only a request that says the call itself may leave out the words. */
export const changesBody = z
  .strictObject({
    ...decisionFields,
    feedback: textField(LIMITS.reason).default(""),
    edit: editField.optional().meta({ description: "The exact call to propose instead." }),
  })
  .refine(({ feedback, edit }) => edit !== undefined || feedback.trim() !== "", {
    path: ["feedback"],
    message: "expected words that say what to change, or an edit",
  });

/** `GET …/intent`. */
export const intentQuery = z.strictObject({
  decision: z.enum(["approve", "reject", "request_changes"]),
  reason: textField(LIMITS.reason).optional(),
  role: roleField.optional(),
  edit: z.string().optional().meta({ description: "The call of an edit, as JSON." }),
});

/** The `edit` of an {@link intentQuery}, once it is parsed. */
export const editSchema = editField;

/** `PUT /api/runs/:run/resources/:resource`. */
export const resourceBody = z.strictObject({
  content: z
    .json()
    .meta({ description: "A text, or a JSON value where the domain says so; null for nothing." }),
});

/** The name of a resource. */
export const resourceName = textField(1000, 1);

const QUOTED_KEY = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const BARE_KEY = /^[\w!#$%&'*+.^`|~:/=@-]+$/;

/**
 * Reads an `Idempotency-Key`: 1 to 200 printable ASCII characters as an RFC 8941 string, or without its quotes, as most
 * clients send it. Null when there is none.
 */
export function readIdempotencyKey(field: string | undefined): Result<string | null, EdgeCode> {
  if (field === undefined) return accept(null);
  const quoted = QUOTED_KEY.exec(field)?.[1]?.replace(/\\(.)/g, "$1");
  const key = quoted ?? (BARE_KEY.test(field) ? field : "");
  if (isIdempotencyKey(key)) return accept(key);
  return refuse("ERR_HEADER", 'expected one Idempotency-Key: "1 to 200 printable ASCII characters"');
}

/** An idempotency key where it needs no spelling of its own: 1 to 200 printable ASCII characters. */
export function isIdempotencyKey(key: string): boolean {
  return /^[\x20-\x7e]{1,200}$/.test(key);
}
