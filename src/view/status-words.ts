// What a run's state means in plain words, for the page title and the status line. Each sentence follows from the fold.
import type { Tally } from "../receipt/index.ts";
import type { Story } from "./story.ts";

/** Work under way, a human needed, or how it ended. */
export type Tone = "working" | "waiting" | "good" | "quiet" | "bad";

/** `tone` picks the mark beside the sentence and the icon in the tab. */
export interface StatusWords {
  readonly title: string;
  readonly sentence: string;
  readonly tone: Tone;
}

/** Describes where the run is. Never says more than its receipts do. */
export function statusWords(story: Story): StatusWords {
  const { status } = story;
  switch (status) {
    case "investigating":
      return { title: "Investigating", sentence: investigating(story), tone: "working" };
    case "awaiting_decision":
      return {
        title: "Decision needed",
        sentence: "The agent has stopped before a write and waits for a human to decide.",
        tone: "waiting",
      };
    case "executing":
      return { title: "Working", sentence: executing(story), tone: "working" };
    case "completed":
      return completed(story);
    case "rejected":
      return {
        title: "Rejected",
        sentence: `A human rejected the proposal. ${written(story)}`,
        tone: "quiet",
      };
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
  return outcome?.receipt.statement.predicate.status === "resolved"
    ? {
        title: "Resolved",
        sentence: "The approved call was made, and no probe request fails any more.",
        tone: "good",
      }
    : {
        title: "Not resolved",
        sentence: "The approved call was made, but the measurement after it is not clean.",
        tone: "bad",
      };
}

function failed(story: Story): StatusWords {
  const before = story.outcome?.receipt.statement.predicate.before;
  if (story.rounds.length === 0 && before && isSound(before)) {
    return { ...NOTHING_TO_DO, sentence: "No probe request fails, so nothing was proposed." };
  }
  return { title: "Failed", sentence: `The run ended without its write. ${written(story)}`, tone: "bad" };
}

/** Of a run that never proposed anything: there was nothing to cure. */
export const NOTHING_TO_DO = { title: "Nothing to do", tone: "quiet" } as const;

export function isSound({ failed, goodFailed }: Tally): boolean {
  return failed === 0 && goodFailed === 0;
}

function written({ written }: Story): string {
  return written ? "An earlier approved write of this run stands." : "Nothing was written.";
}
