// A reviewer's own version of the call: its arguments in plain editors. A text that the call puts is edited as it is, everything else as JSON. It
// is sent back as a request for changes; the call as edited is rehearsed and comes up for a decision like any other.
import type { RunStory } from "../host/run-story.ts";
import { LIMITS } from "../receipt/index.ts";
import { Role } from "./decision-bar.tsx";
import type { DrawnRound } from "./drawn-round.ts";
import { laidOutJson } from "./laid-out-json.ts";
import type { RefusedDecision } from "./notice.tsx";
import { capital } from "./result-words.ts";
import { plain, Words } from "./shown-text.tsx";
import { barredFrom, cannotSign, type Deciding } from "./who-decides.tsx";

/** Longest text that is offered for editing, in UTF-16 code units. */
const LONGEST = 200_000;

interface EditProps {
  readonly story: RunStory;
  readonly drawn: DrawnRound;
  readonly deciding: Deciding;
  readonly refused: RefusedDecision | null;
}

export function EditFold({ story, drawn, deciding, refused }: EditProps) {
  const { proposal } = drawn.round;
  const isLast = story.policy !== null && proposal.revision >= story.policy.revisions;
  if (barredFrom(deciding, story) || cannotSign(deciding, story) || isLast) return null;
  const fields = fieldsOf(drawn);
  if (fields.some(({ value }) => value.length > LONGEST)) return null;
  const sent = refused?.edit ?? null;
  const mustSign = story.policy?.reviewerKey !== "optional";
  return (
    <details class="fold" id={`edit-${proposal.revision}`} open={sent !== null}>
      <summary>
        Edit it yourself <span class="aside">as a revision of your own</span>
      </summary>
      <form class="edit" method="post" action={`/runs/${story.view.run}/decision`}>
        <input type="hidden" name="proposal" value={proposal.digest} />
        <Role story={story} deciding={deciding} />
        {sent && refused && (
          <p class="edit-fault" id="edit-fault" role="alert">
            <Words text={`${capital(refused.message)}.`} /> Your edit stands here as you sent it.
          </p>
        )}
        {fields.map(({ name, label, value, rows }, i) => (
          <div class="edited">
            <label for={`edit-${i}`}>{label}</label>
            <textarea
              id={`edit-${i}`}
              name={name}
              rows={rows}
              spellcheck={false}
              autocomplete="off"
              aria-describedby={sent ? "edit-fault" : undefined}
              aria-invalid={sent ? "true" : undefined}
              data-proposed={sent ? value : undefined}
            >
              {`\n${sent?.[name] ?? value}`}
            </textarea>
            <div class="diff edit-diff" role="status" aria-label={`What you change: ${label}`} hidden></div>
          </div>
        ))}
        <label for="edit-reason">Why (may stay empty)</label>
        <input
          id="edit-reason"
          type="text"
          name="reason"
          maxlength={LIMITS.reason}
          value={sent ? refused?.reason : undefined}
        />
        <p class="actions">
          <button name="decision" value="request_changes" type="submit">
            {mustSign ? "Sign and send back as edited" : "Send back as edited"}
          </button>
        </p>
      </form>
    </details>
  );
}

interface Field {
  /** `edit` for JSON, `edit:<argument>` for the text of one. */
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly rows: number;
}

function fieldsOf(drawn: DrawnRound): readonly Field[] {
  const { connector, method, args } = drawn.round.action;
  const call = plain(`${connector}.${method}`, "name");
  const text = textArgument(drawn);
  if (!text)
    return [{ name: "edit", label: "Arguments, as JSON", value: laidOutJson(args, "", 0), rows: 12 }];
  const label = `${plain(text.name, "name")} of ${call}`;
  const field = { name: `edit:${text.name}`, label, value: text.value, rows: 12 };
  const { [text.name]: _, ...others } = Object(args) as Record<string, unknown>;
  const count = Object.keys(others).length;
  if (count === 0) return [field];
  return [
    field,
    { name: "edit", label: "Other arguments, as JSON", value: laidOutJson(others, "", 0), rows: count + 2 },
  ];
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
