// The in-toto Statement v1 of a receipt: parsed strictly, typed by kind, never repaired.
// Knows nothing of signatures or of the receipts before and after it.
import * as z from "zod";
import { type Digest, sha256Hex } from "./digest.ts";
import { type Content, describeIssue, hexField } from "./fields.ts";
import { KINDS, type Kind, PREDICATES, type Predicate } from "./kinds.ts";
import { readCanonical } from "./read-canonical.ts";
import { accept, type ReceiptCode, type Result, refuse } from "./refusal.ts";

/** The `_type` of every statement. */
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

/** One thing that a receipt is about, named by the SHA-256 of its exact bytes (64 lower-case hex digits). */
export interface Subject {
  readonly name: string;
  readonly digest: { readonly sha256: string };
}

/** The statement of one kind. */
export interface StatementOf<K extends Kind> {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly Subject[];
  readonly predicateType: `urn:countersign:receipt:${K}:v2`;
  readonly predicate: Predicate<K>;
}

/** A statement together with its kind, so that a switch on `kind` narrows the predicate. */
export type Statement = { [K in Kind]: { readonly kind: K; readonly statement: StatementOf<K> } }[Kind];

/** The predicate type of a kind: `urn:countersign:receipt:<kind>:v2`. */
export function predicateType<K extends Kind>(kind: K): `urn:countersign:receipt:${K}:v2` {
  return `urn:countersign:receipt:${kind}:v2`;
}

const KIND_OF: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [predicateType(kind), kind]));

const outer = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z
    .array(z.strictObject({ name: z.string(), digest: z.strictObject({ sha256: hexField }) }))
    .min(1)
    .max(300),
  predicateType: z.string(),
  predicate: z.unknown(),
});

/**
 * Reads a statement from the payload bytes of an envelope.
 *
 * Success guarantees UTF-8, canonical JSON (RFC 8785), a known kind, every field and no other, and the subjects of
 * that kind in order. It says nothing of who signed the bytes: check the signature first.
 * @example
 * import { readFileSync } from "node:fs";
 * import { decodeEnvelope, readStatement } from "countersign/receipt";
 *
 * const bundle = JSON.parse(readFileSync("bundle.json", "utf8"));
 * const envelope = decodeEnvelope(bundle.receipts[0]);
 * const statement = envelope.ok ? readStatement(envelope.value.payload) : envelope;
 * if (statement.ok && statement.value.kind === "alert") {
 *   console.log(statement.value.statement.predicate.title); // what it says; nobody has checked who says it
 * }
 */
export function readStatement(payload: Uint8Array): Result<Statement, ReceiptCode> {
  const value = readCanonical(payload);
  return value.ok
    ? parseStatement(value.value)
    : refuse(value.refusal.code, `payload: ${value.refusal.message}`);
}

/** Checks an already parsed value as a statement; the schema half of {@link readStatement}. */
export function parseStatement(value: unknown): Result<Statement, ReceiptCode> {
  const shell = outer.safeParse(value);
  if (!shell.success)
    return refuse("ERR_STATEMENT", `expected an in-toto Statement v1: ${describeIssue(shell.error)}`);
  const kind = KIND_OF.get(shell.data.predicateType);
  if (!kind)
    return refuse(
      "ERR_KIND_UNKNOWN",
      `expected a known receipt kind, got ${shell.data.predicateType.slice(0, 100)}`,
    );
  const predicate = PREDICATES[kind].safeParse(shell.data.predicate);
  if (!predicate.success) return refuse("ERR_STATEMENT", `${kind}: ${describeIssue(predicate.error)}`);
  const receipt = tagged(kind, { ...shell.data, predicate: predicate.data });
  const names = shell.data.subject.map((subject) => subject.name);
  const wanted = expectedSubjects(receipt);
  if (names.length !== wanted.length || names.some((name, i) => name !== wanted[i])) {
    return refuse(
      "ERR_SUBJECTS",
      `${kind}: expected the subjects ${wanted.join(", ")}, got ${names.join(", ").slice(0, 200)}`,
    );
  }
  return accept(receipt);
}

/** Pairs a kind with its statement. The one place where the schema's word for the shape is taken. */
function tagged(kind: Kind, statement: object): Statement {
  return { kind, statement } as Statement;
}

/** A subject for exact bytes, under the name that its kind gives it (§4). */
export function subjectOf(name: string, bytes: Uint8Array): Subject {
  return { name, digest: { sha256: sha256Hex(bytes) } };
}

/** The hex digest of a statement's subject, or undefined when it names none so. */
export function subjectDigest(
  statement: { readonly subject: readonly Subject[] },
  name: string,
): string | undefined {
  return statement.subject.find((subject) => subject.name === name)?.digest.sha256;
}

/** The subject names that a statement of this kind must have, in order. Which optional ones there are follows from its fields. */
function expectedSubjects({ kind, statement }: Statement): string[] {
  const names = (wanted: Readonly<Record<string, boolean>>) =>
    Object.keys(wanted).filter((name) => wanted[name]);
  switch (kind) {
    case "alert":
      return names({ alert: true, policy: true, parent: statement.predicate.continues !== null });
    case "evidence": {
      const items = statement.predicate.items.map((_, i) => `item-${i + 1}`);
      return ["code", ...items, ...names({ transcript: statement.predicate.transcript !== null })];
    }
    case "proposal":
      return names({ action: true, code: statement.predicate.author.kind === "agent" });
    case "preview": {
      const { execution, effects, plan, checks } = statement.predicate;
      const befores = effects.flatMap(({ before }, i) => (isDigest(before) ? [`before-${i + 1}`] : []));
      return [
        ...names({ action: true, code: execution !== null }),
        ...befores,
        ...names({ plan: plan !== null, report: checks.length > 0 }),
      ];
    }
    case "decision": {
      const { edit, assertion } = statement.predicate;
      return names({
        action: true,
        edit: edit !== null,
        intent: assertion !== null,
        assertion: assertion !== null,
      });
    }
    case "execution":
      return names({ action: true, result: statement.predicate.status === "executed" });
    case "outcome":
      return ["report"];
    case "handoff":
      return ["summary", "resources"];
  }
}

/** True where an effect names content by its digest, and neither nothing nor something unknown. */
export function isDigest(content: Content): content is Digest {
  return content !== null && content !== "unknown";
}
