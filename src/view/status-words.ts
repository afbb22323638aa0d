// What a run's state means in plain words: for the title, the tab, the first line of the page and the description of a link to it.
// Each sentence follows from the fold, and none says more than the receipts do.
import type { RunStory, ToldDecision, ToldRound } from "../host/run-story.ts";
import type { Tone } from "./page.tsx";
import { compareChecks, inShort, type Picture, type ResultWords } from "./result-words.ts";
import { plain } from "./shown-text.tsx";

/** `title` says the state in a word or two; of a run that waits, what is asked. `picture` is null until the run has ended. */
export interface StatusWords {
  readonly title: string;
  readonly sentence: string;
  readonly tone: Tone;
  readonly picture: Picture | null;
}

/** Describes where a run is. */
export function statusWords(story: RunStory): StatusWords {
  const { status } = story.view;
  const newest = story.rounds.at(-1);
  switch (status) {
    case "investigating":
      return working(investigating(story));
    case "awaiting_decision":
      return {
        title: newest ? plain(newest.proposal.title, "title") : "A call waits.",
        sentence: "",
        tone: "waiting",
        picture: null,
      };
    case "executing":
      return working(executing(story));
    default:
      return ended(story);
  }
}

/** The words of a link's description: what is asked, or what came of it. */
export function describeStatus(story: RunStory): string {
  const { title, sentence, tone } = statusWords(story);
  const alert = story.alert ? `Alert: ${inShort(story.alert.title)}` : "";
  // The words of others never open it: a preview shows no quotes of ours around them.
  const first = tone === "waiting" ? `Decision needed: ${inShort(title)}` : title;
  return `${first} ${sentence} ${alert}`.replace(/\s+/g, " ").trim();
}

function working([title, sentence]: readonly [string, string]): StatusWords {
  return { title, sentence, tone: "working", picture: null };
}

function investigating({ view, rounds }: RunStory): readonly [string, string] {
  if (view.due === "alert") return ["Starting.", "The runtime takes in the alert."];
  if (view.due === "execution") return ["Changes requested.", "The agent writes the next revision."];
  if (view.due === "preview") return ["Rehearsing.", "The runtime tries out the proposal before it asks."];
  if (rounds.length > 0) return ["Changes requested.", "The agent writes the next revision."];
  return view.due === "evidence"
    ? ["Investigating.", "The agent looks around, with calls that only read."]
    : ["Investigating.", "The agent works out a proposal."];
}

function executing({ view, rounds }: RunStory): readonly [string, string] {
  if (view.due === "outcome") return ["Measuring.", "The runtime measures what came of it."];
  if (view.due === "handoff") return ["Measured.", "The agent hands over."];
  if (view.held)
    return ["Approved, and held back.", `The call waits until ${waitedFor(view.held.waitsFor)}.`];
  const isApproved = settlingOf(rounds.at(-1))?.decision === "approve";
  return isApproved
    ? ["Approved.", "The runtime makes exactly the approved call."]
    : ["Decided.", "The runtime ends the proposal without its call."];
}

function waitedFor(names: readonly string[]): string {
  if (names.length === 0) return "the log has the approval";
  return `the log has the approval and it was seen by those who are asked; missing: ${names.map((name) => plain(name, "name")).join(", ")}`;
}

/** The decision that settled a round: the first that is no approval, or the last approval. */
export function settlingOf(round: ToldRound | undefined): ToldDecision | null {
  return round?.decisions.find(({ decision }) => decision !== "approve") ?? round?.decisions.at(-1) ?? null;
}

function ended(story: RunStory): ResultWords {
  const { rounds, outcome, view } = story;
  const last = rounds.at(-1);
  const isMade = rounds.some(({ execution }) => execution?.status === "executed");
  const measured = outcome ? compareChecks(outcome.checks) : null;
  switch (view.status) {
    case "completed":
      return undone(last, measured) ?? measured ?? made(story);
    case "unknown":
      return {
        title: "It may or may not have happened.",
        sentence: inShort(last?.execution?.reason ?? ""),
        picture: "unknown",
        tone: "bad",
      };
    case "rejected":
      return { ...rejected(last), sentence: earlier(isMade, measured) };
    case "expired":
      return {
        title: "Expired.",
        sentence: `${inShort(last?.execution?.reason || "Nobody decided in time")} ${earlier(isMade, measured)}`,
        picture: "expired",
        tone: "quiet",
      };
    default:
      return last ? notDone(story, last, earlier(isMade, measured)) : nothing(story);
  }
}

/** What was asked for is that an earlier call be undone; what that came to is measured like anything else. */
function undone(last: ToldRound | undefined, measured: ResultWords | null): ResultWords | null {
  return measured && last?.proposal.reverts ? { ...measured, title: "Undone." } : null;
}

function made({ outcome }: RunStory): ResultWords {
  const reason = inShort(outcome?.reason ?? "");
  const sentence = reason === "" ? "The approved call was made. Nothing measures what came of it." : reason;
  return { title: "Done, not measured.", sentence, picture: "unmeasured", tone: "quiet" };
}

function rejected(last: ToldRound | undefined): Pick<ResultWords, "title" | "picture" | "tone"> {
  const decision = settlingOf(last);
  const by = decision ? ` by ${plain(decision.reviewer.id, "name")}` : "";
  const reason = inShort(decision?.reason ?? "");
  const why = reason === "" ? "." : `: ${lower(reason)}`;
  return { title: `Rejected${by}${why}`, picture: "rejected", tone: "quiet" };
}

/** `inShort` writes a sentence; after a colon it goes on small, unless its first word is a name or an abbreviation. */
function lower(sentence: string): string {
  const [first = "", second = ""] = sentence;
  return second === second.toUpperCase() ? sentence : first.toLowerCase() + sentence.slice(first.length);
}

function notDone(story: RunStory, last: ToldRound, earlier: string): ResultWords {
  const { execution } = last;
  if (execution?.status === "withheld") {
    const why = inShort(story.outcome?.reason ?? "");
    return {
      title: "Sent back, and no new proposal.",
      sentence: `${why} ${earlier}`.trim(),
      picture: "nothing",
      tone: "quiet",
    };
  }
  const reason = inShort(execution?.reason || story.outcome?.reason || "The call was not made");
  return { title: "Not done.", sentence: `${reason} ${earlier}`.trim(), picture: "not-done", tone: "bad" };
}

function nothing({ outcome }: RunStory): ResultWords {
  const checks = outcome?.checks ?? [];
  const isFine = checks.length > 0 && checks.every(({ before }) => before.failed === 0);
  const sentence = inShort(outcome?.reason ?? "") || "The run ended without a proposal.";
  return isFine
    ? { title: "Nothing to do.", sentence, picture: "fine", tone: "quiet" }
    : { title: "Nothing proposed.", sentence, picture: "nothing", tone: "bad" };
}

function earlier(isMade: boolean, measured: ResultWords | null): string {
  if (!isMade) return "Nothing was changed.";
  return `An earlier approved call of this run stands. ${measured ? `${measured.title} ${measured.sentence}` : ""}`.trim();
}
