// What one receipt says, in a line: on a run's tape, on the checker's, and on the sample's. Reads what the receipt claims and believes
// nothing: whether it holds is a verifier's to say, beside the line.
import {
  type DecodedEnvelope,
  type Kind,
  type Predicate,
  readStatement,
  type Tally,
} from "../receipt/index.ts";
import { showHidden } from "./hidden-characters.ts";

/** Longest words of a line; the rest is told by the run's own page. */
const MAX_WORDS = 160;

/** A receipt by its kind, with the fields that go with that. */
export type Told = { [K in Kind]: { readonly kind: K; readonly predicate: Predicate<K> } }[Kind];

export function receiptWords(told: Told): string {
  return cut(wordsOf(told));
}

/** The same of an envelope by itself; null where its payload is no statement. */
export function envelopeWords({ payload }: DecodedEnvelope): string | null {
  const read = readStatement(payload);
  if (!read.ok) return null;
  const { kind, statement } = read.value;
  return receiptWords({ kind, predicate: statement.predicate } as Told);
}

/** What an effect is on, as people call it: a file by its path alone, any other kind of thing with its prefix. */
export function resourceName(resource: string): string {
  return resource.replace(/^file:(?=.)/s, "");
}

function wordsOf({ kind, predicate }: Told): string {
  switch (kind) {
    case "alert":
    case "proposal":
      return predicate.title;
    case "evidence":
      return evidence(predicate);
    case "preview":
      return preview(predicate);
    case "decision":
      return decision(predicate);
    case "execution":
      return execution(predicate);
    case "outcome":
      return outcome(predicate);
    case "handoff":
      return "the run ends here";
  }
}

function evidence({ items }: Predicate<"evidence">): string {
  return items.length === 0
    ? "looked at nothing"
    : `${items.length} ${plural("read", items.length)}, nothing changed`;
}

function preview({ effects, checks }: Predicate<"preview">): string {
  const [first] = effects;
  const more = effects.length > 1 ? ` and ${effects.length - 1} more` : "";
  const changes = first ? `changes ${resourceName(first.resource)}${more}` : "changes what the call says";
  const [check] = checks;
  if (!check) return changes;
  return `${changes}; ${check.rehearsed ? `rehearsed: ${count(check.rehearsed)} fail` : "not rehearsed"}`;
}

const DECIDED = { approve: "approved", reject: "rejected", request_changes: "changes requested" } as const;
const SIGNED = { webauthn: ", with a passkey", ssh: ", with an SSH key" } as const;

function decision({ decision, reviewer, assertion, edit }: Predicate<"decision">): string {
  return `${edit === null ? DECIDED[decision] : "edited"} by ${reviewer.id}${assertion ? SIGNED[assertion] : ""}`;
}

function execution({ status, reason, more, recovered }: Predicate<"execution">): string {
  const words = {
    executed: more ? "call made, the script asks again" : "call made, once",
    failed: "call not made",
    withheld: "call not made",
    unknown: "the call may or may not have been made",
  }[status];
  return `${words}${recovered ? ", told after a restart" : ""}${reason === "" ? "" : `: ${reason}`}`;
}

function outcome({ status, checks }: Predicate<"outcome">): string {
  const [check] = checks;
  if (status === "not_run") return "nothing was changed";
  if (!check?.after) return "not measured";
  const more = checks.length > 1 ? `, and ${checks.length - 1} more` : "";
  return `${check.name}: ${check.before.failed} → ${count(check.after)}${more}`;
}

function count({ failed, total }: Tally): string {
  return `${failed} of ${total}`;
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** One line, short, with every hidden character spelled out: these are the signers' words. */
function cut(text: string): string {
  const line = showHidden(text.slice(0, MAX_WORDS), "title")
    .map((part) => (typeof part === "string" ? part : `⟨${part.code}⟩`))
    .join("");
  return text.length > MAX_WORDS ? `${line}…` : line;
}
