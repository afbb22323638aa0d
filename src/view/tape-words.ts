// What each receipt says on its run's tape: what any tape says of it, and of a proposal what it changes. The counts of lines come from the
// same diff that the page draws.
import type { ListedReceipt } from "../host/run-api.ts";
import type { RunStory } from "../host/run-story.ts";
import type { DrawnRound } from "./drawn-round.ts";
import { countLines } from "./effect-cards.ts";
import { KIND_WORDS } from "./proof.tsx";
import { receiptWords, resourceName, type Told } from "./receipt-words.ts";
import { plain } from "./shown-text.tsx";

/** A receipt's name and its line, as plain text. */
export interface TapeLine {
  readonly name: string;
  readonly words: string;
}

export function tapeLine(receipt: ListedReceipt, story: RunStory, drawn: readonly DrawnRound[]): TapeLine {
  const { kind, statement, digest } = receipt;
  const name = KIND_WORDS[kind];
  const told = { kind, predicate: statement.predicate } as Told;
  if (told.kind === "proposal") {
    const { revision } = told.predicate;
    const round = drawn.find((one) => one.round.proposal.digest === digest);
    return {
      name: revision > 1 ? `${name}, revision ${revision}` : name,
      words: round ? changeLine(round) : receiptWords(told),
    };
  }
  return { name, words: kind === "handoff" ? handoffLine(story) : receiptWords(told) };
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

function handoffLine({ handoff }: RunStory): string {
  const count = Object.keys(handoff?.resources ?? {}).length;
  if (count === 0) return "the run ends here";
  return `${count} ${count === 1 ? "resource" : "resources"} handed on`;
}
