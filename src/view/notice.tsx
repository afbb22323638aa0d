// Why a decision was not taken, and what to do next. Every refusal says that nothing was signed.
import type { RunStory } from "../host/run-story.ts";
import { capital } from "./result-words.ts";
import { plain, Words } from "./shown-text.tsx";
import { settlingOf } from "./status-words.ts";

/** A decision that was refused, and the words that came with it. `message` is the refusal's own. */
export interface RefusedDecision {
  readonly code: string;
  readonly message: string;
  readonly reason: string;
  /** The fields of an edit as they were sent, by their names; null where there was none. */
  readonly edit: Readonly<Record<string, string>> | null;
}

export function Notice({ refused, story }: { refused: RefusedDecision; story: RunStory }) {
  const { code, message, reason, edit } = refused;
  const isOpen = story.view.pending !== null;
  const { title, next } = explain(code, message, story);
  return (
    <div class="notice is-bad" role="alert">
      <p>
        <b>{title}</b> Nothing was signed. {next}
      </p>
      {edit && <SentEdit edit={edit} isOpen={isOpen} />}
      {reason.trim() !== "" && isOpen && !edit && <p>Your note is still in the box below.</p>}
      {reason.trim() !== "" && !isOpen && (
        <>
          <p>Your note was not sent; copy it here:</p>
          <blockquote class="words">
            <Words text={reason} />
          </blockquote>
        </>
      )}
      <p class="aside">
        <code>{code}</code>
      </p>
    </div>
  );
}

/** An edit that was not taken, whatever the page offers by now: nothing that a reviewer wrote is lost. */
function SentEdit({ edit, isOpen }: { edit: NonNullable<RefusedDecision["edit"]>; isOpen: boolean }) {
  return (
    <details class="fold" open={!isOpen}>
      <summary>Your edit, as you sent it</summary>
      {Object.entries(edit).map(([name, text]) => (
        <textarea rows={6} readonly spellcheck={false} aria-label={`Your edit: ${plain(name, "name")}`}>
          {`\n${text}`}
        </textarea>
      ))}
    </details>
  );
}

function explain(code: string, message: string, story: RunStory): { title: string; next: string } {
  const revision = story.rounds.at(-1)?.proposal.revision ?? 1;
  switch (code) {
    case "ERR_DECISION_STALE":
      return story.view.pending
        ? {
            title: "That proposal was replaced.",
            next: `This is revision ${revision}: read it, then decide on it.`,
          }
        : { title: alreadyDecided(story), next: "What came of it stands below." };
    case "ERR_DECISION_LATE":
      return { title: "The time to decide is over.", next: "The run ends without its call." };
    case "ERR_DECISION_REASON":
      return { title: "Say what to change.", next: "The agent works from your words." };
    case "ERR_REVISION_LIMIT":
      return { title: "This is the last revision.", next: "Approve it or reject it." };
    case "ERR_REVIEWER":
      return { title: "Somebody else has to decide this.", next: `${capital(message)}.` };
    case "ERR_APPROVALS":
      return { title: "That approval does not count.", next: `${capital(message)}.` };
    case "ERR_ROLE":
      return { title: "You do not hold that role.", next: `${capital(message)}.` };
    case "ERR_EDIT":
      return { title: "That edit cannot be used.", next: `${capital(message)}.` };
    case "ERR_REVIEWER_KEY":
      return {
        title: "Your own key has to sign this.",
        next: `${capital(message)}. Sign with a passkey that is listed for you, or with countersign-review.`,
      };
    case "ERR_ASSERTION":
      return { title: "That signature does not hold.", next: `${capital(message)}. Sign again.` };
    default:
      return { title: "That decision could not be used.", next: `${capital(message)}.` };
  }
}

function alreadyDecided(story: RunStory): string {
  const settled = settlingOf(story.rounds.at(-1));
  if (story.view.status === "expired" || !settled) return "Nothing is open for a decision.";
  const words = { approve: "approved", reject: "rejected", request_changes: "sent back" };
  return `Already decided: ${words[settled.decision]} by ${plain(settled.reviewer.id, "name")}.`;
}
