// The five things that somebody would try who wants another story told: each done to a chain as well as it can be done without
// the keys. Knows nothing of what the verifier will say.

import { accept, canonicalBytes, type Result, refuse, toBase64 } from "../receipt/index.ts";
import type { Cheat } from "./cheat-names.ts";
import { type OwnKeys, resign } from "./forge.ts";
import { isObject, type JsonObject } from "./json-tree.ts";
import { claimsOf, kindOf, readObject, statementOf } from "./peek.ts";
import { artifactOf, dropItem, editStatement, type Item, replaceItem, type Specimen } from "./specimen.ts";

/** What a cheat has at hand besides the chain. */
export interface CheatMeans {
  readonly keys: OwnKeys;
  /** Another run's chain; null when none was given. */
  readonly other: Specimen | null;
}

/** A chain that was tampered with. `said` goes on with "You"; `key` is the receipt to look at. */
export interface Forgery {
  readonly specimen: Specimen;
  readonly said: string;
  readonly key: number | null;
}

/** Tampers with a chain. Refuses where the chain has nothing to do it to, with the reason as a sentence. */
export function cheat(specimen: Specimen, how: Cheat, means: CheatMeans): Result<Forgery, "ERR_CHEAT"> {
  if (how === "keys") {
    const said = "signed everything again, with keys made in this tab";
    return accept({ specimen: resign(specimen, means.keys), said, key: null });
  }
  const decision = newest(specimen, "decision");
  if (how === "change") return swapChange(specimen, decision ?? newest(specimen, "proposal"));
  if (!decision) return refuse("ERR_CHEAT", "Nobody has decided in this run yet.");
  switch (how) {
    case "reject":
      return turnDecision(specimen, decision);
    case "drop": {
      const said = `took the decision out (receipt ${placeOf(specimen, decision)})`;
      const dropped = dropItem(specimen, decision.key);
      return accept({ specimen: withoutTraces(dropped, decision.envelope), said, key: null });
    }
    case "other":
      return borrowDecision(specimen, decision, means.other);
  }
}

/** Rewrites what the human decided, under the signature that is there. */
function turnDecision(specimen: Specimen, { key, envelope }: Item): Result<Forgery, "ERR_CHEAT"> {
  const was = predicateOf(envelope)?.decision;
  const now = was === "approve" ? "reject" : "approve";
  const said = `turned ${String(was).slice(0, 20)} into ${now}`;
  return accept({ specimen: editStatement(specimen, key, ["predicate", "decision"], now), said, key });
}

/** Changes one argument of the call that was decided on, and keeps the name that everybody signed. */
function swapChange(specimen: Specimen, item: Item | undefined): Result<Forgery, "ERR_CHEAT"> {
  const sha256 = item && subjectOf(item.envelope, "action");
  const action = sha256 ? readObject(artifactOf(specimen, sha256)) : null;
  if (!item || !sha256 || !action) return refuse("ERR_CHEAT", "No call is proposed in this run yet.");
  const { value, said } = alter(action.args);
  const bytes = canonicalBytes({ ...action, args: value });
  const artifacts = { ...specimen.artifacts, [sha256]: toBase64(bytes) };
  return accept({ specimen: { ...specimen, artifacts }, said: `changed the call: ${said}`, key: item.key });
}

/** Puts a genuine approval of another run in the decision's place, with the bytes that it names. */
function borrowDecision(
  specimen: Specimen,
  { key, envelope }: Item,
  other: Specimen | null,
): Result<Forgery, "ERR_CHEAT"> {
  const decisions = other?.items.filter(({ envelope }) => claimsOf(envelope).kind === "decision") ?? [];
  const approval = decisions.findLast(({ envelope }) => predicateOf(envelope)?.decision === "approve");
  const borrowed = approval ?? decisions.at(-1);
  if (!other || !borrowed) return refuse("ERR_CHEAT", "There is no other run with an approval to take.");
  const placed = withoutTraces(replaceItem(specimen, key, borrowed.envelope), envelope);
  const artifacts = { ...placed.artifacts };
  for (const { sha256 } of subjectsOf(borrowed.envelope)) {
    const bytes = Object.hasOwn(other.artifacts, sha256) ? other.artifacts[sha256] : undefined;
    if (bytes !== undefined) artifacts[sha256] = bytes;
  }
  return accept({ specimen: { ...placed, artifacts }, said: `used the approval of run ${other.run}`, key });
}

/** A chain from which a receipt was taken, without the bytes that it alone named. */
function withoutTraces(specimen: Specimen, taken: unknown): Specimen {
  const named = new Set(
    specimen.items.flatMap(({ envelope }) => subjectsOf(envelope)).map(({ sha256 }) => sha256),
  );
  const alone = new Set(subjectsOf(taken).flatMap(({ sha256 }) => (named.has(sha256) ? [] : [sha256])));
  const artifacts = Object.entries(specimen.artifacts).filter(([sha256]) => !alone.has(sha256));
  return { ...specimen, artifacts: Object.fromEntries(artifacts) };
}

/** The first argument that can be changed, changed: a truth turned over, a number raised, a text added to. */
function alter(args: unknown): { value: unknown; said: string } {
  const [name, value] = isObject(args) ? (Object.entries(args).at(-1) ?? []) : [];
  if (name === undefined || !isObject(args)) return { value: { forged: true }, said: "its arguments" };
  const now = altered(value);
  const shown = (each: unknown) => JSON.stringify(each)?.slice(0, 40) ?? "";
  const said =
    typeof value === "boolean" || typeof value === "number"
      ? `${name.slice(0, 40)} is ${shown(now)} now, and was ${shown(value)}`
      : `another ${name.slice(0, 40)}`;
  return { value: { ...args, [name]: now }, said };
}

function altered(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return `${value}\n// forged`;
  return "forged";
}

function newest({ items }: Specimen, kind: string): Item | undefined {
  return items.findLast(({ envelope }) => claimsOf(envelope).kind === kind);
}

function placeOf({ items }: Specimen, { key }: Item): number {
  return items.findIndex((item) => item.key === key);
}

function predicateOf(envelope: unknown): JsonObject | null {
  const statement = statementOf(envelope);
  return kindOf(statement) && isObject(statement?.predicate) ? statement.predicate : null;
}

function subjectsOf(envelope: unknown): { name: unknown; sha256: string }[] {
  const subjects = statementOf(envelope)?.subject;
  if (!Array.isArray(subjects)) return [];
  return subjects.flatMap((subject: unknown) => {
    if (!isObject(subject) || !isObject(subject.digest)) return [];
    const { sha256 } = subject.digest;
    return typeof sha256 === "string" ? [{ name: subject.name, sha256 }] : [];
  });
}

function subjectOf(envelope: unknown, name: string): string | null {
  return subjectsOf(envelope).find((subject) => subject.name === name)?.sha256 ?? null;
}
