// One receipt in a line: seal, kind, time, signer, and what it bound. Says nothing that is not in the signed bytes.
import { readAction } from "../chain/index.ts";
import {
  type Change,
  type Digest,
  decodeEnvelope,
  fromBase64,
  type Role,
  readStatement,
  SIGNER_OF,
  type Statement,
  sha256Hex,
  subjectDigest,
} from "../receipt/index.ts";
import { plainName, quoted } from "./plain-text.ts";

const SEALS: Readonly<Record<Role, string>> = {
  agent: "▲ agent  ",
  human: "● human  ",
  runtime: "■ runtime",
};

/** The columns of every row, all of them ours, and what follows them: that is where signers' words are. */
export interface Row {
  readonly columns: string;
  readonly bound: string;
}

/** The names of what {@link describeReceipt} gives. */
export const HEADER: Row = {
  columns: "seal       kind       signed at                 key     ",
  bound: "what it bound",
};

/** Describes an envelope whose signature holds. Artifacts are base64 by hex digest, and are hashed before they are read. */
export function describeReceipt(envelope: unknown, artifacts: Readonly<Record<string, string>>): Row {
  const decoded = decodeEnvelope(envelope);
  const receipt = decoded.ok ? readStatement(decoded.value.payload) : decoded;
  if (!receipt.ok || !decoded.ok) return { columns: "cannot be read", bound: "" };
  const { kind, statement } = receipt.value;
  const key = decoded.value.keyid.slice(0, 8);
  return {
    columns: `${SEALS[SIGNER_OF[kind]]}  ${kind.padEnd(9)}  ${statement.predicate.issuedAt}  ${key}`,
    bound: describeBound(receipt.value, artifacts),
  };
}

function describeBound(receipt: Statement, artifacts: Readonly<Record<string, string>>): string {
  const { kind, statement } = receipt;
  const subject = (name: string) => `${name} ${(subjectDigest(statement, name) ?? "").slice(0, 12)}`;
  switch (kind) {
    case "alert": {
      const { title, source, continues } = statement.predicate;
      const earlier = continues ? `, continues ${continues.run}` : "";
      return `${quoted(title)}, from ${plainName(source)}; ${subject("policy")}${earlier}`;
    }
    case "evidence": {
      const calls = new Set(statement.predicate.items.map((item) => nameOf(item)));
      const { length } = statement.predicate.items;
      return `${length} ${length === 1 ? "item" : "items"}: ${[...calls].join(", ") || "nothing was found"}`;
    }
    case "proposal": {
      const { revision, risk } = statement.predicate;
      return `revision ${revision}, ${risk} risk: ${nameCall(statement, artifacts)}, ${subject("action")}`;
    }
    case "preview": {
      const { changes, expiresAt } = statement.predicate;
      return `${describeChanges(changes) || "no file changes"}; open until ${expiresAt}`;
    }
    case "decision": {
      const { decision, reviewer, reason } = statement.predicate;
      const by = `${plainName(reviewer.id)} (${plainName(reviewer.method)})`;
      return `${decision} by ${by}, ${subject("action")}${reasonWords(reason)}`;
    }
    case "execution": {
      const { status, written, changes, reason } = statement.predicate;
      const effect = written ? describeChanges(changes) || "the call was made" : "nothing was written";
      return `${status}: ${effect}${reasonWords(reason)}`;
    }
    case "outcome": {
      const { status, before, after } = statement.predicate;
      const now = after ? `, ${after.failed} of ${after.requests} after` : "";
      return `${status}: ${before.failed} of ${before.requests} requests failed before${now}`;
    }
    case "handoff":
      return `${subject("repository")}, ${subject("summary")}, outcome ${short(statement.predicate.outcome)}`;
  }
}

/** The calls that were named already, by bundle: many proposals may ask for one, and each may be large. */
const named = new WeakMap<object, Map<string, string>>();

/** The call that a proposal asks for, from its artifact, if that is there and is what it is named. */
function nameCall(
  statement: Parameters<typeof subjectDigest>[0],
  artifacts: Readonly<Record<string, string>>,
): string {
  const sha256 = subjectDigest(statement, "action") ?? "";
  const known = named.get(artifacts) ?? new Map<string, string>();
  named.set(artifacts, known);
  const name = known.get(sha256) ?? readCall(sha256, artifacts);
  known.set(sha256, name);
  return name;
}

function readCall(sha256: string, artifacts: Readonly<Record<string, string>>): string {
  const bytes = fromBase64(artifacts[sha256] ?? "");
  if (!bytes || sha256Hex(bytes) !== sha256) return "a call that is not in the bundle";
  const action = readAction(bytes);
  return action.ok ? nameOf(action.value) : "a call that cannot be read";
}

function nameOf({ connector, method }: { readonly connector: string; readonly method: string }): string {
  return plainName(`${connector}.${method}`);
}

function reasonWords(reason: string): string {
  return reason && `: ${quoted(reason, REASON_COLUMNS)}`;
}

/** Reasons stand last, so that they may take what room is left. */
const REASON_COLUMNS = 400;

function describeChanges(changes: readonly Change[]): string {
  return changes
    .map(
      ({ path, before, after }) => `${plainName(path)} ${before ? short(before) : "new"} → ${short(after)}`,
    )
    .join(", ");
}

function short(digest: Digest): string {
  return digest.slice("sha256:".length, "sha256:".length + 12);
}
