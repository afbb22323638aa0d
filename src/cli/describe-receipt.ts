// One receipt in a line: seal, kind, time, signer, and what it bound. Says nothing that is not in the signed bytes.
import { readAction } from "../chain/index.ts";
import {
  decodeEnvelope,
  type Effect,
  fromBase64,
  type Predicate,
  type Role,
  readStatement,
  SIGNER_OF,
  type Statement,
  sha256Hex,
  subjectDigest,
} from "../receipt/index.ts";
import { contentWords, countsWords, shortDigest } from "./describe-round.ts";
import { exactName, plainName, quoted } from "./plain-text.ts";

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

function describeBound({ kind, statement }: Statement, artifacts: Readonly<Record<string, string>>): string {
  const subject = (name: string) => `${name} ${shortDigest(subjectDigest(statement, name) ?? "")}`;
  switch (kind) {
    case "alert": {
      const { title, source, continues } = statement.predicate;
      const earlier = continues ? `, continues ${continues.run}` : "";
      return `${quoted(title)}, from ${plainName(source)}; ${subject("policy")}${earlier}`;
    }
    case "evidence": {
      const { planner, items } = statement.predicate;
      const calls = new Set(items.map((item) => nameOf(item)));
      const found = [...calls].join(", ") || "nothing was found";
      return `${items.length} ${items.length === 1 ? "item" : "items"} by ${plainName(planner)}: ${found}`;
    }
    case "proposal": {
      const { revision, risk, author } = statement.predicate;
      const by = author.kind === "reviewer" ? `, by the reviewer ${exactName(author.id)}` : "";
      return `revision ${revision}${by}, ${risk} risk: ${nameCall(statement, artifacts)}, ${subject("action")}`;
    }
    case "preview": {
      const { effects, expiresAt } = statement.predicate;
      return `${describeEffects(effects) || "no effects are known"}; open until ${expiresAt}`;
    }
    case "decision": {
      const { decision, reviewer, role, reason, assertion } = statement.predicate;
      const by = `${exactName(reviewer.id)} (${plainName(reviewer.method)}) as ${exactName(role)}`;
      const key = assertion === null ? "" : `, with ${assertion === "webauthn" ? "a passkey" : "an SSH key"}`;
      return `${decision} by ${by}${key}, ${subject("action")}${reasonWords(reason)}`;
    }
    case "execution": {
      const { status, more, recovered, reason } = statement.predicate;
      return `${status}${more ? ", the script goes on" : ""}${recovered ? ", recovered" : ""}${reasonWords(reason)}`;
    }
    case "outcome": {
      const { status, checks } = statement.predicate;
      return `${status}${checks.map(describeCheck).join("")}`;
    }
    case "handoff":
      return `${subject("resources")}, ${subject("summary")}, outcome ${shortDigest(statement.predicate.outcome)}`;
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
  return exactName(`${connector}.${method}`);
}

function reasonWords(reason: string): string {
  return reason && `: ${quoted(reason, REASON_COLUMNS)}`;
}

/** Reasons stand last, so that they may take what room is left. */
const REASON_COLUMNS = 400;

function describeEffects(effects: readonly Effect[]): string {
  return effects
    .map(
      ({ resource, before, after }) =>
        `${exactName(resource)} ${contentWords(before)} → ${contentWords(after)}`,
    )
    .join(", ");
}

function describeCheck({ name, before, after }: Predicate<"outcome">["checks"][number]): string {
  const now = after ? `, ${countsWords(after)} after` : "";
  return `; ${exactName(name)} failed ${countsWords(before)} before${now}`;
}
