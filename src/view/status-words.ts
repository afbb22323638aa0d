// What a run's state means in plain words, for the page title and the status line. Each sentence follows from the fold.
import { isSound, resultWords } from "./result-words.ts";
import { plain } from "./shown-text.tsx";
import type { Story } from "./story.ts";

/** Work under way, a human needed, or how it ended. */
export type Tone = "working" | "waiting" | "good" | "quiet" | "bad";

/** `tone` picks the mark beside the sentence and the icon in the tab. `by` goes on with the title: who did it, and why. */
export interface StatusWords {
  readonly title: string;
  readonly by?: string;
  readonly sentence: string;
  readonly tone: Tone;
}

/** Most of somebody's own words that the status repeats; they stand below in full. */
const LONGEST_REASON = 120;

/** Describes where the run is. Never says more than its receipts do. */
export function statusWords(story: Story): StatusWords {
  const { status } = story;
  switch (status) {
    case "investigating":
      return { title: "Investigating", sentence: investigating(story), tone: "working" };
    case "awaiting_decision":
      return {
        title: "Decision needed",
        sentence: "The agent has stopped before a write.",
        tone: "waiting",
      };
    case "executing":
      return { title: "Working", sentence: executing(story), tone: "working" };
    case "completed":
      return completed(story);
    case "rejected":
      return { title: "Rejected", by: rejected(story), sentence: written(story), tone: "quiet" };
    case "expired":
      return { title: "Expired", sentence: `Nobody decided in time. ${written(story)}`, tone: "quiet" };
    case "failed":
      return failed(story);
  }
}

function investigating({ due, rounds }: Story): string {
  if (due === "alert") return "The runtime is measuring the checkout for the alert.";
  if (due === "evidence") return "The agent is looking around, with calls that only read.";
  return rounds.length === 0
    ? "The agent is working out a proposal."
    : "The agent is working out the next proposal.";
}

function executing({ due, rounds }: Story): string {
  if (due === "handoff") return "The outcome is measured; the agent is writing the handoff.";
  if (due === "outcome") return "The runtime is measuring what came of it.";
  const decision = rounds.at(-1)?.round.decision?.statement.predicate.decision;
  return decision === "approve"
    ? "Approved. The runtime is carrying out exactly the approved call."
    : "The runtime is ending the proposal without its write.";
}

function completed({ outcome }: Story): StatusWords {
  const { before, after } = outcome?.receipt.statement.predicate ?? {};
  if (before && after) return resultWords(before, after);
  return { title: "Not resolved", sentence: "The approved call was made.", tone: "bad" };
}

function rejected({ rounds }: Story): string {
  const { reviewer, reason = "" } = rounds.at(-1)?.round.decision?.statement.predicate ?? {};
  const by = reviewer ? ` by ${plain(reviewer.id, "name")}` : "";
  return reason.trim() === "" ? `${by}.` : `${by}: ${inShort(reason)}`;
}

function failed(story: Story): StatusWords {
  const { before, reason = "" } = story.outcome?.receipt.statement.predicate ?? {};
  if (story.rounds.length === 0 && before && isSound(before)) {
    return { ...NOTHING_TO_DO, sentence: "No probe request fails, so nothing was proposed." };
  }
  const told = story.rounds.at(-1)?.round.execution?.statement.predicate.reason || reason;
  const why = told.trim() === "" ? "The run ended without its write." : inShort(told);
  if (story.rounds.length === 0) return { title: "Nothing proposed", sentence: why, tone: "bad" };
  return story.written
    ? { title: "Failed", sentence: `${why} ${written(story)}`, tone: "bad" }
    : { title: "Not written", sentence: why, tone: "bad" };
}

/** The beginning of somebody's words, on one line, as a sentence. */
function inShort(words: string): string {
  const line = words.trim().replace(/\s+/gu, " ");
  const characters = [...line];
  if (characters.length > LONGEST_REASON) return `${characters.slice(0, LONGEST_REASON).join("").trim()} …`;
  return /[.!?…]$/u.test(line) ? line : `${line}.`;
}

/** Of a run that never proposed anything: there was nothing to cure. */
export const NOTHING_TO_DO = { title: "Nothing to do", tone: "quiet" } as const;

function written({ written }: Story): string {
  return written ? "An earlier approved write of this run stands." : "Nothing was written.";
}
