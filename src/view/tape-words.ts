// What each receipt says, in a line: "checkout.js +6 −0", "approved by alice, with a passkey". A paraphrase of its signed fields; the counts
// of lines come from the same diff that the page draws.

import type { ListedReceipt } from "../host/run-api.ts";
import type { RunStory } from "../host/run-story.ts";
import type { Predicate } from "../receipt/index.ts";
import type { DrawnRound } from "./drawn-round.ts";
import { countLines } from "./effect-cards.ts";
import { compareChecks } from "./result-words.ts";
import { plain, resourceName } from "./shown-text.tsx";

/** A receipt's name and its line, as plain text. */
export interface TapeLine {
  readonly name: string;
  readonly words: string;
}

export function tapeLine(receipt: ListedReceipt, story: RunStory, drawn: readonly DrawnRound[]): TapeLine {
  const { kind, statement, digest } = receipt;
  switch (kind) {
    case "alert":
      return { name: "Alert", words: story.alert ? plain(story.alert.title, "title") : "" };
    case "evidence": {
      const items = story.evidence.find((one) => one.digest === digest)?.items.length ?? 0;
      return { name: "Evidence", words: `${items} ${items === 1 ? "read" : "reads"}, nothing changed` };
    }
    case "proposal": {
      const round = drawn.find((one) => one.round.proposal.digest === digest);
      const revision = round?.round.proposal.revision ?? 1;
      return {
        name: revision > 1 ? `Proposal, revision ${revision}` : "Proposal",
        words: round ? changeLine(round) : "",
      };
    }
    case "preview": {
      const round = drawn.find((one) => one.round.preview?.digest === digest);
      return { name: "Preview", words: previewLine(round) };
    }
    case "decision":
      return { name: "Decision", words: decisionLine(statement.predicate as Predicate<"decision">) };
    case "execution":
      return { name: "Execution", words: executionLine(statement.predicate as Predicate<"execution">) };
    case "outcome":
      return { name: "Outcome", words: outcomeLine(statement.predicate as Predicate<"outcome">) };
    case "handoff":
      return { name: "Handoff", words: handoffLine(story) };
  }
}

function changeLine({ round, cards }: DrawnRound): string {
  const [only] = cards;
  if (!only) return plain(`${round.action.connector}.${round.action.method}`, "name");
  if (cards.length > 1) return `${cards.length} changes${linesOf(cards)}`;
  const resource = plain(resourceName(only.effect.resource), "path");
  if (only.shape === "values") return `${resource} ${only.before ?? "nothing"} → ${only.after ?? "nothing"}`;
  return `${resource}${linesOf(cards)}`;
}

function linesOf(cards: DrawnRound["cards"]): string {
  const counts = countLines(cards);
  return counts ? ` +${counts.added} −${counts.removed}` : "";
}

function previewLine(drawn: DrawnRound | undefined): string {
  const [check] = drawn?.round.preview?.checks ?? [];
  if (check?.rehearsed)
    return `rehearsed: ${check.rehearsed.failed} of ${check.rehearsed.total} ${plain(check.name, "name")}`;
  return drawn?.round.preview?.execution === null
    ? "ready, waits for approval"
    : "script stopped before the call";
}

const DECIDED = { approve: "approved", reject: "rejected", request_changes: "changes requested" } as const;
const SIGNED = { webauthn: ", with a passkey", ssh: ", with an SSH key" } as const;

function decisionLine({ decision, reviewer, assertion, edit }: Predicate<"decision">): string {
  const what = edit === null ? DECIDED[decision] : "edited";
  return `${what} by ${plain(reviewer.id, "name")}${assertion ? SIGNED[assertion] : ""}`;
}

function executionLine({ status, more, recovered }: Predicate<"execution">): string {
  const words = {
    executed: more ? "call made, script asks again" : "call made",
    failed: "call not made: refused or failed",
    withheld: "call not made",
    unknown: "call may have happened",
  };
  return `${words[status]}${recovered ? ", told after a restart" : ""}`;
}

function outcomeLine({ status, checks }: Predicate<"outcome">): string {
  if (status === "not_run") return "nothing was run";
  const result = compareChecks(checks);
  return result ? `${result.title} ${result.sentence}` : "not measured";
}

function handoffLine({ handoff }: RunStory): string {
  const count = Object.keys(handoff?.resources ?? {}).length;
  if (count === 0) return "the run ends";
  return `${count} ${count === 1 ? "resource" : "resources"} handed on`;
}
