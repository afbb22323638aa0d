// A reviewer's own version of the call: its arguments in a plain editor. A file is edited as text, everything else as JSON. It is sent back as
// a request for changes; the call as edited is rehearsed and comes up for a decision like any other.
import type { RunStory } from "../host/run-story.ts";
import { LIMITS } from "../receipt/index.ts";
import type { DrawnRound } from "./drawn-round.ts";
import { laidOutJson } from "./laid-out-json.ts";
import { plain } from "./shown-text.tsx";
import { barredBy, type Deciding } from "./who-decides.tsx";

/** Longest text that is offered for editing, in UTF-16 code units. */
const LONGEST = 200_000;

export function EditFold({
  story,
  drawn,
  deciding,
}: {
  story: RunStory;
  drawn: DrawnRound;
  deciding: Deciding;
}) {
  const { proposal, action } = drawn.round;
  const isLast = story.policy !== null && proposal.revision >= story.policy.revisions;
  if (barredBy(deciding) || isLast) return null;
  const text = textArgument(drawn);
  const value = text?.value ?? laidOutJson(action.args, "", 0);
  if (value.length > LONGEST) return null;
  const label = text
    ? `${plain(text.name, "name")} of ${plain(`${action.connector}.${action.method}`, "name")}`
    : "Arguments, as JSON";
  return (
    <details class="fold" id={`edit-${proposal.revision}`}>
      <summary>
        Edit it yourself <span class="aside">as a revision of your own</span>
      </summary>
      <form class="edit" method="post" action={`/runs/${story.view.run}/decision`}>
        <input type="hidden" name="proposal" value={proposal.digest} />
        <label for="edit">{label}</label>
        <textarea
          id="edit"
          name={text ? `edit:${text.name}` : "edit"}
          rows={12}
          spellcheck={false}
          autocomplete="off"
        >
          {`\n${value}`}
        </textarea>
        <label for="edit-reason">Why (may stay empty)</label>
        <input id="edit-reason" type="text" name="reason" maxlength={LIMITS.reason} />
        <p class="actions">
          <button name="decision" value="request_changes" type="submit">
            Send back as edited
          </button>
        </p>
      </form>
    </details>
  );
}

/**
 * The argument that the call's only diff puts, where it is a text that a form sends back unharmed: a browser writes every line end anew.
 */
function textArgument({ cards, round }: DrawnRound): { name: string; value: string } | null {
  const [card] = cards;
  const { args } = round.action;
  if (cards.length !== 1 || card?.shape !== "diff" || !card.change.isText || card.change.isGone) return null;
  const { after } = card.change;
  if (typeof args !== "object" || args === null || /[\r\0]/.test(after) || !after.includes("\n")) return null;
  const [name] = Object.entries(args).find(([, value]) => value === after) ?? [];
  return name === undefined ? null : { name, value: after };
}
