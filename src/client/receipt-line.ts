// What one receipt says, in a line of the tape. Reads what the receipt claims and believes nothing: whether it holds is the
// verifier's to say, beside the line.

import { type DecodedEnvelope, type Predicate, readStatement, type Tally } from "../receipt/index.ts";
import { showHidden } from "../view/hidden-characters.ts";

/** Longest words of a line; the rest is told by the run's own page. */
const MAX_WORDS = 160;

/** The words of a receipt; null where its payload is no statement. */
export function receiptLine(decoded: DecodedEnvelope): string | null {
  const read = readStatement(decoded.payload);
  return read.ok ? cut(wordsOf(read.value)) : null;
}

type Said = Extract<ReturnType<typeof readStatement>, { ok: true }>["value"];

function wordsOf(said: Said): string {
  switch (said.kind) {
    case "alert":
      return said.statement.predicate.title;
    case "evidence":
      return evidence(said.statement.predicate);
    case "proposal":
      return said.statement.predicate.title;
    case "preview":
      return preview(said.statement.predicate);
    case "decision":
      return decision(said.statement.predicate);
    case "execution":
      return execution(said.statement.predicate);
    case "outcome":
      return outcome(said.statement.predicate);
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
  const changes = first ? `changes ${first.resource}${more}` : "changes what the call says";
  const [check] = checks;
  if (!check) return changes;
  return `${changes}; ${check.rehearsed ? `rehearsed: ${count(check.rehearsed)} fail` : "not rehearsed"}`;
}

const DECIDED = { approve: "approved", reject: "rejected", request_changes: "changes requested" } as const;
const SIGNED = { webauthn: ", with a passkey", ssh: ", with an SSH key" } as const;

function decision({ decision, reviewer, assertion }: Predicate<"decision">): string {
  return `${DECIDED[decision]} by ${reviewer.id}${assertion ? SIGNED[assertion] : ""}`;
}

function execution({ status, reason }: Predicate<"execution">): string {
  const words = {
    executed: "done, once",
    failed: "not done",
    withheld: "nothing was done",
    unknown: "it may or may not have happened",
  }[status];
  return reason === "" ? words : `${words}: ${reason}`;
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
