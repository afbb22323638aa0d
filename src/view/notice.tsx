// Why a decision was not taken, and what to do next. Every refusal starts by saying that nothing was signed.
import type { Story } from "./story.ts";

/** A refusal as the page explains it. `message` is the refusal's own words. */
export interface NoticeProps {
  readonly code: string;
  readonly message: string;
  /** What the reviewer wrote, which was not signed. */
  readonly reason: string;
  readonly story: Story;
}

export function Notice({ code, message, reason, story }: NoticeProps) {
  const { title, next } = explain(code, message, story);
  return (
    <div class="notice" role="alert">
      <h2>{title}</h2>
      <p>
        <b>Nothing was signed.</b> {next}
      </p>
      {reason.trim() !== "" &&
        (story.open ? (
          <p>
            Your words are still in the box.
            {code === "ERR_DECISION_STALE" && " They were about the proposal before."}
          </p>
        ) : (
          <Unsent words={reason} />
        ))}
      <p class="aside">
        <code>{code}</code>
      </p>
      <p>
        {story.open && code === "ERR_DECISION_STALE" && (
          <>
            <a href={`#proposal-${story.rounds.length}`}>Read the current proposal</a>{" "}
          </>
        )}
        {story.open && <a href="#decision">Go to the decision</a>}
        {!story.open && (
          <>
            {story.outcome ? (
              <a href="#outcome">See what came of it</a>
            ) : (
              <a href={`/runs/${story.run}`}>Show the run as it is now</a>
            )}{" "}
            <a href="/">Go to the desk</a>
          </>
        )}
      </p>
    </div>
  );
}

/** Words for which there is no box any more, to be copied. */
function Unsent({ words }: { words: string }) {
  return (
    <>
      <p>You wrote:</p>
      <blockquote class="words">{words}</blockquote>
    </>
  );
}

function explain(code: string, message: string, { open, status }: Story): { title: string; next: string } {
  const revision = open?.round.proposal.statement.predicate.revision;
  switch (code) {
    case "ERR_DECISION_STALE":
      return open
        ? {
            title: "That proposal is no longer the open one",
            next: `This page now shows the current proposal, revision ${revision}. Read it, then decide on that.`,
          }
        : {
            title: "No proposal is open for a decision",
            next: `${status === "expired" ? "The time ran out" : "Somebody has decided already"}. The run below shows what happened.`,
          };
    case "ERR_DECISION_LATE":
      return {
        title: "The time to decide has run out",
        next: "The run ends without its write. To try again, fire the alert again from the desk.",
      };
    case "ERR_DECISION_REASON":
      return {
        title: "Say what to change",
        next: "A request for changes needs words: the agent works from them. Write them into the box and send it again.",
      };
    case "ERR_REVISION_LIMIT":
      return {
        title: "The policy allows no further revision",
        next: "This proposal is the last one. Approve it or reject it.",
      };
    case "ERR_REVIEWER":
      return {
        title: "Somebody else has to decide this",
        next: "The policy asks for a reviewer other than the one who started the run.",
      };
    default:
      return { title: "That decision could not be used", next: `${message}.` };
  }
}
