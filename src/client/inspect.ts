// One receipt of a specimen opened up for editing: every field of its statement and envelope, and the bytes it names.

import { fromBase64 } from "../receipt/index.ts";
import { type Field, fieldsOf, isObject } from "./json-tree.ts";
import { statementOf } from "./peek.ts";
import { itemOf, type Specimen } from "./specimen.ts";
import type { Chosen, ShownSubject } from "./verifier-protocol.ts";

/** Most that is offered for editing: fields of a receipt, and characters of one. */
const MAX_FIELDS = 400;
const MAX_TEXT = 100_000;

/** What every receipt has; shown after the fields that its kind has for itself. */
const FRAME = ["run", "seq", "prev", "kid", "issuedAt", "policy"];

/** Opens a receipt up; null when it is not there. */
export function inspect(specimen: Specimen, key: number): Chosen | null {
  const item = itemOf(specimen, key);
  if (!item) return null;
  const statement = statementOf(item.envelope);
  const named = Array.isArray(statement?.subject) ? statement.subject : [];
  return {
    key,
    statement: statement ? editable(fieldsOf(statement)).sort((a, b) => rank(a) - rank(b)) : [],
    envelope: isObject(item.envelope) ? editable(fieldsOf(item.envelope)) : [],
    subjects: named.slice(0, MAX_FIELDS).flatMap((subject) => showSubject(specimen, subject)),
  };
}

function editable(fields: readonly Field[]): Field[] {
  return fields.filter(({ text }) => text.length <= MAX_TEXT).slice(0, MAX_FIELDS);
}

function rank({ path: [member = "", name = ""] }: Field): number {
  if (member !== "predicate") return 2;
  return FRAME.includes(name) ? 1 : 0;
}

function showSubject({ artifacts }: Specimen, subject: unknown): ShownSubject[] {
  if (!isObject(subject) || !isObject(subject.digest)) return [];
  const { name, digest } = { name: subject.name, digest: subject.digest.sha256 };
  if (typeof name !== "string" || typeof digest !== "string") return [];
  const encoded = Object.hasOwn(artifacts, digest) ? artifacts[digest] : undefined;
  const bytes = encoded === undefined ? null : fromBase64(encoded);
  return [{ name, sha256: digest, size: bytes?.length ?? null, text: bytes && textOf(bytes) }];
}

function textOf(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_TEXT) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
